import { decodeFloat, encodeFloat, floatSizes } from '../reals/float-bytes';
import { Quad } from '../reals/quad';
import {
  doubleType,
  floatType,
  intType,
  isFloat,
  isIntegral,
  isSigned,
  longDoubleType,
  longType,
  pointerTo,
  sizeOf,
  unsignedLongType,
  unsignedType,
} from '../types/base-types';
import { type Member, type RecordType, strip, type Type, voidType, withoutTypedefs } from '../types/type';
import { bytesOfNumber, numberOfBytes } from '../values/value-bytes';
import { ExpressionError } from './expression-error';
import type { BinaryOperator } from './syntax';

/** bigint for integers, number for floating point up to double, Quad for long double. */
export type CNumber = bigint | number | Quad;

/** A number of an arithmetic type. */
export interface NumberValue {
  readonly type: Type;
  readonly number: CNumber;
}

/** A whole register, or an address of an assembler's symbol: 64 bits without a sign, which arithmetic keeps. */
export const wordType = { kind: 'base', name: 'unsigned long', size: 8, encoding: 'unsigned' } as const satisfies Type;
/** A register in a C program: as gdb's, a long; shown as a register is. */
export const registerType = { kind: 'base', name: 'long', size: 8, encoding: 'signed' } as const satisfies Type;

/** The registers that hold an address, as gdb types them: pc and ra of code, in C++ and in C, sp, gp, tp and s0 of data. */
export const codeAddressType = pointerTo({ kind: 'function', result: voidType, parameters: [], isVariadic: false, isPrototyped: true });
export const codeAddressTypeOfC = pointerTo({ kind: 'function', result: voidType, parameters: [], isVariadic: false, isPrototyped: false });
export const dataAddressType = pointerTo(voidType);

export function isAddressType(type: Type): boolean {
  return type === codeAddressType || type === codeAddressTypeOfC || type === dataAddressType;
}

/** f0-f31 as gdb types them in C++ and in C. An operator takes the one of the two that the register holds. */
export const floatRegisterType = floatRegister(true);
export const floatRegisterTypeOfC = floatRegister(false);

export function isFloatRegisterType(type: Type): boolean {
  return type === floatRegisterType || type === floatRegisterTypeOfC;
}

function floatRegister(isCplusplus: boolean): RecordType {
  const member = (name: string, type: Type): Member => ({ name, type, offset: 0, isBase: false, access: 'public' });
  const members = [member('float', floatType), member('double', doubleType)];
  const nothingElse = { methods: [], typedefs: [], templateTypes: [], isIncomplete: false, isByAddress: false };
  return { kind: 'record', keyword: 'union', name: 'riscv_double', isCplusplus, size: 8, members, ...nothingElse };
}

/** The number that bytes of a type hold. `bits` counts those of a bit-field. */
export function decodeNumber(type: Type, bytes: Uint8Array, bits?: number): CNumber {
  if (isFloat(type)) return decodeFloat(bytes.subarray(0, knownFloatSize(bytes.length)));
  const value = numberOfBytes(bytes);
  return isSigned(type) ? BigInt.asIntN(bits ?? 8 * bytes.length, value) : value;
}

/** The bytes of a number in a type, converted as C does. */
export function encodeNumber({ number }: NumberValue, type: Type): Uint8Array {
  const size = sizeOf(type) ?? 8;
  if (isFloat(type)) return encodeFloat(number, knownFloatSize(size));
  const bare = strip(type);
  if (bare.kind === 'base' && bare.encoding === 'boolean') return bytesOfNumber(isZero(number) ? 0n : 1n, size);
  return bytesOfNumber(integerOf(number, size >= 8 && !isSigned(type)), size);
}

function knownFloatSize(size: number): number {
  if (!floatSizes.has(size)) throw new ExpressionError(`A floating-point number of ${size} bytes is not known`);
  return size;
}

/** What C leaves undefined is as gdb has it: the nearest whole number of 64 bits with a sign, whose low bits then count. */
function integerOf(number: CNumber, isUnsigned: boolean): bigint {
  if (typeof number === 'bigint') return number;
  const double = toDouble(number);
  if (Number.isNaN(double)) return leastLong;
  if (!Number.isFinite(double)) return double > 0 ? mostLong : leastLong;
  const whole = number instanceof Quad ? number.toInteger() : BigInt(Math.trunc(number));
  if (whole < leastLong) return leastLong;
  return whole > mostLong && !(isUnsigned && whole < 1n << 64n) ? mostLong : whole;
}

const mostLong = (1n << 63n) - 1n;
const leastLong = -(1n << 63n);

export function toDouble(number: CNumber): number {
  return number instanceof Quad ? number.toNumber() : Number(number);
}

