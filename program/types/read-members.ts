import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { evaluateNumber } from '../dwarf/location/evaluate-location';
import { accessOf } from './access';
import { sizeOf } from './base-types';
import type { BitField, Member, Type } from './type';

/** The members of a record, its bases among them, in the order of the entries. */
export function readMembers(record: Entry, typeOf: (entry: Entry) => Type): Member[] {
  return record.children.flatMap((entry): Member[] => {
    const base = { type: typeOf(entry), access: accessOf(entry) };
    switch (entry.tag) {
      case Tag.inheritance:
        return [{ ...base, name: undefined, isBase: true, isVirtual: (entry.number(At.virtuality) ?? 0) > 0, ...offsetOf(entry) }];
      case Tag.member: {
        if (isStatic(entry)) return [{ ...base, name: entry.name, offset: undefined, isBase: false, staticEntry: entry }];
        const bits = bitsOf(entry, typeOf);
        return [{ ...base, name: entry.name, isBase: false, ...offsetOf(entry), bits }];
      }
      case Tag.variable:
        return [{ ...base, name: entry.name, offset: undefined, isBase: false, staticEntry: entry }];
      default:
        return [];
    }
  });
}

/** Before DWARF 5 a static member is a member that is declared and external. */
function isStatic(entry: Entry): boolean {
  return entry.flag(At.external) && entry.flag(At.declaration);
}

function offsetOf(entry: Entry): Pick<Member, 'offset' | 'dynamicOffset'> {
  const raw = entry.raw(At.data_member_location);
  if (!raw) return { offset: 0 };
  if (!(raw.value instanceof Uint8Array)) return { offset: Number(raw.value) };
  const nowhere = { register: () => undefined, load: () => undefined };
  const fixed = evaluateNumber(raw.value, nowhere, [0n]);
  return fixed === undefined ? { offset: undefined, dynamicOffset: { entry, expression: raw.value } } : { offset: Number(fixed) };
}

/** DWARF 4 and 5 count from the start of the record; DWARF 2 and 3 from the high end of a storage unit (DWARF 3, section 5.5.6). */
function bitsOf(entry: Entry, typeOf: (entry: Entry) => Type): BitField | undefined {
  const size = entry.number(At.bit_size);
  if (size === undefined) return undefined;
  const fromStart = entry.number(At.data_bit_offset);
  const byteOffset = offsetOf(entry).offset ?? 0;
  if (fromStart !== undefined) return { offset: fromStart, size };
  const fromEnd = entry.number(At.bit_offset);
  if (fromEnd === undefined) return { offset: 8 * byteOffset, size };
  const storage = 8 * (entry.number(At.byte_size) ?? sizeOf(typeOf(entry)) ?? 0);
  return { offset: 8 * byteOffset + storage - fromEnd - size, size };
}
