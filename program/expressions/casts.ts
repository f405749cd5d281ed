import { isFloat, isScalar, sizeOf } from '../types/base-types';
import { type PointerType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { addressOf, inMemory, ofBytes, type Value } from '../values/value';
import { bytesOfNumber } from '../values/value-bytes';
import { basePart, castAddress, isSameType } from './base-casts';
import { complexType } from './complex';
import { doubleword } from './methods';
import { described, fail, type Operands, pointerValue } from './operands';
import type { TypeNames } from './syntax';
import { vectorType } from './vectors';

/** A value as one of another type: C's casts, and C++'s. */
export function castTo(value: Value, type: Type, operands: Operands, at: number): Value {
  const target = strip(type);
  const source = operands.held(operands.referred(value));
  if (target.kind === 'void') return { ...source, type };
  if (target.kind === 'pointer' && isReference(target)) return castReference(source, target, operands, at);
  // A pointer stays as lost as it was.
  if (target.kind === 'pointer' && source.location.kind === 'missing' && strip(source.type).kind === 'pointer') return { ...source, type };
  if (isReinterpreted(source.type, type)) return reinterpreted(operands.decayed(source), type, operands, at);
  if (isScalar(type) || complexType(type) || vectorType(type)) {
    return ofBytes(type, operands.bytesFor(type, source, at));
  }
  const base = basePart(source, type, operands.memory);
  if (base) return base;
  if (target.kind !== 'array' && typeName(strip(source.type)) === typeName(target)) return { ...source, type };
  if (target.kind === 'record' && strip(source.type).kind !== 'record') return reinterpreted(operands.decayed(source), type, operands, at);
  if (addressOf(source) !== undefined && sizeOf(type) !== undefined) return { ...source, type };
  return fail(`It cannot be cast to ${typeName(type)}`, at);
}

/** What C converts to no number of the type, and gdb takes the bits of: structs and vectors, pointers as floats, floats as pointers. */
function isReinterpreted(from: Type, to: Type): boolean {
  const { kind } = strip(from);
  if (!isScalar(to)) return false;
  if (isFloat(from)) return strip(to).kind === 'pointer';
  const isAddress = kind === 'pointer' || kind === 'function' || kind === 'array';
  return kind === 'record' || vectorType(from) !== undefined || (isFloat(to) && isAddress);
}

/** The bits of a value of the same size, or those at its place in memory. */
function reinterpreted(source: Value, type: Type, operands: Operands, at: number): Value {
  const isPlaced = addressOf(source) !== undefined && source.bits === undefined;
  if (!isPlaced && sizeOf(source.type) !== sizeOf(type)) return fail(`${described(source.type)} cannot be cast to ${typeName(type)}`, at);
  return ofBytes(type, operands.bytes(isPlaced ? { ...source, type } : source, at));
}

/** C++'s dynamic_cast: by the class that the object was made of, which its virtual table tells. */
export function dynamicCast(value: Value, type: Type, names: TypeNames, operands: Operands, at: number): Value {
  const target = strip(type);
  const source = operands.referred(value);
  const from = strip(source.type);
  if (target.kind !== 'pointer') return fail('dynamic_cast makes a pointer or a reference', at);
  const isPointer = target.flavour === '*';
  const address = isPointer && from.kind === 'pointer' ? operands.address(source, at) : isPointer ? undefined : addressOf(source);
  const object = strip(isPointer && from.kind === 'pointer' ? from.target : source.type);
  if (address === undefined || object.kind !== 'record') return fail(`dynamic_cast takes no ${described(source.type)}`, at);
  if (address === 0n) return pointerTo(target, type, 0n);
  const table = doubleword(address, operands.memory);
  const name = /^<vtable for (.+?)(?:\+\d+)?>$/.exec(operands.memory.describe(table) ?? '')?.[1];
  const whole = name === undefined ? undefined : names.typeNamed(name);
  if (!whole) return fail(`The class of the object at 0x${address.toString(16)} cannot be told by its virtual table`, at);
  const start = address + BigInt.asIntN(64, doubleword(table - 16n, operands.memory));
  const wanted = strip(target.target);
  if (wanted.kind === 'void' || isSameType(wanted, whole)) return pointerTo(target, type, start);
  const part = basePart(inMemory(whole, start), wanted, operands.memory);
  const place = part && addressOf(part);
  if (place !== undefined) return pointerTo(target, type, place);
  if (isPointer) return pointerTo(target, type, 0n);
  return fail(`The object is of the class ${name}, which has no base ${typeName(wanted)}`, at);
}

/** What a cast to a reference refers to. */
function castReference(source: Value, type: PointerType, operands: Operands, at: number): Value {
  const base = basePart(source, type.target, operands.memory);
  const address = addressOf(base ?? source);
  if (address === undefined) return base ?? fail('Only an object in memory can be referred to', at);
  return pointerTo(type, type, base ? address : castAddress(address, source.type, type.target, operands.memory));
}

function pointerTo({ target, flavour }: PointerType, type: Type, address: bigint): Value {
  return flavour === '*' ? { ...pointerValue(target, address), type } : ofBytes(type, bytesOfNumber(address, 8));
}

function isReference({ flavour }: PointerType): boolean {
  return flavour === '&' || flavour === '&&';
}
