import { At, Form, Tag } from './constants';
import type { Entry } from './entry';
import { orNothing } from './or-nothing';
import { rangesOf } from './ranges';
import type { Unit } from './unit';

/** What gdb asks of a whole unit before it believes where its functions and blocks start. */
export interface BlockFacts {
  /** Some function, or some block in one, has code in several pieces. */
  readonly hasSplitBlocks: boolean;
  /** GCC says where variables are at each address, so that they are known in prologues too (dwarf2/read.c, `locations_valid`). */
  readonly hasValidLocations: boolean;
}

const known = new WeakMap<Unit, BlockFacts>();

export function blockFacts(unit: Unit): BlockFacts {
  let facts = known.get(unit);
  if (!facts) {
    facts = orNothing(() => read(unit)) ?? { hasSplitBlocks: false, hasValidLocations: false };
    known.set(unit, facts);
  }
  return facts;
}

function read(unit: Unit): BlockFacts {
  const isGcc = /^GNU (?!AS)/.test(unit.root.text(At.producer) ?? '');
  let hasSplitBlocks = false;
  let hasValidLocations = false;
  const pending: Entry[] = [unit.tree];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    hasSplitBlocks ||= blocks.has(entry.tag) && entry.has(At.ranges) && rangesOf(entry).length > 1;
    hasValidLocations ||= isGcc && hasLocationList(entry);
    pending.push(...entry.children);
  }
  return { hasSplitBlocks, hasValidLocations };
}

function hasLocationList(entry: Entry): boolean {
  if (entry.tag !== Tag.variable && entry.tag !== Tag.formal_parameter) return false;
  return entry.has(At.location) && lists.has(entry.raw(At.location)?.form ?? 0);
}

const blocks: ReadonlySet<number> = new Set([Tag.subprogram, Tag.lexical_block, Tag.inlined_subroutine]);
/** Before DWARF 4 a list's offset was a constant. */
const lists: ReadonlySet<number> = new Set([Form.sec_offset, Form.loclistx, Form.data4, Form.data8]);
