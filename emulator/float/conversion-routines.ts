import { type I32, type I64, i32, i64, select } from '../wasm/expression';
import { type FunctionBody, get as read } from '../wasm/function-body';
import type { Library } from './library';
import { formatOf, isInfinite, isNegative, isNotANumber, isZero, modeOf, type Numbers, raise, zero } from './numbers';
import { flag, floatFormat, integerKind, rounding } from './routine-types';

const nothing = i64.constant(0n);

/** Conversions between formats and with integers, and rounding to integers. */
export function defineConversions(library: Library, numbers: Numbers): void {
  const { widen, exponent, significand, box, increment, round, notANumber, infinity, shiftRight } = numbers;

  const toInteger = library.define('toInteger', ['i64', 'i32', 'i32'], 'i64', (body, operand, how, kind) => {
    const a = body.hold(widen(operand, formatOf(how)));
    const isKind = (wanted: number) => i32.eq(kind, i32.constant(wanted));
    const isUnsigned = body.hold(i32.and(kind, i32.constant(1)));
    const isWord = body.hold(i32.ltU(kind, i32.constant(integerKind.doubleword)));
    const negative = body.hold(isNegative(a));
    const lowest = select(isUnsigned, nothing, select(isWord, i64.constant(-(2n ** 31n)), i64.constant(-(2n ** 63n))));
    const wordHighest = select(isUnsigned, i64.constant(-1n), i64.constant(2n ** 31n - 1n));
    const doublewordHighest = select(isUnsigned, i64.constant(-1n), i64.constant(2n ** 63n - 1n));
    const highest = select(isWord, wordHighest, doublewordHighest);
    const outOfRange = (isLow: I32) => {
      raise(body, flag.invalid);
      body.return(select(isLow, lowest, highest));
    };
    body.if(isNotANumber(a), () => outOfRange(zero));
    body.if(isZero(a), () => body.return(nothing));
    body.if(i32.or(isInfinite(a), i32.gtS(exponent(a), i32.constant(63))), () => outOfRange(negative));
    const { whole, fraction } = wholeAndFraction(body, a);
    const up = body.hold(increment(whole, fraction, modeOf(how), negative));
    const size = body.hold(i64.add(whole, up));
    // A carry out of 64 bits leaves 0.
    const isTooLarge = i32.or(i32.and(i64.eqz(size), i64.ne(up, nothing)), i64.gtU(size, limitOf(isUnsigned, isWord, negative)));
    body.if(isTooLarge, () => outOfRange(negative));
    body.if(i64.ne(fraction, nothing), () => raise(body, flag.inexact));
    const value = body.hold(select(negative, i64.sub(nothing, size), size));
    body.return(select(isKind(integerKind.unsignedWord), i64.extend32S(value), value));
  });

  library.define('toWordModulo', ['i64'], 'i64', (body, a) => {
    // The flags are those of fcvt.w.d.
    const how = i32.constant((floatFormat.double << 3) | rounding.towardsZero);
    body.drop(toInteger(a, how, i32.constant(integerKind.word)));
    const isSpecial = i32.or(isNotANumber(a), i32.or(isInfinite(a), isZero(a)));
    body.if(isSpecial, () => body.return(nothing));
    const power = body.hold(exponent(a));
    body.if(i32.or(i32.ltS(power, zero), i32.gtS(power, i32.constant(63 + 52))), () => body.return(nothing));
    const bits = body.hold(significand(a));
    const isLarge = i32.gtS(power, i32.constant(63));
    const shifted = i64.shl(bits, i64.extendU(i32.sub(power, i32.constant(63))));
    const size = body.hold(select(isLarge, shifted, i64.shrU(bits, i64.extendU(i32.sub(i32.constant(63), power)))));
    body.return(i64.extend32S(select(isNegative(a), i64.sub(nothing, size), size)));
  });

  library.define('fromSigned', ['i64', 'i32'], 'i64', (body, integer, how) => {
    const negative = body.hold(i64.ltS(integer, nothing));
    body.return(round(negative, i32.constant(63), select(negative, i64.sub(nothing, integer), integer), how));
  });

  library.define('fromUnsigned', ['i64', 'i32'], 'i64', (body, integer, how) => {
    body.return(round(zero, i32.constant(63), integer, how));
  });

  library.define('convert', ['i64', 'i32', 'i32'], 'i64', (body, operand, from, how) => {
    const a = body.hold(widen(operand, from));
    body.if(isNotANumber(a), () => body.return(notANumber(a, a, how)));
    body.if(isInfinite(a), () => body.return(infinity(isNegative(a), how)));
    body.if(isZero(a), () => body.return(box(nothing, isNegative(a), formatOf(how))));
    body.return(round(isNegative(a), exponent(a), significand(a), how));
  });

  library.define('roundToIntegral', ['i64', 'i32', 'i32'], 'i64', (body, operand, how, raisesInexact) => {
    const a = body.hold(widen(operand, formatOf(how)));
    body.if(isNotANumber(a), () => body.return(notANumber(a, a, how)));
    body.if(i32.or(isInfinite(a), isZero(a)), () => body.return(operand));
    body.if(i32.gtS(exponent(a), i32.constant(52)), () => body.return(operand));
    const { whole, fraction } = wholeAndFraction(body, a);
    const negative = body.hold(isNegative(a));
    body.if(i32.and(raisesInexact, i64.ne(fraction, nothing)), () => raise(body, flag.inexact));
    const size = i64.add(whole, increment(whole, fraction, modeOf(how), negative));
    body.return(round(negative, i32.constant(63), size, how));
  });

  /** The integer part of a finite number below 2^64 without its sign, and the fraction in units of 2^-64, with a sticky lowest bit. */
  function wholeAndFraction(body: FunctionBody, a: I64): { whole: I64; fraction: I64 } {
    const power = body.hold(exponent(a));
    const bits = body.hold(significand(a));
    const whole = body.local('i64');
    const fraction = body.local('i64');
    body.if(
      i32.ltS(power, zero),
      () => {
        body.set(whole, nothing);
        body.set(fraction, shiftRight(bits, i32.sub(i32.constant(-1), power)));
      },
      () => {
        body.set(whole, i64.shrU(bits, i64.extendU(i32.sub(i32.constant(63), power))));
        body.set(fraction, i64.shl(i64.shl(bits, i64.extendU(power)), i64.constant(1n)));
      },
    );
    return { whole: read(whole), fraction: read(fraction) };
  }
}

/** The largest size of an integer of a kind and sign. */
function limitOf(isUnsigned: I32, isWord: I32, negative: I32): I64 {
  const unsignedLimit = select(negative, i64.constant(0n), select(isWord, i64.constant(2n ** 32n - 1n), i64.constant(-1n)));
  const signedLimit = i64.add(select(isWord, i64.constant(2n ** 31n - 1n), i64.constant(2n ** 63n - 1n)), i64.extendU(negative));
  return select(isUnsigned, unsignedLimit, signedLimit);
}
