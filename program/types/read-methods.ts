import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { qualifiedName } from '../dwarf/entries/qualified-name';
import { evaluateNumber } from '../dwarf/location/evaluate-location';
import { demangle } from '../elf/demangle';
import type { FunctionType, Method } from './type';

/** The functions that a class declares: not those that the compiler has made for itself. */
export function readMethods(record: Entry, typeOf: (entry: Entry) => FunctionType): Method[] {
  return record.children.flatMap((entry): Method[] => {
    const { name } = entry;
    if (entry.tag !== Tag.subprogram || name === undefined || entry.flag(At.artificial)) return [];
    return [
      {
        name,
        entry,
        slot: slotOf(entry),
        isStatic: !entry.has(At.object_pointer) && !entry.children.some((each) => each.flag(At.artificial)),
        get text() {
          const symbol = entry.text(At.linkage_name) ?? entry.text(At.MIPS_linkage_name);
          return (symbol && demangle(symbol)) ?? qualifiedName(entry) ?? name;
        },
        get type() {
          return typeOf(entry);
        },
      },
    ];
  });
}

function slotOf(entry: Entry): number | undefined {
  const raw = entry.raw(At.vtable_elem_location);
  if (!raw) return undefined;
  if (!(raw.value instanceof Uint8Array)) return Number(raw.value);
  const slot = evaluateNumber(raw.value, { register: () => undefined, load: () => undefined }, [0n]);
  return slot === undefined ? undefined : Number(slot);
}
