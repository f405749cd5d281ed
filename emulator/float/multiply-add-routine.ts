import { type F64, f64, type I64, i32, i64, select } from '../wasm/expression';
import { type FunctionBody, type Local, get as read } from '../wasm/function-body';
import { productError, sumError, whereSafe } from './engine-results';
import type { Library } from './library';
import { formatOf, isInfinite, isNegative, isNotANumber, isSignalling, isZero, type Numbers, raise, zero } from './numbers';
import { flag } from './routine-types';

const nothing = i64.constant(0n);

/** 128 bits of a significand in two locals. */
interface Wide {
  readonly high: Local<'i64'>;
  readonly low: Local<'i64'>;
}

/** a times b plus c with one rounding. */
export function defineMultiplyAdd(library: Library, numbers: Numbers): void {
  const { widen, exponent, significand, box, round, invalid, notANumber, infinity, cancelled, multiplyHigh, shiftRight } = numbers;

  library.define('multiplyAdd', ['i64', 'i64', 'i64', 'i32'], 'i64', (body, first, second, third, how) => {
    whereSafe(body, how, [first, second, third], (a, b, c) => body.return(i64.reinterpret(quickSum(body, library.fuses, a, b, c))));
    const a = body.hold(widen(first, formatOf(how)));
    const b = body.hold(widen(second, formatOf(how)));
    const c = body.hold(widen(third, formatOf(how)));
    const isInvalid = body.hold(i32.or(i32.and(isInfinite(a), isZero(b)), i32.and(isZero(a), isInfinite(b))));
    body.if(i32.or(i32.or(isNotANumber(a), isNotANumber(b)), isNotANumber(c)), () => {
      // Infinity times zero is invalid even where the addend is a quiet NaN.
      body.if(i32.or(isInvalid, isSignalling(c)), () => body.return(invalid(how)));
      body.return(notANumber(a, b, how));
    });
    body.if(isInvalid, () => body.return(invalid(how)));
    const negative = body.hold(isNegative(i64.xor(a, b)));
    const negativeAddend = body.hold(isNegative(c));
    const differ = body.hold(i32.ne(negative, negativeAddend));
    body.if(i32.or(isInfinite(a), isInfinite(b)), () => {
      body.if(i32.and(isInfinite(c), differ), () => body.return(invalid(how)));
      body.return(infinity(negative, how));
    });
    body.if(isInfinite(c), () => body.return(infinity(negativeAddend, how)));
    body.if(i32.or(isZero(a), isZero(b)), () => {
      body.if(isZero(c), () => {
        body.if(differ, () => body.return(cancelled(how)));
        body.return(box(nothing, negative, formatOf(how)));
      });
      body.return(round(negativeAddend, exponent(c), significand(c), how));
    });

    const x = body.hold(significand(a));
    const y = body.hold(significand(b));
    const product = wide(body, multiplyHigh(x, y), i64.mul(x, y));
    const power = body.local('i32');
    body.set(power, i32.add(i32.add(exponent(a), exponent(b)), i32.constant(1)));
    body.if(i64.geS(read(product.high), nothing), () => {
      shiftLeft(body, product, i64.constant(1n));
      body.set(power, i32.sub(read(power), i32.constant(1)));
    });
    body.if(isZero(c), () => body.return(round(negative, read(power), withSticky(product), how)));

    const addend = wide(body, significand(c), nothing);
    // One bit of headroom: the product has at least 22 zeros at its end.
    shiftRightWide(body, product, i32.constant(1));
    shiftRightWide(body, addend, i32.constant(1));
    const apart = body.hold(i32.sub(read(power), exponent(c)));
    body.if(
      i32.geS(apart, zero),
      () => shiftRightWide(body, addend, apart),
      () => {
        shiftRightWide(body, product, i32.sub(zero, apart));
        body.set(power, exponent(c));
      },
    );
    body.set(power, i32.add(read(power), i32.constant(1)));
    const sign = body.local('i32');
    body.set(sign, negative);
    body.if(
      differ,
      () => {
        const isSmaller = i32.or(
          i64.ltU(read(product.high), read(addend.high)),
          i32.and(i64.eq(read(product.high), read(addend.high)), i64.ltU(read(product.low), read(addend.low))),
        );
        body.if(
          isSmaller,
          () => {
            body.set(sign, negativeAddend);
            subtract(body, addend, product, product);
          },
          () => subtract(body, product, addend, product),
        );
        body.if(i64.eqz(i64.or(read(product.high), read(product.low))), () => body.return(cancelled(how)));
      },
      () => add(body, product, addend),
    );
    body.if(i64.eqz(read(product.high)), () => {
      body.set(product.high, read(product.low));
      body.set(product.low, nothing);
      body.set(power, i32.sub(read(power), i32.constant(64)));
    });
    const zeros = body.hold(i64.clz(read(product.high)));
    body.if(i64.ne(zeros, nothing), () => shiftLeft(body, product, zeros));
    body.return(round(read(sign), i32.sub(read(power), i32.wrap(zeros)), withSticky(product), how));
  });

  /** Shifts to the right by any amount; the lowest bit also tells whether a bit that was lost was 1. */
  function shiftRightWide(body: FunctionBody, { high, low }: Wide, amount: ReturnType<typeof read<'i32'>>): void {
    const count = body.hold(amount);
    body.if(i32.ne(count, zero), () => {
      body.if(
        i32.ltU(count, i32.constant(64)),
        () => {
          const wideCount = i64.extendU(count);
          const crossing = body.hold(i64.shl(read(high), i64.sub(nothing, wideCount)));
          body.set(low, i64.or(shiftRight(read(low), count), crossing));
          body.set(high, i64.shrU(read(high), wideCount));
        },
        () => {
          const sticky = body.hold(i64.extendU(i64.ne(read(low), nothing)));
          body.set(low, i64.or(shiftRight(read(high), i32.sub(count, i32.constant(64))), sticky));
          body.set(high, nothing);
        },
      );
    });
  }
}

