import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import type { Access } from './type';

/** Who may name a member of a class or a base of it. What the compiler has made for itself is private, as gdb has it. */
export function accessOf(entry: Entry): Access {
  if (entry.tag === Tag.member && entry.flag(At.artificial)) return 'private';
  const stated = entry.number(At.accessibility);
  if (stated !== undefined) return accesses[stated - 1] ?? 'public';
  return entry.parent?.tag === Tag.class_type ? 'private' : 'public';
}

/** DW_ACCESS_public and those after it (DWARF 5, section 7.9). */
const accesses: readonly Access[] = ['public', 'protected', 'private'];
