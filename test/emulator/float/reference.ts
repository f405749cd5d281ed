import type { BaseMnemonic } from '../../../riscv/instruction-table';
import {
  addExact,
  box,
  canonicalNaN,
  decodeFloat,
  type Format,
  type FormatName,
  flags,
  formats,
  type Rational,
  type Result,
  roundRational,
  roundTo,
  special,
  squareRoot,
  times,
  type Value,
} from './exact';

/** The operands of a floating-point instruction: registers as they are, and a valid rounding mode. */
export interface Operands {
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  /** The integer source. */
  readonly x: bigint;
  readonly mode: number;
}

type Number = Value & { readonly kind: 'number' };

/** What an instruction gives, by the ISA manual: the bits for its destination register and the flags that it raises. */
export function expected(mnemonic: BaseMnemonic, operands: Operands): Result {
  const [name, second, third] = mnemonic.split('.') as [string, string, string | undefined];
  if (name === 'fcvt' || name === 'fcvtmod') return conversion(name, second, third!, operands);
  return computation(name, formats[second as FormatName], operands);
}

function computation(name: string, format: Format, { a, b, c, mode }: Operands): Result {
  const [x, y, z] = [a, b, c].map((bits) => decodeFloat(bits, format)) as [Value, Value, Value];
  switch (name) {
    case 'fadd':
      return add(x, y, format, mode);
    case 'fsub':
      return add(x, negate(y), format, mode);
    case 'fmul':
      return multiply(x, y, format, mode);
    case 'fdiv':
      return divide(x, y, format, mode);
    case 'fsqrt':
      return root(x, format, mode);
    case 'fmadd':
      return multiplyAdd(x, y, z, format, mode);
    case 'fmsub':
      return multiplyAdd(x, y, negate(z), format, mode);
    case 'fnmsub':
      return multiplyAdd(negate(x), y, z, format, mode);
    case 'fnmadd':
      return multiplyAdd(negate(x), y, negate(z), format, mode);
    case 'fmin':
    case 'fmax':
    case 'fminm':
    case 'fmaxm':
      return choose(name, [a, b], [x, y], format);
    case 'feq':
    case 'flt':
    case 'fle':
    case 'fltq':
    case 'fleq':
      return compare(name, x, y);
    case 'fclass':
      return { bits: 1n << classOf(x, format), flags: 0 };
    case 'fsgnj':
    case 'fsgnjn':
    case 'fsgnjx':
      return { bits: injectSign(name, a, b, format), flags: 0 };
    case 'fround':
    case 'froundnx':
      return toIntegral(a, x, format, mode, name === 'froundnx');
    default:
      throw new Error(`no reference for ${name}`);
  }
}

function nan(format: Format, ...values: Value[]): Result {
  const isInvalid = values.some((value) => value.kind === 'nan' && value.signalling);
  return { bits: canonicalNaN(format), flags: isInvalid ? flags.invalid : 0 };
}

const invalid = (format: Format): Result => ({ bits: canonicalNaN(format), flags: flags.invalid });
const exact = (bits: bigint): Result => ({ bits, flags: 0 });

function negate(value: Value): Value {
  return value.kind === 'nan' ? value : { ...value, negative: !value.negative };
}

function add(x: Value, y: Value, format: Format, mode: number): Result {
  if (x.kind === 'nan' || y.kind === 'nan') return nan(format, x, y);
  if (x.kind === 'infinity' || y.kind === 'infinity') {
    if (x.kind === y.kind && x.negative !== y.negative) return invalid(format);
    return exact(special('infinity', x.kind === 'infinity' ? x.negative : y.negative, format));
  }
  if (x.kind === 'zero' && y.kind === 'zero') {
    return exact(special('zero', x.negative === y.negative ? x.negative : mode === 2, format));
  }
  if (x.kind === 'zero' || y.kind === 'zero') {
    const { negative, size } = (x.kind === 'zero' ? y : x) as Number;
    return roundTo(format, negative, size, mode);
  }
  const sum = addExact(x, y);
  return sum ? roundTo(format, sum.negative, sum.size, mode) : exact(special('zero', mode === 2, format));
}

function multiply(x: Value, y: Value, format: Format, mode: number): Result {
  if (x.kind === 'nan' || y.kind === 'nan') return nan(format, x, y);
  const negative = x.negative !== y.negative;
  if (x.kind === 'number' && y.kind === 'number') return roundTo(format, negative, times(x.size, y.size), mode);
  const isInfinite = x.kind === 'infinity' || y.kind === 'infinity';
  if (isInfinite && (x.kind === 'zero' || y.kind === 'zero')) return invalid(format);
  return exact(special(isInfinite ? 'infinity' : 'zero', negative, format));
}