export function isZero(number: CNumber): boolean {
  return number instanceof Quad ? number.isZero : number === 0n || number === 0;
}

export function negated(number: CNumber): CNumber {
  return number instanceof Quad ? number.negated : -number;
}

/** A number wrapped into its type. */
export function convertNumber(value: NumberValue, type: Type): NumberValue {
  return { type, number: decodeNumber(type, encodeNumber(value, type)) };
}

/** C's integer promotions (C17, 6.3.1.1): what fits into an int becomes one. */
export function promoted(value: NumberValue, bits?: number): NumberValue {
  if (!isIntegral(value.type)) return value;
  const size = sizeOf(value.type) ?? 8;
  if (size > 4 || value.type === wordType) return value;
  const fits = size < 4 || isSigned(value.type) || (bits !== undefined && bits < 32);
  return { type: fits ? intType : unsignedType, number: value.number };
}

/** As gdb promotes the operand of `-`, `+`, `~` and what is shifted: what is as wide as an int keeps its type, an enumeration too. */
export function promotedAlone(value: NumberValue, bits?: number): NumberValue {
  if (bits !== undefined || (sizeOf(value.type) ?? 8) !== 4) return promoted(value, bits);
  return isIntegral(value.type) ? { type: withoutTypedefs(value.type), number: value.number } : value;
}

/** C's usual arithmetic conversions (C17, 6.3.1.8); as gdb has it, of 64 bits is a long. */
export function commonType(left: Type, right: Type): Type {
  if (isFloat(left) || isFloat(right)) {
    const size = Math.max(floatSize(left), floatSize(right));
    if (size < 4) return strip(floatSize(left) === size ? left : right);
    return size > 8 ? longDoubleType : size > 4 ? doubleType : floatType;
  }
  if (left === wordType || right === wordType) return wordType;
  const [leftSize, rightSize] = [sizeOf(left) ?? 8, sizeOf(right) ?? 8];
  const size = Math.max(leftSize, rightSize);
  const isUnsigned = (!isSigned(left) && leftSize === size) || (!isSigned(right) && rightSize === size);
  if (size > 8) return leftSize > rightSize ? left : right;
  if (size > 4) return isUnsigned ? unsignedLongType : longType;
  return isUnsigned ? unsignedType : intType;
}

function floatSize(type: Type): number {
  return isFloat(type) ? (sizeOf(type) ?? 8) : 0;
}

const comparisons: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '>', '<=', '>=']);

export function isComparison(operator: BinaryOperator): boolean {
  return comparisons.has(operator);
}

/** An operator on two numbers, of their common type, or of int for a comparison. Throws ExpressionError where C has no result. */
export function operate(operator: BinaryOperator, left: NumberValue, right: NumberValue): NumberValue {
  if (operator === '<<' || operator === '>>') return shift(operator, promotedAlone(left), right);
  const type = commonType(promoted(left).type, promoted(right).type);
  const a = convertNumber(promoted(left), type).number;
  const b = convertNumber(promoted(right), type).number;
  if (isComparison(operator)) return { type: intType, number: compare(operator, a, b) ? 1n : 0n };
  const result =
    typeof a === 'bigint'
      ? onIntegers(operator, a, b as bigint)
      : a instanceof Quad
        ? onQuads(operator, a, b as Quad)
        : onFloats(operator, a, b as number);
  return convertNumber({ type, number: result }, type);
}

export function compare(operator: BinaryOperator, a: CNumber, b: CNumber): boolean {
  if (a instanceof Quad && b instanceof Quad) {
    const order = a.compareTo(b);
    return order === undefined ? operator === '!=' : compare(operator, order, 0);
  }
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    default:
      return a >= b;
  }
}

function shift(operator: '<<' | '>>', left: NumberValue, right: NumberValue): NumberValue {
  if (typeof left.number !== 'bigint' || typeof right.number !== 'bigint') throw new ExpressionError('A shift takes integers');
  // What C leaves undefined shifts everything out, as gdb does.
  const count = right.number < 0n || right.number > 255n ? 255n : right.number;
  const number = operator === '<<' ? left.number << count : left.number >> count;
  return convertNumber({ type: left.type, number }, left.type);
}

function onIntegers(operator: BinaryOperator, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      if (b === 0n) throw new ExpressionError('Division by zero');
      return operator === '/' ? a / b : a % b;
  }
}

function onFloats(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      throw new ExpressionError(`"${operator}" takes integers`);
  }
}

function onQuads(operator: BinaryOperator, a: Quad, b: Quad): Quad {
  switch (operator) {
    case '+':
      return a.plus(b);
    case '-':
      return a.minus(b);
    case '*':
      return a.times(b);
    case '/':
      return a.dividedBy(b);
    default:
      throw new ExpressionError(`"${operator}" takes integers`);
  }
}
