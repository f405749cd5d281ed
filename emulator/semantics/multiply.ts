import { type I32, type I64, i32, i64, select } from '../wasm/expression';
import type { Emitter, Semantics } from './emitter';

/** M (Volume I, chapter "M Extension for Integer Multiplication and Division", with its table of division by zero and overflow). */
export const multiply = {
  mul: (emit) => emit.set(i64.mul(emit.rs1, emit.rs2)),
  mulw: (emit) => emit.set(i64.extendS(i32.mul(i32.wrap(emit.rs1), i32.wrap(emit.rs2)))),
  mulhu: (emit) => emit.set(upperHalf(emit, i64.shrU, i64.shrU)),
  mulhsu: (emit) => emit.set(upperHalf(emit, i64.shrS, i64.shrU)),
  mulh: (emit) => emit.set(upperHalf(emit, i64.shrS, i64.shrS)),

  div: (emit) => {
    const { dividend, divisor, byZero } = doublewords(emit);
    emit.set(select(byZero, i64.constant(-1n), i64.divS(dividend, signedDivisor(dividend, divisor, byZero))));
  },
  rem: (emit) => {
    const { dividend, divisor, byZero } = doublewords(emit);
    emit.set(select(byZero, dividend, i64.remS(dividend, signedDivisor(dividend, divisor, byZero))));
  },
  divu: (emit) => {
    const { dividend, divisor, byZero } = doublewords(emit);
    emit.set(select(byZero, i64.constant(-1n), i64.divU(dividend, select(byZero, i64.constant(1n), divisor))));
  },
  remu: (emit) => {
    const { dividend, divisor, byZero } = doublewords(emit);
    emit.set(select(byZero, dividend, i64.remU(dividend, select(byZero, i64.constant(1n), divisor))));
  },
  divw: (emit) => {
    const { dividend, divisor, byZero } = words(emit);
    emit.set(i64.extendS(select(byZero, i32.constant(-1), i32.divS(dividend, signedWordDivisor(dividend, divisor, byZero)))));
  },
  remw: (emit) => {
    const { dividend, divisor, byZero } = words(emit);
    emit.set(i64.extendS(select(byZero, dividend, i32.remS(dividend, signedWordDivisor(dividend, divisor, byZero)))));
  },
  divuw: (emit) => {
    const { dividend, divisor, byZero } = words(emit);
    emit.set(i64.extendS(select(byZero, i32.constant(-1), i32.divU(dividend, select(byZero, i32.constant(1), divisor)))));
  },
  remuw: (emit) => {
    const { dividend, divisor, byZero } = words(emit);
    emit.set(i64.extendS(select(byZero, dividend, i32.remU(dividend, select(byZero, i32.constant(1), divisor)))));
  },
} satisfies Record<string, Semantics>;

/**
 * The upper half of the product of rs1 and rs2, from four products of 32-bit halves (Warren, "Hacker's Delight", 8-2). The shifts say
 * which of the two are signed; no sum overflows: a product of halves is at most (2^32 - 1)^2, or of magnitude 2^31 * (2^32 - 1).
 */
function upperHalf(emit: Emitter, shiftLeft: typeof i64.shrU, shiftRight: typeof i64.shrU): I64 {
  const half = i64.constant(32n);
  const low = i64.constant(0xffff_ffffn);
  const left = emit.hold(emit.rs1);
  const right = emit.hold(emit.rs2);
  const leftLow = emit.hold(i64.and(left, low));
  const leftHigh = emit.hold(shiftLeft(left, half));
  const rightLow = emit.hold(i64.and(right, low));
  const rightHigh = emit.hold(shiftRight(right, half));
  const middle = emit.hold(i64.add(i64.mul(leftHigh, rightLow), i64.shrU(i64.mul(leftLow, rightLow), half)));
  const otherMiddle = i64.add(i64.mul(leftLow, rightHigh), i64.and(middle, low));
  return i64.add(i64.add(i64.mul(leftHigh, rightHigh), shiftLeft(middle, half)), shiftRight(otherMiddle, half));
}

/**
 * The divisor, or 1 where WebAssembly's division would trap: by zero, and -2^63 by -1, whose quotient and remainder by 1 are the right
 * ones.
 */
function signedDivisor(dividend: I64, divisor: I64, byZero: I32): I64 {
  const overflow = i32.and(i64.eq(dividend, i64.constant(-(2n ** 63n))), i64.eq(divisor, i64.constant(-1n)));
  return select(i32.or(byZero, overflow), i64.constant(1n), divisor);
}

/** The same of words. */
function signedWordDivisor(dividend: I32, divisor: I32, byZero: I32): I32 {
  const overflow = i32.and(i32.eq(dividend, i32.constant(-(2 ** 31))), i32.eq(divisor, i32.constant(-1)));
  return select(i32.or(byZero, overflow), i32.constant(1), divisor);
}

function doublewords(emit: Emitter): { dividend: I64; divisor: I64; byZero: I32 } {
  const dividend = emit.hold(emit.rs1);
  const divisor = emit.hold(emit.rs2);
  return { dividend, divisor, byZero: emit.hold(i64.eqz(divisor)) };
}

function words(emit: Emitter): { dividend: I32; divisor: I32; byZero: I32 } {
  const dividend = emit.hold(i32.wrap(emit.rs1));
  const divisor = emit.hold(i32.wrap(emit.rs2));
  return { dividend, divisor, byZero: emit.hold(i32.eqz(divisor)) };
}
