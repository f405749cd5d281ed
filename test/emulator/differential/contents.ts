import type { Random } from '../../support/random';
import { memoryWindow, stateAt, stateSize } from './layout';

const integerEdges = [
  0n,
  1n,
  2n,
  3n,
  31n,
  32n,
  63n,
  64n,
  127n,
  128n,
  255n,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
];

interface FloatFormat {
  readonly exponentBits: number;
  readonly fractionBits: number;
}

const half: FloatFormat = { exponentBits: 5, fractionBits: 10 };
const single: FloatFormat = { exponentBits: 8, fractionBits: 23 };
const double: FloatFormat = { exponentBits: 11, fractionBits: 52 };

/** An integer of 64 bits, more often than not at the edge of some range. */
export function interestingInteger(random: Random): bigint {
  const edge = random.pick(integerEdges);
  return BigInt.asUintN(64, random.pick([edge, edge, -edge, edge + 1n, ~edge, random.doubleword(), random.doubleword() >> 32n]));
}

/**
 * What a floating-point register holds: numbers of each format, properly boxed in NaNs or not, with the special ones and those at
 * the edges of their range, of integers and of each other's range often among them.
 */
export function interestingFloat(random: Random): bigint {
  switch (random.below(10)) {
    case 0:
      return interestingInteger(random);
    case 1:
      // Not boxed: as a narrower number it counts as a NaN.
      return interestingNumber(random, random.pick([half, single]));
    case 2:
    case 3:
      return 0xffff_ffff_ffff_0000n | interestingNumber(random, half);
    case 4:
    case 5:
    case 6:
      return 0xffff_ffff_0000_0000n | interestingNumber(random, single);
    default:
      return interestingNumber(random, double);
  }
}

function interestingNumber(random: Random, format: FloatFormat): bigint {
  const { exponentBits, fractionBits } = format;
  const [topExponent, topFraction] = [(1n << BigInt(exponentBits)) - 1n, (1n << BigInt(fractionBits)) - 1n];
  const bias = topExponent >> 1n;
  const quiet = 1n << BigInt(fractionBits - 1);
  const sign = BigInt(random.below(2));
  const anyFraction = random.doubleword() & topFraction;
  // Few bits of fraction make results that are exact, or halfway between two numbers.
  const fraction = random.pick([
    0n,
    1n,
    topFraction,
    quiet,
    quiet + 1n,
    quiet - 1n,
    anyFraction,
    anyFraction,
    anyFraction & ~(topFraction >> 4n),
  ]);
  const nearOne = bias + BigInt(random.below(8) - 4);
  // Where conversions to integers of 8 to 64 bits begin to overflow, and where formats begin to be without a fraction.
  const integers = bias + BigInt(random.pick([10, 11, 15, 16, 23, 24, 30, 31, 32, 52, 53, 62, 63, 64]));
  const narrower = bias + BigInt(random.pick([-150, -149, -127, -126, -25, -24, -15, -14, 15, 16, 127, 128]));
  const anyExponent = random.doubleword() & topExponent;
  const exponent = random.pick([0n, 0n, 1n, topExponent - 1n, topExponent, nearOne, nearOne, integers, narrower, anyExponent, anyExponent]);
  const inRange = exponent < 0n ? 0n : exponent > topExponent ? topExponent : exponent;
  return (((sign << BigInt(exponentBits)) | inRange) << BigInt(fractionBits)) | fraction;
}

/** The state that a case starts from. */
export function makeContents(random: Random): Uint8Array {
  const bytes = new Uint8Array(stateSize);
  const view = new DataView(bytes.buffer);
  const sameInteger = random.below(8) === 0 ? interestingInteger(random) : undefined;
  const sameFloat = random.below(8) === 0 ? interestingFloat(random) : undefined;
  for (let index = 1; index < 32; index += 1) view.setBigUint64(stateAt.x + index * 8, sameInteger ?? interestingInteger(random), true);
  for (let index = 0; index < 32; index += 1) view.setBigUint64(stateAt.f + index * 8, sameFloat ?? interestingFloat(random), true);
  const [rounding, flags] = [random.below(5), random.pick([0, 1, random.below(32)])];
  view.setBigUint64(stateAt.fcsr, BigInt((rounding << 5) | flags), true);
  for (let offset = 0; offset < memoryWindow.size; offset += 8) {
    const value = random.below(2) === 0 ? interestingInteger(random) : interestingFloat(random);
    view.setBigUint64(stateAt.memory + offset, value, true);
  }
  return bytes;
}