function divide(x: Value, y: Value, format: Format, mode: number): Result {
  if (x.kind === 'nan' || y.kind === 'nan') return nan(format, x, y);
  const negative = x.negative !== y.negative;
  if (x.kind !== 'number' && x.kind === y.kind) return invalid(format);
  if (x.kind === 'infinity') return exact(special('infinity', negative, format));
  if (y.kind === 'infinity' || x.kind === 'zero') return exact(special('zero', negative, format));
  if (y.kind === 'zero') return { bits: special('infinity', negative, format), flags: flags.divideByZero };
  const inverse = { numerator: y.size.denominator, denominator: y.size.numerator };
  return roundTo(format, negative, times(x.size, inverse), mode);
}

function root(x: Value, format: Format, mode: number): Result {
  if (x.kind === 'nan') return nan(format, x);
  if (x.kind === 'zero') return exact(special('zero', x.negative, format));
  if (x.negative) return invalid(format);
  return x.kind === 'infinity' ? exact(special('infinity', false, format)) : roundTo(format, false, squareRoot(x.size), mode);
}

function multiplyAdd(x: Value, y: Value, z: Value, format: Format, mode: number): Result {
  const isInvalid = (x.kind === 'infinity' && y.kind === 'zero') || (x.kind === 'zero' && y.kind === 'infinity');
  if (isInvalid) return invalid(format);
  if (x.kind === 'nan' || y.kind === 'nan' || z.kind === 'nan') return nan(format, x, y, z);
  const negative = x.negative !== y.negative;
  if (x.kind === 'number' && y.kind === 'number') return add({ kind: 'number', negative, size: times(x.size, y.size) }, z, format, mode);
  const isInfinite = x.kind === 'infinity' || y.kind === 'infinity';
  return add({ kind: isInfinite ? 'infinity' : 'zero', negative }, z, format, mode);
}

/** The constants of fli by number (Volume I, chapter "Zfa"), but for the smallest normal number and NaN. */
// biome-ignore format: in eights.
const constants = [
  -1, 0, 2 ** -16, 2 ** -15, 2 ** -8, 2 ** -7, 2 ** -4, 2 ** -3,
  0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875,
  1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4,
  8, 16, 128, 256, 2 ** 15, 2 ** 16, Number.POSITIVE_INFINITY, Number.NaN,
];

/** What fli gives for the number of a constant; of half precision, 65536 is infinity. */
export function expectedConstant(number: number, format: Format): bigint {
  const value = constants[number]!;
  if (Number.isNaN(value)) return canonicalNaN(format);
  if (value === Number.POSITIVE_INFINITY) return special('infinity', false, format);
  const smallestNormal = { numerator: 1n, denominator: 1n << BigInt(-format.lowestExponent) };
  const size = number === 1 ? smallestNormal : { numerator: BigInt(Math.abs(value) * 2 ** 16), denominator: 1n << 16n };
  return roundTo(format, value < 0, size, 0).bits;
}

