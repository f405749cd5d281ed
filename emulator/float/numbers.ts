import { hartAt } from '../linear-memory';
import { type Expression, f32, f64, type I32, type I64, i32, i64, select } from '../wasm/expression';
import { type FunctionBody, get as read } from '../wasm/function-body';
import type { Library } from './library';
import { flag, floatFormat, rounding } from './routine-types';

/**
 * Numbers inside the routines. An operand of any format is widened to the bits of a double, which holds it exactly; a NaN stays
 * signalling or quiet. A finite number that is not 0 is `significand / 2^63 * 2^exponent`, the significand with its top bit set.
 */
export type Numbers = ReturnType<typeof defineNumbers>;

export const zero = i32.constant(0);
const fractionBits = 52n;
const infinityBits = 0x7ffn << fractionBits;
const magnitudeMask = (1n << 63n) - 1n;
const quietBit = 1n << 51n;

export const magnitudeOf = (bits: I64) => i64.and(bits, i64.constant(magnitudeMask));

/** Of the bits of a double. */
export const isNotANumber = (bits: I64) => i64.gtU(magnitudeOf(bits), i64.constant(infinityBits));
export const isInfinite = (bits: I64) => i64.eq(magnitudeOf(bits), i64.constant(infinityBits));
export const isZero = (bits: I64) => i64.eqz(magnitudeOf(bits));
export const isNegative = (bits: I64) => i64.ltS(bits, i64.constant(0n));
export const isSignalling = (bits: I64) => i32.and(isNotANumber(bits), i64.eqz(i64.and(bits, i64.constant(quietBit))));

/** The parts of a routine's `how`. */
export const modeOf = (how: I32) => i32.and(how, i32.constant(7));
export const formatOf = (how: I32) => i32.shrU(how, i32.constant(3));

/** One of three values by format. */
export function byFormat<T extends 'i32' | 'i64'>(
  format: I32,
  half: Expression<T>,
  single: Expression<T>,
  double: Expression<T>,
): Expression<T> {
  const isSingle = i32.eq(format, i32.constant(floatFormat.single));
  return select(i32.eq(format, i32.constant(floatFormat.double)), double, select(isSingle, single, half));
}

const integers = (half: number, single: number, double: number) => [half, single, double].map(i32.constant) as [I32, I32, I32];
const bits = (half: bigint, single: bigint, double: bigint) => [half, single, double].map(i64.constant) as [I64, I64, I64];

/** Bits of a significand with its leading one. */
export const precisionOf = (format: I32) => byFormat(format, ...integers(11, 24, 53));
/** The exponent of the smallest normal number. */
export const lowestExponent = (format: I32) => byFormat(format, ...integers(-14, -126, -1022));
/** Infinity without box and sign. */
export const infinityOf = (format: I32) => byFormat(format, ...bits(0x7c00n, 0x7f80_0000n, infinityBits));
/** The NaN that operations give, boxed. */
export const canonicalNaN = (format: I32) => byFormat(format, ...bits(-0x8200n, -0x8040_0000n, 0x7ff8n << 48n));

/** Puts exception flags into the hart's fcsr. */
export function raise(body: FunctionBody, flags: number | I32): void {
  const operand = typeof flags === 'number' ? i32.constant(flags) : flags;
  body.store(zero, i32.or(i32.load(zero, hartAt.fcsr), operand), hartAt.fcsr);
}

/** All bits below the rounding position: a shift to the right keeps whether any bit that it loses is set, in the lowest. */
function shiftedWithSticky(value: I64, amount: I64): I64 {
  const lost = i64.shl(value, i64.sub(i64.constant(0n), amount));
  return i64.or(i64.shrU(value, amount), i64.extendU(i64.ne(lost, i64.constant(0n))));
}

