import { pointerTo, sizeOf } from '../types/base-types';
import { type ArrayType, type Member, strip } from '../types/type';
import { addressOf, inMemory, partOf, type Value, type ValueMemory } from './value';
import { numberOfBytes, readBytes } from './value-bytes';

/** A member of a record; undefined where what it is in cannot be told. */
export function memberValue(record: Value, member: Member, memory: ValueMemory): Value | undefined {
  const { type, offset, bits, staticEntry, dynamicOffset } = member;
  if (staticEntry) return memory.staticMember(staticEntry);
  if (bits) return { ...partOf(record, type, 0), ...bitField(record, bits.offset), bits: bits.size };
  if (offset !== undefined) return partOf(record, type, offset);
  const address = addressOf(record);
  const place =
    dynamicOffset && address !== undefined ? memory.dynamicOffset(dynamicOffset.entry, dynamicOffset.expression, address) : undefined;
  return place === undefined ? undefined : inMemory(type, place);
}

function bitField(record: Value, offset: number): Pick<Value, 'location' | 'from'> {
  return { location: record.location, from: record.from + offset };
}

export function elementOf(array: Value, type: ArrayType, index: number): Value {
  return partOf(array, type.element, index * (sizeOf(type.element) ?? 0));
}

/** What a pointer or reference points to; undefined where its own value is not known. */
export function targetOf(pointer: Value, memory: ValueMemory): Value | undefined {
  const type = strip(pointer.type);
  if (type.kind !== 'pointer') return undefined;
  const { location } = pointer;
  if (location.kind === 'pointer') {
    const target = memory.implicitTarget(location.die);
    return target && partOf(target, type.target, Number(BigInt.asIntN(64, location.offset)));
  }
  const result = readBytes(pointer, memory);
  return 'missing' in result ? undefined : inMemory(type.target, numberOfBytes(result.bytes));
}

/** The value with references followed: what C++ calls by the reference's name. */
export function dereferenced(value: Value, memory: ValueMemory): Value {
  const type = strip(value.type);
  if (type.kind !== 'pointer' || type.flavour === '*' || type.flavour === 'member') return value;
  return targetOf(value, memory) ?? { type: type.target, location: { kind: 'missing', reason: 'optimized out' }, from: 0 };
}

/** An array as the pointer to its first element; any other value as it is. */
export function decayed(value: Value): { value: Value; address?: bigint } {
  const type = strip(value.type);
  const address = addressOf(value);
  if (type.kind !== 'array' || address === undefined) return { value };
  return { value: { ...value, type: pointerTo(type.element) }, address };
}
