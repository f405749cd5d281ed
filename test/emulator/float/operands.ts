import type { Random } from '../../support/random';
import { type Format, formats } from './exact';

/**
 * Register contents for floating-point instructions of a format, weighted to what is hard: zeros, the edges of subnormals, normals and
 * infinity, NaNs, powers of two, half-way cases, integers next to the limits of conversions, improper boxes.
 */
export function floatOperand(random: Random, format: Format): bigint {
  const { width } = format;
  if (width < 64n && random.below(16) === 0) return improperBox(random, format);
  return BigInt.asUintN(64, bitsOf(random, format) | (-1n << width));
}

/** An operand near another: the same number but for its last bits, sign or exponent. */
export function near(random: Random, register: bigint, { width, precision }: Format): bigint {
  const step = random.pick([0n, 1n, 2n, 1n << BigInt(precision - 1), random.doubleword() >> BigInt(64 - precision)]);
  const sign = random.below(2) === 0 ? 0n : 1n << (width - 1n);
  const changed = random.below(2) === 0 ? register + step : register - step;
  return BigInt.asUintN(64, (BigInt.asUintN(Number(width), changed) ^ sign) | (-1n << width));
}

/** An integer next to powers of two, or any. */
export function integerOperand(random: Random): bigint {
  const power = 1n << BigInt(random.below(64));
  const around = power + BigInt(random.below(5) - 2);
  const tie = power + (power >> BigInt(random.pick([11, 12, 24, 25, 53, 54]))) + BigInt(random.below(3) - 1);
  return BigInt.asUintN(
    64,
    random.pick([around, -around, tie, -tie, random.doubleword(), random.doubleword() >> BigInt(random.below(64)), 0n]),
  );
}

function improperBox(random: Random, { width }: Format): bigint {
  const one = bitsOf(random, formats.d);
  return (
    random.pick([one, bitsOf(random, formats.s) | (-1n << 32n), bitsOf(random, formats.s), random.doubleword() >> (64n - width)]) &
    ((1n << 64n) - 1n)
  );
}

function bitsOf(random: Random, format: Format): bigint {
  const { width, precision, lowestExponent } = format;
  const fractionWidth = BigInt(precision - 1);
  const bias = BigInt(1 - lowestExponent);
  const sign = BigInt(random.below(2)) << (width - 1n);
  const top = 2n * bias + 1n;
  const withField = (field: bigint, fraction: bigint) => sign | (field << fractionWidth) | (fraction & ((1n << fractionWidth) - 1n));
  switch (random.below(12)) {
    case 0:
      return withField(0n, random.pick([0n, 0n, 1n, 2n, -1n, -2n, 1n << (fractionWidth - 1n)]));
    case 1:
      return withField(top, random.pick([0n, 0n, 1n, 1n << (fractionWidth - 1n), -1n, (1n << (fractionWidth - 1n)) - 1n]));
    case 2:
      return withField(random.pick([1n, 2n, top - 1n, top - 2n]), fraction(random, fractionWidth));
    case 3:
      return withField(0n, fraction(random, fractionWidth));
    case 4:
      return withField(bias + BigInt(random.below(140) - 70), fraction(random, fractionWidth)) & ((1n << width) - 1n);
    case 5:
      return sign | (integerBits(random, fractionWidth, bias, top) & ((1n << (width - 1n)) - 1n));
    case 6:
      return withField(clamp(bias - fractionWidth + BigInt(random.below(8) - 4), top), fraction(random, fractionWidth));
    case 7:
      return withField(clamp(bias + BigInt(random.below(5) - 2), top), random.pick([0n, 0n, 1n, -1n, 1n << (fractionWidth - 1n)]));
    case 8:
      return withField(
        clamp(bias + BigInt(random.below(2 * Number(fractionWidth)) - Number(fractionWidth)), top),
        fraction(random, fractionWidth),
      );
    default:
      return random.doubleword() >> (64n - width);
  }
}

/** Few ones, few zeros, or any bits. */
function fraction(random: Random, width: bigint): bigint {
  const any = random.doubleword() >> (64n - width);
  const bit = 1n << BigInt(random.below(Number(width)));
  return random.pick([0n, 1n, -1n, bit, -bit, bit - 1n, any, any, any & random.doubleword() & -bit, any | (bit - 1n)]);
}

/** Integers and halves next to powers of two, among them the limits of conversions to words and doublewords. */
function integerBits(random: Random, fractionWidth: bigint, bias: bigint, top: bigint): bigint {
  const power = BigInt(random.pick([0, 1, 2, 7, 8, 15, 16, 30, 31, 32, 33, 62, 63, 64, 65, random.below(70)]));
  const field = clamp(bias + power, top);
  const unit = fractionWidth - power;
  const step = unit > 0n ? (1n << (unit - BigInt(random.below(2)))) >> 0n : 1n;
  const bits = (field << fractionWidth) + step * BigInt(random.below(5) - 2) + BigInt(random.below(3) - 1);
  return bits < 0n ? 0n : bits;
}

function clamp(field: bigint, top: bigint): bigint {
  return field < 0n ? 0n : field > top ? top : field;
}
