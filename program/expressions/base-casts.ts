import { type RecordType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { memberValue } from '../values/parts';
import { addressOf, inMemory, type Value, type ValueMemory } from '../values/value';

const deepest = 50;

/** The part of an object that is a base of its class, also of a base; undefined where its class has none of that type. */
export function basePart(object: Value, wanted: Type, memory: ValueMemory, depth = 0): Value | undefined {
  const type = strip(object.type);
  if (type.kind !== 'record' || depth > deepest) return undefined;
  for (const member of type.members) {
    if (!member.isBase) continue;
    const part = memberValue(object, member, memory);
    if (!part) continue;
    const found = isSameType(member.type, wanted) ? part : basePart(part, wanted, memory, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** An object as one of a class: itself, or the part that is a base of its class. Undefined where it is neither. */
export function asClass(object: Value, wanted: Type, memory: ValueMemory): Value | undefined {
  return isSameType(object.type, wanted) ? object : basePart(object, wanted, memory);
}

/** Whether a type is a base of a class, also of a base. */
export function isBaseOf(wanted: Type, type: Type, depth = 0): boolean {
  const record = strip(type);
  if (record.kind !== 'record' || depth > deepest) return false;
  return record.members.some((each) => each.isBase && (isSameType(each.type, wanted) || isBaseOf(wanted, each.type, depth + 1)));
}

/** Where a pointer to one class points once it is cast to another: to its base, or to what it is a base of. The null pointer stays so. */
export function castAddress(address: bigint, from: Type, to: Type, memory: ValueMemory): bigint {
  const [source, target] = [strip(from), strip(to)];
  if (address === 0n || source.kind !== 'record' || target.kind !== 'record' || isSameType(source, target)) return address;
  const base = basePart(inMemory(source, address), target, memory);
  if (base) return addressOf(base) ?? address;
  return address - BigInt(offsetOfBase(target, source) ?? 0);
}

/** Bytes from the start of a class to a base that is not virtual. */
function offsetOfBase(type: RecordType, wanted: Type, depth = 0): number | undefined {
  for (const { isBase, offset, type: each } of depth > deepest ? [] : type.members) {
    const base = strip(each);
    if (!isBase || offset === undefined || base.kind !== 'record') continue;
    const inner = isSameType(base, wanted) ? 0 : offsetOfBase(base, wanted, depth + 1);
    if (inner !== undefined) return offset + inner;
  }
  return undefined;
}

export function isSameType(a: Type, b: Type): boolean {
  return typeName(strip(a)) === typeName(strip(b));
}
