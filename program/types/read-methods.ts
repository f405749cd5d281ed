import { demangle } from '../demangle/demangle';
import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { qualifiedName } from '../dwarf/entries/qualified-name';
import { evaluateNumber } from '../dwarf/location/evaluate-location';
import { accessOf } from './access';
import { type FunctionType, type Method, strip, type Type } from './type';

interface Reader {
  typeOf(entry: Entry): Type;
  functionType(entry: Entry): FunctionType;
}

/**
 * The functions that a class declares, those of one name together: not those that the compiler has made for itself, which only have a part
 * in the order.
 */
export function readMethods(record: Entry, reader: Reader): Method[] {
  const all = record.children.filter(({ tag }) => tag === Tag.subprogram);
  const names = new Map<string | undefined, Entry[]>();
  for (const entry of all) {
    const same = names.get(entry.name);
    if (same) same.push(entry);
    else names.set(entry.name, [entry]);
  }
  return [...names.values()].flat().flatMap((entry): Method[] => {
    const { name } = entry;
    if (name === undefined || entry.flag(At.artificial)) return [];
    return [
      {
        name,
        entry,
        slot: slotOf(entry),
        isStatic: !entry.has(At.object_pointer) && !entry.children.some((each) => each.flag(At.artificial)),
        isConstructor: name.startsWith('~') || isConstructor(name, record.name ?? ''),
        access: accessOf(entry),
        get object() {
          const first = entry.children.find((each) => each.tag === Tag.formal_parameter);
          const self = first?.flag(At.artificial) ? strip(reader.typeOf(first)) : undefined;
          return self?.kind === 'pointer' ? self.target : undefined;
        },
        get parameters() {
          return entry.children
            .filter((each) => each.tag === Tag.formal_parameter && !each.flag(At.artificial))
            .map((each) => reader.typeOf(each));
        },
        get text() {
          const symbol = entry.text(At.linkage_name) ?? entry.text(At.MIPS_linkage_name);
          return (symbol && demangle(symbol)) ?? qualifiedName(entry) ?? name;
        },
        get type() {
          return reader.functionType(entry);
        },
      },
    ];
  });
}

/** It has the class's name, which may have template arguments. */
function isConstructor(name: string, className: string): boolean {
  return className.startsWith(name) && (className.length === name.length || className[name.length] === '<');
}

function slotOf(entry: Entry): number | undefined {
  const raw = entry.raw(At.vtable_elem_location);
  if (!raw) return undefined;
  if (!(raw.value instanceof Uint8Array)) return Number(raw.value);
  const slot = evaluateNumber(raw.value, { register: () => undefined, load: () => undefined }, [0n]);
  return slot === undefined ? undefined : Number(slot);
}
