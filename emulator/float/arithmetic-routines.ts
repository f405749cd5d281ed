import { f64, type I32, type I64, i32, i64, select } from '../wasm/expression';
import { type FunctionBody, get as read } from '../wasm/function-body';
import { distance, productError, quickly, sumError } from './engine-results';
import type { Library } from './library';
import { formatOf, isInfinite, isNegative, isNotANumber, isZero, magnitudeOf, type Numbers, raise, zero } from './numbers';
import { flag } from './routine-types';

const nothing = i64.constant(0n);

/** Sum, product, quotient and square root. Exact results of doubles, which raise nothing, are found by the engine's own operations. */
export function defineArithmetic(library: Library, numbers: Numbers): void {
  const { widen, exponent, significand, box, round, invalid, notANumber, infinity, cancelled, multiplyHigh, shiftRight } = numbers;

  library.define('add', ['i64', 'i64', 'i32'], 'i64', (body, left, right, how) => {
    quickly(body, how, [left, right], f64.add, sumError);
    const format = formatOf(how);
    const a = body.local('i64');
    const b = body.local('i64');
    body.set(a, widen(left, format));
    body.set(b, widen(right, format));
    body.if(i32.or(isNotANumber(read(a)), isNotANumber(read(b))), () => body.return(notANumber(read(a), read(b), how)));
    const isSmaller = i64.ltU(magnitudeOf(read(a)), magnitudeOf(read(b)));
    body.if(isSmaller, () => {
      const other = body.hold(read(a));
      body.set(a, read(b));
      body.set(b, other);
    });
    const negative = body.hold(isNegative(read(a)));
    const differ = body.hold(isNegative(i64.xor(read(a), read(b))));
    body.if(isInfinite(read(a)), () => {
      body.if(i32.and(isInfinite(read(b)), differ), () => body.return(invalid(how)));
      body.return(infinity(negative, how));
    });
    body.if(isZero(read(a)), () => {
      body.if(differ, () => body.return(cancelled(how)));
      body.return(box(nothing, negative, format));
    });
    const large = body.hold(exponent(read(a)));
    // One bit of headroom: the significands have at least 11 zeros at their end.
    const one = i64.constant(1n);
    const upper = body.hold(i64.shrU(significand(read(a)), one));
    const apart = select(isZero(read(b)), zero, i32.sub(large, exponent(read(b))));
    const lower = body.hold(shiftRight(i64.shrU(significand(read(b)), one), apart));
    const sum = body.hold(select(differ, i64.sub(upper, lower), i64.add(upper, lower)));
    body.if(i64.eqz(sum), () => body.return(cancelled(how)));
    body.return(round(negative, i32.add(large, i32.constant(1)), sum, how));
  });

  library.define('multiply', ['i64', 'i64', 'i32'], 'i64', (body, left, right, how) => {
    quickly(body, how, [left, right], f64.mul, (product, a, b) => productError(library.fuses, product, a, b));
    const { a, b, negative } = operandsOf(body, left, right, how);
    body.if(i32.or(isInfinite(a), isInfinite(b)), () => {
      body.if(i32.or(isZero(a), isZero(b)), () => body.return(invalid(how)));
      body.return(infinity(negative, how));
    });
    body.if(i32.or(isZero(a), isZero(b)), () => body.return(box(nothing, negative, formatOf(how))));
    const x = body.hold(significand(a));
    const y = body.hold(significand(b));
    const product = i64.or(multiplyHigh(x, y), i64.extendU(i64.ne(i64.mul(x, y), nothing)));
    body.return(round(negative, i32.add(i32.add(exponent(a), exponent(b)), i32.constant(1)), product, how));
  });

  library.define('divide', ['i64', 'i64', 'i32'], 'i64', (body, left, right, how) => {
    quickly(body, how, [left, right], f64.div, (quotient, a, b) => distance(library.fuses, a, quotient, b));
    const { a, b, negative } = operandsOf(body, left, right, how);
    body.if(isInfinite(a), () => {
      body.if(isInfinite(b), () => body.return(invalid(how)));
      body.return(infinity(negative, how));
    });
    body.if(isZero(b), () => {
      body.if(isZero(a), () => body.return(invalid(how)));
      raise(body, flag.divideByZero);
      body.return(infinity(negative, how));
    });
    body.if(i32.or(isZero(a), isInfinite(b)), () => body.return(box(nothing, negative, formatOf(how))));
    // Long division: the first digit is 0 or 1, each further one has 11 bits, as many as fit above the 53 of a remainder.
    const digit = i64.constant(11n);
    const divisor = body.hold(i64.shrU(significand(b), digit));
    const remainder = body.local('i64');
    const quotient = body.local('i64');
    body.set(remainder, i64.shrU(significand(a), digit));
    body.set(quotient, i64.divU(read(remainder), divisor));
    body.set(remainder, i64.remU(read(remainder), divisor));
    const digits = body.local('i32');
    body.set(digits, i32.constant(5));
    body.loop((again) => {
      body.set(remainder, i64.shl(read(remainder), digit));
      body.set(quotient, i64.or(i64.shl(read(quotient), digit), i64.divU(read(remainder), divisor)));
      body.set(remainder, i64.remU(read(remainder), divisor));
      body.set(digits, i32.sub(read(digits), i32.constant(1)));
      body.branchIf(again, read(digits));
    });
    const sticky = i64.extendU(i64.ne(read(remainder), nothing));
    body.return(round(negative, i32.sub(exponent(a), exponent(b)), i64.or(i64.shl(read(quotient), i64.constant(8n)), sticky), how));
  });

  library.define('squareRoot', ['i64', 'i32'], 'i64', (body, operand, how) => {
    quickly(body, how, [operand], f64.sqrt, (root, a) => distance(library.fuses, a, root, root));
    const a = body.hold(widen(operand, formatOf(how)));
    body.if(isNotANumber(a), () => body.return(notANumber(a, a, how)));
    body.if(isZero(a), () => body.return(box(nothing, isNegative(a), formatOf(how))));
    body.if(isNegative(a), () => body.return(invalid(how)));
    body.if(isInfinite(a), () => body.return(infinity(zero, how)));
    // A bit of the root for every two of the radicand, which are the significand with an even exponent and then zeros.
    const power = body.hold(exponent(a));
    const isOdd = i32.and(power, i32.constant(1));
    const radicand = body.local('i64');
    const remainder = body.local('i64');
    const root = body.local('i64');
    const left = body.local('i32');
    body.set(radicand, i64.shrU(significand(a), select(isOdd, i64.constant(8n), i64.constant(9n))));
    body.set(left, i32.constant(56));
    body.loop((again) => {
      const next = i64.and(i64.shrU(read(radicand), i64.constant(54n)), i64.constant(3n));
      body.set(remainder, i64.or(i64.shl(read(remainder), i64.constant(2n)), next));
      body.set(radicand, i64.shl(read(radicand), i64.constant(2n)));
      body.set(root, i64.shl(read(root), i64.constant(1n)));
      const trial = i64.or(i64.shl(read(root), i64.constant(1n)), i64.constant(1n));
      body.if(i64.geU(read(remainder), trial), () => {
        body.set(remainder, i64.sub(read(remainder), trial));
        body.set(root, i64.or(read(root), i64.constant(1n)));
      });
      body.set(left, i32.sub(read(left), i32.constant(1)));
      body.branchIf(again, read(left));
    });
    const sticky = i64.extendU(i64.ne(read(remainder), nothing));
    body.return(round(zero, i32.shrS(power, i32.constant(1)), i64.or(i64.shl(read(root), i64.constant(8n)), sticky), how));
  });

  /** Widens both; returns where one is a NaN. */
  function operandsOf(body: FunctionBody, left: I64, right: I64, how: I32): { a: I64; b: I64; negative: I32 } {
    const a = body.hold(widen(left, formatOf(how)));
    const b = body.hold(widen(right, formatOf(how)));
    body.if(i32.or(isNotANumber(a), isNotANumber(b)), () => body.return(notANumber(a, b, how)));
    return { a, b, negative: body.hold(isNegative(i64.xor(a, b))) };
  }
}
