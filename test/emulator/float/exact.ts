/**
 * Floating-point arithmetic on exact rational numbers, written from IEEE 754 and the ISA manual without regard for speed: what the
 * emulator's results and flags are compared with.
 */

export type FormatName = 'h' | 's' | 'd';

export interface Format {
  readonly name: FormatName;
  readonly width: bigint;
  /** Bits of a significand with its leading one. */
  readonly precision: number;
  readonly lowestExponent: number;
}

export const formats: Readonly<Record<FormatName, Format>> = {
  h: { name: 'h', width: 16n, precision: 11, lowestExponent: -14 },
  s: { name: 's', width: 32n, precision: 24, lowestExponent: -126 },
  d: { name: 'd', width: 64n, precision: 53, lowestExponent: -1022 },
};

export const flags = { inexact: 1, underflow: 2, overflow: 4, divideByZero: 8, invalid: 16 } as const;

/** `size` is the exact magnitude of a number other than 0. */
export type Value =
  | { readonly kind: 'nan'; readonly signalling: boolean }
  | { readonly kind: 'infinity'; readonly negative: boolean }
  | { readonly kind: 'zero'; readonly negative: boolean }
  | { readonly kind: 'number'; readonly negative: boolean; readonly size: Rational };

export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export interface Result {
  /** 64 bits as a register holds them. */
  readonly bits: bigint;
  readonly flags: number;
}

const power = (exponent: number): Rational =>
  exponent >= 0 ? { numerator: 1n << BigInt(exponent), denominator: 1n } : { numerator: 1n, denominator: 1n << BigInt(-exponent) };

export const times = (a: Rational, b: Rational): Rational => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});

export function decodeFloat(register: bigint, format: Format): Value {
  const { width, precision, lowestExponent } = format;
  const boxMask = ((1n << 64n) - 1n) ^ ((1n << width) - 1n);
  if ((register & boxMask) !== boxMask) return { kind: 'nan', signalling: false };
  const fractionWidth = BigInt(precision - 1);
  const fraction = register & ((1n << fractionWidth) - 1n);
  const fieldMask = (1n << (width - 1n - fractionWidth)) - 1n;
  const field = (register >> fractionWidth) & fieldMask;
  const negative = ((register >> (width - 1n)) & 1n) === 1n;
  if (field === fieldMask) {
    if (fraction === 0n) return { kind: 'infinity', negative };
    return { kind: 'nan', signalling: fraction >> (fractionWidth - 1n) === 0n };
  }
  if (field === 0n && fraction === 0n) return { kind: 'zero', negative };
  const significand = field === 0n ? fraction : fraction | (1n << fractionWidth);
  const exponent = (field === 0n ? 1 : Number(field)) - 1 + lowestExponent - (precision - 1);
  return { kind: 'number', negative, size: times({ numerator: significand, denominator: 1n }, power(exponent)) };
}

export function box(bits: bigint, { width }: Format): bigint {
  return BigInt.asUintN(64, bits | (-1n << width));
}

export function canonicalNaN(format: Format): bigint {
  const fractionWidth = BigInt(format.precision - 1);
  const exponents = ((1n << (format.width - 1n - fractionWidth)) - 1n) << fractionWidth;
  return box(exponents | (1n << (fractionWidth - 1n)), format);
}

export function special(kind: 'infinity' | 'zero', negative: boolean, format: Format): bigint {
  const sign = negative ? 1n << (format.width - 1n) : 0n;
  return box(sign | (kind === 'zero' ? 0n : infinityBits(format)), format);
}

function infinityBits({ width, precision }: Format): bigint {
  const fractionWidth = BigInt(precision - 1);
  return ((1n << (width - 1n - fractionWidth)) - 1n) << fractionWidth;
}

/** The integer next to a rational in the direction of a rounding mode, and whether it differs. */
export function roundRational({ numerator, denominator }: Rational, negative: boolean, mode: number): { integer: bigint; exact: boolean } {
  const integer = numerator / denominator;
  const rest = numerator % denominator;
  if (rest === 0n) return { integer, exact: true };
  const half = 2n * rest - denominator;
  const up = [half > 0n || (half === 0n && integer % 2n === 1n), false, negative, !negative, half >= 0n][mode]!;
  return { integer: integer + (up ? 1n : 0n), exact: false };
}

/** The largest integer whose power of two is at most the number. */
function exponentOf({ numerator, denominator }: Rational): number {
  let exponent = numerator.toString(2).length - denominator.toString(2).length;
  const isBelow = exponent >= 0 ? numerator < denominator << BigInt(exponent) : numerator << BigInt(-exponent) < denominator;
  if (isBelow) exponent -= 1;
  return exponent;
}

/** A number other than 0, rounded to a format. */
export function roundTo(format: Format, negative: boolean, size: Rational, mode: number): Result {
  const { precision, lowestExponent, width } = format;
  const exponent = exponentOf(size);
  const unbounded = roundRational(times(size, power(precision - 1 - exponent)), negative, mode);
  const carried = unbounded.integer >> BigInt(precision) === 1n ? exponent + 1 : exponent;
  const isTiny = carried < lowestExponent;
  const used = Math.max(exponent, lowestExponent);
  const { integer, exact } = roundRational(times(size, power(precision - 1 - used)), negative, mode);
  const bits = (BigInt(used - lowestExponent) << BigInt(precision - 1)) + integer;
  const sign = negative ? 1n << (width - 1n) : 0n;
  const infinity = infinityBits(format);
  if (bits >= infinity) {
    const isInward = mode === 1 || mode === (negative ? 3 : 2);
    return { bits: box(sign | (isInward ? infinity - 1n : infinity), format), flags: flags.overflow | flags.inexact };
  }
  return { bits: box(sign | bits, format), flags: exact ? 0 : flags.inexact | (isTiny ? flags.underflow : 0) };
}

/** The exact sum of two numbers; undefined for 0. */
export function addExact(a: Value & { kind: 'number' }, b: Value & { kind: 'number' }): (Value & { kind: 'number' }) | undefined {
  const signed = ({ negative, size }: typeof a) => (negative ? -size.numerator : size.numerator);
  const sum = signed(a) * b.size.denominator + signed(b) * a.size.denominator;
  if (sum === 0n) return undefined;
  const size = { numerator: sum < 0n ? -sum : sum, denominator: a.size.denominator * b.size.denominator };
  return { kind: 'number', negative: sum < 0n, size };
}

/** A rational whose rounding to any format is that of the square root: the root with 200 bits, and a bit more where it is not exact. */
export function squareRoot({ numerator, denominator }: Rational): Rational {
  // Numbers of the formats have powers of two as denominators; an even one has a square root.
  const isOdd = denominator.toString(2).length % 2 === 0;
  const even = isOdd ? { numerator: numerator * 2n, denominator: denominator * 2n } : { numerator, denominator };
  const shift = 2n * BigInt(Math.max(0, 200 - Math.floor(even.numerator.toString(2).length / 2)));
  const scaled = even.numerator << shift;
  const root = integerRoot(scaled);
  const sticky = root * root === scaled ? 0n : 1n;
  const denominatorRoot = 1n << BigInt((even.denominator.toString(2).length - 1) / 2);
  return { numerator: root * 2n + sticky, denominator: (denominatorRoot << (shift / 2n)) * 2n };
}

function integerRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