export function defineNumbers(library: Library) {
  /** The bits of a double for a register that holds a number of a format. */
  const widen = library.define('widen', ['i64', 'i32'], 'i64', (body, register, format) => {
    const top = i64.constant(63n);
    const notANumber = i64.constant(0x7ff8n << 48n);
    body.if(i32.eq(format, i32.constant(floatFormat.double)), () => body.return(register));
    body.if(i32.eq(format, i32.constant(floatFormat.single)), () => {
      body.if(i64.ne(i64.shrS(register, i64.constant(32n)), i64.constant(-1n)), () => body.return(notANumber));
      const low = i32.wrap(register);
      const isSpecial = i32.eq(i32.and(low, i32.constant(0x7f80_0000)), i32.constant(0x7f80_0000));
      body.if(isSpecial, () => {
        const sign = i64.shl(i64.shrU(register, i64.constant(31n)), top);
        const fraction = i64.shl(i64.and(register, i64.constant(0x7f_ffffn)), i64.constant(29n));
        body.return(i64.or(i64.or(sign, i64.constant(infinityBits)), fraction));
      });
      body.return(i64.reinterpret(f64.promote(f32.reinterpret(low))));
    });
    body.if(i64.ne(i64.shrS(register, i64.constant(16n)), i64.constant(-1n)), () => body.return(notANumber));
    const sign = body.hold(i64.shl(i64.shrU(register, i64.constant(15n)), top));
    const field = body.hold(i64.and(i64.shrU(register, i64.constant(10n)), i64.constant(0x1fn)));
    const fraction = body.hold(i64.and(register, i64.constant(0x3ffn)));
    body.if(i64.eqz(field), () => {
      body.return(i64.or(sign, i64.reinterpret(f64.mul(f64.convertS(fraction), f64.constant(2 ** -24)))));
    });
    const isSpecial = i64.eq(field, i64.constant(0x1fn));
    const exponent = select(isSpecial, i64.constant(0x7ffn), i64.add(field, i64.constant(1023n - 15n)));
    body.return(i64.or(i64.or(sign, i64.shl(exponent, i64.constant(fractionBits))), i64.shl(fraction, i64.constant(42n))));
  });

  /** The exponent of a double that is finite and not 0. */
  const exponent = library.define('exponent', ['i64'], 'i32', (body, double) => {
    const field = body.hold(i32.and(i32.wrap(i64.shrU(double, i64.constant(fractionBits))), i32.constant(0x7ff)));
    const zeros = i32.wrap(i64.clz(magnitudeOf(double)));
    body.return(select(field, i32.sub(field, i32.constant(1023)), i32.sub(i32.constant(-1011), zeros)));
  });

  /** The significand of a finite double, 0 for 0. */
  const significand = library.define('significand', ['i64'], 'i64', (body, double) => {
    const fraction = body.hold(i64.and(double, i64.constant((1n << fractionBits) - 1n)));
    const isSubnormal = i64.eqz(i64.and(double, i64.constant(infinityBits)));
    const normal = i64.shl(i64.or(fraction, i64.constant(1n << fractionBits)), i64.constant(11n));
    const subnormal = select(i64.eqz(fraction), fraction, i64.shl(fraction, i64.clz(fraction)));
    body.return(select(isSubnormal, subnormal, normal));
  });

  /** Magnitude bits in a format with a sign, boxed. */
  const box = library.define('box', ['i64', 'i32', 'i32'], 'i64', (body, unsigned, negative, format) => {
    const sign = i64.shl(i64.extendU(negative), byFormat(format, ...bits(15n, 31n, 63n)));
    body.return(i64.or(i64.or(unsigned, sign), byFormat(format, ...bits(-0x1_0000n, -0x1_0000_0000n, 0n))));
  });

  /** 1 where a value whose lost bits are `lost`, in units of 2^-64 of its last place, is rounded away from 0; else 0. */
  const increment = library.define('increment', ['i64', 'i64', 'i32', 'i32'], 'i64', (body, kept, lost, mode, negative) => {
    const half = i64.constant(-(2n ** 63n));
    const isMode = (wanted: number) => i32.eq(mode, i32.constant(wanted));
    body.if(i64.eqz(lost), () => body.return(i64.constant(0n)));
    body.if(isMode(rounding.nearestEven), () => {
      const isTie = i64.eq(lost, half);
      body.return(select(isTie, i64.and(kept, i64.constant(1n)), i64.extendU(i64.gtU(lost, half))));
    });
    body.if(isMode(rounding.nearestMaximum), () => body.return(i64.shrU(lost, i64.constant(63n))));
    body.if(isMode(rounding.towardsZero), () => body.return(i64.constant(0n)));
    body.return(i64.extendU(i32.eq(negative, isMode(rounding.down))));
  });

  /** Shifts to the right by any amount from 0 on; the lowest bit also tells whether a bit that was lost was 1. */
  const shiftRight = library.define('shiftRight', ['i64', 'i32'], 'i64', (body, value, amount) => {
    body.if(i32.eqz(amount), () => body.return(value));
    body.if(i32.gtU(amount, i32.constant(63)), () => body.return(i64.extendU(i64.ne(value, i64.constant(0n)))));
    body.return(shiftedWithSticky(value, i64.extendU(amount)));
  });

  /**
   * Rounds a number to a format and boxes it, with all flags. The significand need not have its top bit set; where bits of it are already lost,
   * its lowest bit is 1 and two more bits than the format has precede it.
   */
  const round = library.define('round', ['i32', 'i32', 'i64', 'i32'], 'i64', (body, negative, givenExponent, given, how) => {
    const format = body.hold(formatOf(how));
    body.if(i64.eqz(given), () => body.return(box(i64.constant(0n), negative, format)));
    const mode = body.hold(modeOf(how));
    const precision = body.hold(precisionOf(format));
    const zeros = body.hold(i64.clz(given));
    const value = body.local('i64');
    body.set(value, i64.shl(given, zeros));
    const biased = body.local('i32');
    body.set(biased, i32.sub(i32.sub(givenExponent, i32.wrap(zeros)), lowestExponent(format)));
    const kept = body.local('i64');
    const lost = body.local('i64');
    const up = body.local('i64');
    const divide = (significand: I64) => {
      body.set(kept, i64.shrU(significand, i64.extendU(i32.sub(i32.constant(64), precision))));
      body.set(lost, i64.shl(significand, i64.extendU(precision)));
      body.set(up, increment(read(kept), read(lost), mode, negative));
    };
    // Tiny is what would still be below the smallest normal number with an unbounded exponent.
    const isTiny = body.local('i32');
    body.set(isTiny, i32.ltS(read(biased), zero));
    body.if(read(isTiny), () => {
      divide(read(value));
      const carries = i64.ne(i64.shrU(i64.add(read(kept), read(up)), i64.extendU(precision)), i64.constant(0n));
      body.set(isTiny, i32.eqz(i32.and(i32.eq(read(biased), i32.constant(-1)), carries)));
      body.set(value, shiftRight(read(value), i32.sub(zero, read(biased))));
      body.set(biased, zero);
    });
    divide(read(value));
    const fractionWidth = i64.extendU(i32.sub(precision, i32.constant(1)));
    const infinity = body.hold(infinityOf(format));
    const rounded = body.hold(i64.add(i64.add(i64.shl(i64.extendU(read(biased)), fractionWidth), read(kept)), read(up)));
    body.if(i64.geU(rounded, infinity), () => {
      raise(body, flag.overflow | flag.inexact);
      const isMode = (wanted: number) => i32.eq(mode, i32.constant(wanted));
      const isInward = i32.or(isMode(rounding.towardsZero), select(negative, isMode(rounding.up), isMode(rounding.down)));
      body.return(box(i64.sub(infinity, i64.extendU(isInward)), negative, format));
    });
    body.if(i64.ne(read(lost), i64.constant(0n)), () => {
      raise(body, select(read(isTiny), i32.constant(flag.underflow | flag.inexact), i32.constant(flag.inexact)));
    });
    body.return(box(rounded, negative, format));
  });

  /** The NaN of an invalid operation. */
  const invalid = library.define('invalid', ['i32'], 'i64', (body, how) => {
    raise(body, flag.invalid);
    body.return(canonicalNaN(formatOf(how)));
  });

  /** The result of an operation with a NaN among these two operands: a signalling one is invalid. */
  const notANumber = library.define('notANumber', ['i64', 'i64', 'i32'], 'i64', (body, a, b, how) => {
    body.if(i32.or(isSignalling(a), isSignalling(b)), () => body.return(invalid(how)));
    body.return(canonicalNaN(formatOf(how)));
  });

  const infinity = library.define('infinity', ['i32', 'i32'], 'i64', (body, negative, how) => {
    body.return(box(infinityOf(formatOf(how)), negative, formatOf(how)));
  });

  /** The zero of a sum of numbers of opposite sign: negative only where rounding is down. */
  const cancelled = library.define('cancelled', ['i32'], 'i64', (body, how) => {
    body.return(box(i64.constant(0n), i32.eq(modeOf(how), i32.constant(rounding.down)), formatOf(how)));
  });

  /** The upper half of a product. */
  const multiplyHigh = library.define('multiplyHigh', ['i64', 'i64'], 'i64', (body, left, right) => {
    const half = i64.constant(32n);
    const low = i64.constant(0xffff_ffffn);
    const leftLow = body.hold(i64.and(left, low));
    const leftHigh = body.hold(i64.shrU(left, half));
    const rightLow = body.hold(i64.and(right, low));
    const rightHigh = body.hold(i64.shrU(right, half));
    const middle = body.hold(i64.add(i64.mul(leftHigh, rightLow), i64.shrU(i64.mul(leftLow, rightLow), half)));
    const other = i64.add(i64.mul(leftLow, rightHigh), i64.and(middle, low));
    body.return(i64.add(i64.add(i64.mul(leftHigh, rightHigh), i64.shrU(middle, half)), i64.shrU(other, half)));
  });

  return { widen, exponent, significand, box, increment, shiftRight, round, invalid, notANumber, infinity, cancelled, multiplyHigh };
}
