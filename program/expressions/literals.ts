import {
  arrayOf,
  char16Type,
  char32Type,
  charType,
  intType,
  longLongType,
  longType,
  sizeOf,
  unsignedLongLongType,
  unsignedLongType,
  unsignedType,
  wideCharType,
} from '../types/base-types';
import type { BaseType, Type } from '../types/type';
import { ofBytes, type Value } from '../values/value';
import { bytesOfNumber } from '../values/value-bytes';
import type { NumberValue } from './numbers';

/** C's type of an integer literal (C17, 6.4.4.1). */
export function integerLiteral(value: bigint, suffix: string, isDecimal: boolean): NumberValue {
  const isUnsigned = suffix.includes('u');
  const isLong = suffix.includes('l');
  const isLongLong = suffix.includes('ll');
  const canBeUnsigned = isUnsigned || !isDecimal;
  if (!isLong && !isUnsigned && value < 1n << 31n) return { type: intType, number: value };
  if (!isLong && canBeUnsigned && value < 1n << 32n) return { type: unsignedType, number: value };
  if (!isUnsigned && value < 1n << 63n) return { type: isLongLong ? longLongType : longType, number: value };
  return { type: isLongLong ? unsignedLongLongType : unsignedLongType, number: BigInt.asUintN(64, value) };
}

/** The type of a literal's characters by its prefix (C17, 6.4.4.4 and 6.4.5). */
export function characterType(prefix: string): BaseType {
  return { L: wideCharType, u: char16Type, U: char32Type }[prefix] ?? charType;
}

export function stringLiteral(text: string, type: Type): Value {
  const size = sizeOf(type) ?? 1;
  const units = size === 2 ? [...text].flatMap((each) => Array.from(each, (_, index) => each.charCodeAt(index))) : codePoints(text);
  const bytes =
    size === 1
      ? new TextEncoder().encode(`${text}\0`)
      : Uint8Array.from([...units, 0].flatMap((unit) => [...bytesOfNumber(BigInt(unit), size)]));
  return ofBytes(arrayOf(type, bytes.length / size), bytes);
}

function codePoints(text: string): number[] {
  return Array.from(text, (each) => each.codePointAt(0)!);
}
