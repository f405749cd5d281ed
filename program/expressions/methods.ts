import type { Method, RecordType } from '../types/type';
import { strip } from '../types/type';
import { addressOf, inMemory, type Value, type ValueMemory } from '../values/value';
import { numberOfBytes } from '../values/value-bytes';
import { asClass } from './base-casts';
import { ExpressionError } from './expression-error';

/** A function that a class or one of its bases declares. */
export interface FoundMethod {
  readonly method: Method;
  /** Which of the two it is, and its distance in bytes, which of a virtual base the object alone tells. */
  readonly holder: RecordType;
  readonly offset: number | undefined;
}

const deepest = 50;

/** The functions of that name: those of the class, or else of the first of its bases that has one (C++17, "Member name lookup"). */
export function methodsNamed(record: RecordType, name: string, depth = 0): readonly FoundMethod[] {
  if (depth > deepest) return [];
  const own = record.methods.filter((each) => each.name === name);
  if (own.length > 0) return own.map((method) => ({ method, holder: record, offset: 0 }));
  for (const { isBase, offset, type } of record.members) {
    const base = strip(type);
    if (!isBase || base.kind !== 'record') continue;
    const found = methodsNamed(base, name, depth + 1);
    const distance = (inner: number | undefined) => (offset === undefined || inner === undefined ? undefined : offset + inner);
    if (found.length > 0) return found.map((each) => ({ ...each, offset: distance(each.offset) }));
  }
  return [];
}

/** The part of an object that is of the class that declares a function. */
export function objectOf(object: Value, { holder }: FoundMethod, memory: ValueMemory): Value | undefined {
  return asClass(object, holder, memory);
}

/** What is called on that part: of a virtual function what the whole object's class has. Undefined where it has no code. */
export function methodOf(object: Value, method: Method, memory: ValueMemory): Value | undefined {
  const address = addressOf(object);
  if (method.slot === undefined || address === undefined) return memory.method(method.entry);
  return inMemory(method.type, virtualFunction(address, 8 * method.slot, memory));
}

/** Virtual tables start with what their objects' first doublewords point to (Itanium C++ ABI, section 2.5). */
export function virtualFunction(object: bigint, offset: number, memory: ValueMemory): bigint {
  const table = doubleword(object, memory);
  return doubleword(table + BigInt(offset), memory);
}

export function doubleword(address: bigint, memory: ValueMemory): bigint {
  const place = BigInt.asUintN(64, address);
  const bytes = memory.read(place, 8);
  if (bytes.length < 8) throw new ExpressionError(`Cannot access memory at address 0x${place.toString(16)}`);
  return numberOfBytes(bytes);
}
