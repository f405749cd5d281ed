import { type F64, f64, type I32, type I64, i32, i64, relaxedMultiplyAdd } from '../wasm/expression';
import type { FunctionBody } from '../wasm/function-body';
import { floatFormat, rounding } from './routine-types';

/** Numbers within these limits have products, quotients and errors of them that neither overflow nor underflow. */
const safe = { lowest: 2 ** -200, highest: 2 ** 200 } as const;

/**
 * Returns the engine's result for doubles rounded to nearest where the error that `errorOf` finds is 0. The error is exact, since
 * the operands are in a range where no part of it overflows or underflows; a result that is exact raises no flag.
 */
export function quickly(
  body: FunctionBody,
  how: I32,
  operands: readonly I64[],
  operation: (...values: F64[]) => F64,
  errorOf: (result: F64, ...values: F64[]) => F64,
): void {
  whereSafe(body, how, operands, (...values) => {
    const result = body.hold(operation(...values));
    body.if(f64.eq(errorOf(result, ...values), f64.constant(0)), () => body.return(i64.reinterpret(result)));
  });
}

/** Does something where operands are doubles within those limits and rounded to nearest. */
export function whereSafe(body: FunctionBody, how: I32, operands: readonly I64[], then: (...values: F64[]) => void): void {
  const isCandidate = i32.eq(how, i32.constant((floatFormat.double << 3) | rounding.nearestEven));
  body.if(isCandidate, () => {
    const values = operands.map((bits) => body.hold(f64.reinterpret(bits)));
    const areSafe = values.map((value) => {
      const size = f64.abs(value);
      return i32.and(f64.gt(size, f64.constant(safe.lowest)), f64.lt(size, f64.constant(safe.highest)));
    });
    body.if(areSafe.reduce(i32.and), () => then(...values));
  });
}

/** What a sum lost when it was rounded (Knuth's 2Sum). */
export function sumError(sum: F64, a: F64, b: F64): F64 {
  const virtual = f64.sub(sum, a);
  return f64.add(f64.sub(a, f64.sub(sum, virtual)), f64.sub(b, virtual));
}

/** What a product lost when it was rounded (Dekker's product with Veltkamp's splitting, where the engine has no fused multiply-add). */
export function productError(fuses: boolean, product: F64, a: F64, b: F64): F64 {
  if (fuses) return relaxedMultiplyAdd(a, b, f64.neg(product));
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  const high = f64.sub(f64.mul(aHigh, bHigh), product);
  return f64.add(f64.add(f64.add(high, f64.mul(aHigh, bLow)), f64.mul(aLow, bHigh)), f64.mul(aLow, bLow));
}

/** How far a product is from a number next to it: 0 only where they are equal. */
export function distance(fuses: boolean, from: F64, a: F64, b: F64): F64 {
  const product = f64.mul(a, b);
  return f64.add(f64.sub(product, from), productError(fuses, product, a, b));
}

/** The upper 26 bits of a significand and the rest. */
function split(value: F64): [F64, F64] {
  const scaled = f64.mul(value, f64.constant(2 ** 27 + 1));
  const high = f64.sub(scaled, f64.sub(scaled, value));
  return [high, f64.sub(value, high)];
}