/** -1, 0 or 1; undefined where either is a NaN. */
function order(x: Value, y: Value): number | undefined {
  const key = (value: Value): Rational | undefined => {
    if (value.kind === 'nan') return undefined;
    const size =
      value.kind === 'zero'
        ? { numerator: 0n, denominator: 1n }
        : value.kind === 'infinity'
          ? { numerator: 1n << 5000n, denominator: 1n }
          : value.size;
    return { ...size, numerator: value.negative ? -size.numerator : size.numerator };
  };
  const [left, right] = [key(x), key(y)];
  if (!left || !right) return undefined;
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function compare(name: string, x: Value, y: Value): Result {
  const sign = order(x, y);
  const isQuiet = name === 'feq' || name.endsWith('q');
  if (sign === undefined) {
    const isInvalid = !isQuiet || [x, y].some((value) => value.kind === 'nan' && value.signalling);
    return { bits: 0n, flags: isInvalid ? flags.invalid : 0 };
  }
  const holds = name === 'feq' ? sign === 0 : name.startsWith('flt') ? sign < 0 : sign <= 0;
  return exact(holds ? 1n : 0n);
}

function choose(name: string, bits: readonly [bigint, bigint], [x, y]: readonly [Value, Value], format: Format): Result {
  const isNumber = name === 'fmin' || name === 'fmax';
  if (x.kind === 'nan' || y.kind === 'nan') {
    const result = nan(format, x, y);
    if (!isNumber || x.kind === y.kind) return result;
    return { ...result, bits: x.kind === 'nan' ? bits[1] : bits[0] };
  }
  const sign = order(x, y)! || (x.negative === y.negative ? 0 : x.negative ? -1 : 1);
  return exact(sign <= 0 === name.startsWith('fmin') ? bits[0] : bits[1]);
}

function classOf(value: Value, { lowestExponent }: Format): bigint {
  if (value.kind === 'nan') return value.signalling ? 8n : 9n;
  const isSubnormal = () => {
    const { numerator, denominator } = (value as Number).size;
    return numerator << BigInt(-lowestExponent) < denominator;
  };
  const rank = value.kind === 'zero' ? 0 : value.kind === 'infinity' ? 3 : isSubnormal() ? 1 : 2;
  return BigInt(value.negative ? 3 - rank : 4 + rank);
}

function injectSign(name: string, a: bigint, b: bigint, format: Format): bigint {
  const sign = 1n << (format.width - 1n);
  const proper = (bits: bigint) => (box(bits, format) === bits ? bits : canonicalNaN(format));
  const [own, other] = [proper(a), proper(b)];
  const wanted = name === 'fsgnj' ? other & sign : name === 'fsgnjn' ? ~other & sign : (own ^ other) & sign;
  return (own & ~sign) | wanted;
}

function toIntegral(bits: bigint, value: Value, format: Format, mode: number, raises: boolean): Result {
  if (value.kind === 'nan') return nan(format, value);
  if (value.kind !== 'number') return exact(bits);
  const { integer, exact: isExact } = roundRational(value.size, value.negative, mode);
  const result =
    integer === 0n
      ? special('zero', value.negative, format)
      : roundTo(format, value.negative, { numerator: integer, denominator: 1n }, mode).bits;
  return { bits: result, flags: raises && !isExact ? flags.inexact : 0 };
}

const integerKinds: Readonly<Record<string, { lowest: bigint; highest: bigint; width: number; signed: boolean }>> = {
  w: { lowest: -(2n ** 31n), highest: 2n ** 31n - 1n, width: 32, signed: true },
  wu: { lowest: 0n, highest: 2n ** 32n - 1n, width: 32, signed: false },
  l: { lowest: -(2n ** 63n), highest: 2n ** 63n - 1n, width: 64, signed: true },
  lu: { lowest: 0n, highest: 2n ** 64n - 1n, width: 64, signed: false },
};

function conversion(name: string, to: string, from: string, { a, x, mode }: Operands): Result {
  const [toKind, fromKind] = [integerKinds[to], integerKinds[from]];
  if (name === 'fcvtmod') return modular(decodeFloat(a, formats.d));
  if (fromKind) {
    const integer = fromKind.signed ? BigInt.asIntN(fromKind.width, x) : BigInt.asUintN(fromKind.width, x);
    const format = formats[to as FormatName];
    if (integer === 0n) return exact(special('zero', false, format));
    return roundTo(format, integer < 0n, { numerator: integer < 0n ? -integer : integer, denominator: 1n }, mode);
  }
  const value = decodeFloat(a, formats[from as FormatName]);
  if (toKind) return toInteger(value, toKind, mode);
  const format = formats[to as FormatName];
  if (value.kind === 'nan') return nan(format, value);
  return value.kind === 'number' ? roundTo(format, value.negative, value.size, mode) : exact(special(value.kind, value.negative, format));
}

function toInteger(value: Value, { lowest, highest, width }: (typeof integerKinds)[string], mode: number): Result {
  const give = (integer: bigint, raised: number) => ({ bits: BigInt.asUintN(64, BigInt.asIntN(width, integer)), flags: raised });
  if (value.kind === 'nan') return give(highest, flags.invalid);
  if (value.kind === 'zero') return give(0n, 0);
  if (value.kind === 'infinity') return give(value.negative ? lowest : highest, flags.invalid);
  const { integer: size, exact: isExact } = roundRational(value.size, value.negative, mode);
  const integer = value.negative ? -size : size;
  if (integer < lowest) return give(lowest, flags.invalid);
  if (integer > highest) return give(highest, flags.invalid);
  return give(integer, isExact ? 0 : flags.inexact);
}

function modular(value: Value): Result {
  const { flags: raised } = toInteger(value, integerKinds.w!, 1);
  if (value.kind !== 'number') return { bits: 0n, flags: raised };
  const { integer } = roundRational(value.size, value.negative, 1);
  return { bits: BigInt.asUintN(64, BigInt.asIntN(32, value.negative ? -integer : integer)), flags: raised };
}