/**
 * The product and the sum by the engine's operations: what each loses is found exactly, and the sum of what is lost, rounded to odd, is added
 * last (S. Boldo and G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd").
 */
function quickSum(body: FunctionBody, fuses: boolean, a: F64, b: F64, c: F64): F64 {
  const product = body.hold(f64.mul(a, b));
  const productLow = body.hold(productError(fuses, product, a, b));
  const low = body.hold(f64.add(c, productLow));
  const lowest = body.hold(sumError(low, c, productLow));
  const sum = body.hold(f64.add(product, low));
  const sumLow = body.hold(sumError(sum, product, low));
  const rest = body.hold(f64.add(lowest, sumLow));
  const error = body.hold(sumError(rest, lowest, sumLow));
  const isInexactRest = f64.ne(error, f64.constant(0));
  const bits = body.hold(i64.reinterpret(rest));
  const isEven = i64.eqz(i64.and(bits, i64.constant(1n)));
  const outward = i64.geS(i64.xor(i64.reinterpret(error), bits), nothing);
  const odd = i64.add(bits, select(outward, i64.constant(1n), i64.constant(-1n)));
  const correction = body.hold(f64.reinterpret(select(i32.and(isInexactRest, isEven), odd, bits)));
  const result = body.hold(f64.add(sum, correction));
  const isInexact = i32.or(isInexactRest, f64.ne(sumError(result, sum, correction), f64.constant(0)));
  body.if(isInexact, () => raise(body, flag.inexact));
  return result;
}

function wide(body: FunctionBody, high: I64, low: I64): Wide {
  const result = { high: body.local('i64'), low: body.local('i64') };
  body.set(result.high, high);
  body.set(result.low, low);
  return result;
}

/** By 1 to 63 bits. */
function shiftLeft(body: FunctionBody, { high, low }: Wide, amount: I64): void {
  body.set(high, i64.or(i64.shl(read(high), amount), i64.shrU(read(low), i64.sub(nothing, amount))));
  body.set(low, i64.shl(read(low), amount));
}

function add(body: FunctionBody, sum: Wide, other: Wide): void {
  body.set(sum.low, i64.add(read(sum.low), read(other.low)));
  const carry = i64.extendU(i64.ltU(read(sum.low), read(other.low)));
  body.set(sum.high, i64.add(i64.add(read(sum.high), read(other.high)), carry));
}

function subtract(body: FunctionBody, left: Wide, right: Wide, into: Wide): void {
  const borrow = body.hold(i64.extendU(i64.ltU(read(left.low), read(right.low))));
  body.set(into.low, i64.sub(read(left.low), read(right.low)));
  body.set(into.high, i64.sub(i64.sub(read(left.high), read(right.high)), borrow));
}

/** The upper half, whose lowest bit also tells whether there is anything in the lower one. */
function withSticky({ high, low }: Wide): I64 {
  return i64.or(read(high), i64.extendU(i64.ne(read(low), nothing)));
}
