import { type RecordType, strip } from '../types/type';
import { memberValue } from '../values/parts';
import type { Value, ValueMemory } from '../values/value';

const deepest = 50;
/** A virtual base is found through the object's memory. */
export const unknownBase = { kind: 'missing', reason: 'The virtual base of the object cannot be found in memory' } as const;

/** The member of that name of a record: its own, else of its anonymous members and its bases. `Base::name` chooses among bases. */
export function findMember(record: Value, type: RecordType, name: string, memory: ValueMemory, depth = 0): Value | undefined {
  if (depth > deepest) return undefined;
  const plain = name.replace(/^.*::/, '');
  const scope = name.slice(0, Math.max(0, name.length - plain.length - 2));
  const isScopeOfRecord = scope === '' || type.name === scope || type.name?.endsWith(`::${scope}`);
  const own = isScopeOfRecord ? type.members.find((member) => !member.isBase && member.name === plain) : undefined;
  if (own) return memberValue(record, own, memory);
  const rest = isScopeOfRecord ? plain : name;
  for (const member of type.members) {
    const inner = strip(member.type);
    if (inner.kind !== 'record' || (!member.isBase && member.name !== undefined)) continue;
    const part = memberValue(record, member, memory) ?? { type: member.type, location: unknownBase, from: 0 };
    const found = findMember(part, inner, member.isBase ? rest : plain, memory, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** A static member of a class or of its bases. */
export function findStaticMember(type: RecordType, name: string, memory: ValueMemory, depth = 0): Value | undefined {
  if (depth > deepest) return undefined;
  const own = type.members.find((member) => member.staticEntry && member.name === name);
  if (own?.staticEntry) return memory.staticMember(own.staticEntry);
  for (const member of type.members) {
    const base = strip(member.type);
    const found = member.isBase && base.kind === 'record' ? findStaticMember(base, name, memory, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}
