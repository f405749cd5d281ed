import { doubleType, floatType, intType, longDoubleType, longType, sizeOf } from '../types/base-types';
import { type BaseType, strip, type Type } from '../types/type';
import { ofBytes, type Value } from '../values/value';
import { ExpressionError } from './expression-error';
import {
  type CNumber,
  commonType,
  compare,
  convertNumber,
  decodeNumber,
  encodeNumber,
  isZero,
  type NumberValue,
  negated,
  operate,
} from './numbers';
import type { BinaryOperator, UnaryOperator } from './syntax';

/** A complex number, whose parts are of one type. */
export interface Complex {
  readonly type: BaseType;
  readonly real: CNumber;
  readonly imaginary: CNumber;
}

export function complexType(type: Type): BaseType | undefined {
  const bare = strip(type);
  return bare.kind === 'base' && (bare.encoding === 'complex' || bare.encoding === 'complex-integer') ? bare : undefined;
}

/** The type of the two parts. */
export function partType({ encoding, size }: BaseType): BaseType {
  if (encoding === 'complex-integer') return size === 8 ? intType : { ...longType, name: size === 16 ? 'long' : 'int', size: size / 2 };
  return { 8: floatType, 16: doubleType, 32: longDoubleType }[size] ?? { ...floatType, name: '_Float16', size: size / 2 };
}

/** The complex type with such parts, named as gdb does. */
export function complexOf(part: Type): BaseType {
  const bare = strip(part);
  const name = bare.kind === 'base' ? bare.name : '?';
  const size = 2 * (sizeOf(part) ?? 8);
  const isReal = bare.kind === 'base' && bare.encoding === 'float';
  return isReal
    ? { kind: 'base', name: `${name} complex`, size, encoding: 'complex' }
    : { kind: 'base', name: `_Complex ${name}`, size, encoding: 'complex-integer' };
}

export function decodeComplex(type: BaseType, bytes: Uint8Array): Complex {
  const half = bytes.length / 2;
  const part = partType(type);
  return { type, real: decodeNumber(part, bytes.subarray(0, half)), imaginary: decodeNumber(part, bytes.subarray(half)) };
}

/** A number as a complex one. */
export function complexNumber({ type, number }: NumberValue): Complex {
  return { type: complexOf(type), real: number, imaginary: 0n };
}

export function complexValue({ type, real, imaginary }: Complex): Value {
  const part = partType(type);
  return ofBytes(type, Uint8Array.from([real, imaginary].flatMap((number) => [...encodeNumber({ type: part, number }, part)])));
}

export function onComplexUnary(operator: UnaryOperator, { type, real, imaginary }: Complex): Complex {
  if (operator === '+') return { type, real, imaginary };
  if (operator === '-') return { type, real: negated(real), imaginary: negated(imaginary) };
  // GNU C has ~ for the conjugate.
  if (operator === '~') return { type, real, imaginary: negated(imaginary) };
  throw new ExpressionError(`"${operator}" takes no complex number`);
}

/** Whether two complex numbers are equal. */
export function isEqual(left: Complex, right: Complex): boolean {
  const [a, b] = sameType(left, right);
  return compare('==', a.real, b.real) && compare('==', a.imaginary, b.imaginary);
}

export function isComplexZero({ real, imaginary }: Complex): boolean {
  return isZero(real) && isZero(imaginary);
}

/** `+`, `-`, `*` and `/`; the quotient as gdb has it, by the conjugate of the divisor. */
export function onComplex(operator: BinaryOperator, left: Complex, right: Complex): Complex {
  const [a, b] = sameType(left, right);
  const { type } = a;
  const part = partType(type);
  const on = (sign: BinaryOperator, x: CNumber, y: CNumber) => operate(sign, { type: part, number: x }, { type: part, number: y }).number;
  switch (operator) {
    case '+':
    case '-':
      return { type, real: on(operator, a.real, b.real), imaginary: on(operator, a.imaginary, b.imaginary) };
    case '*':
      return {
        type,
        real: on('-', on('*', a.real, b.real), on('*', a.imaginary, b.imaginary)),
        imaginary: on('+', on('*', a.real, b.imaginary), on('*', a.imaginary, b.real)),
      };
    case '/': {
      const dividend = onComplex('*', a, onComplexUnary('~', b));
      const divisor = on('+', on('*', b.real, b.real), on('*', b.imaginary, b.imaginary));
      return { type, real: on('/', dividend.real, divisor), imaginary: on('/', dividend.imaginary, divisor) };
    }
    default:
      throw new ExpressionError(`"${operator}" takes no complex numbers`);
  }
}

/** Both with parts of the common type. */
function sameType(a: Complex, b: Complex): readonly [Complex, Complex] {
  const part = commonType(partType(a.type), partType(b.type));
  const wanted = complexOf(part);
  const known = [a, b].find(({ type: { size, encoding } }) => size === wanted.size && encoding === wanted.encoding);
  const type = known?.type ?? wanted;
  return [convertComplex(a, type), convertComplex(b, type)];
}

export function convertComplex({ real, imaginary, type: from }: Complex, type: BaseType): Complex {
  const [source, part] = [partType(from), partType(type)];
  const converted = (number: CNumber) => convertNumber({ type: source, number }, part).number;
  return { type, real: converted(real), imaginary: converted(imaginary) };
}
