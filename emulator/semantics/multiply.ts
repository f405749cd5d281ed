import { type I32, type I64, i32, i64, select } from '../wasm/expression';
import type { Emitter, Semantics } from './emitter';

/** M (Volume I, chapter "M Extension for Integer Multiplication and Division", with its table of division by zero and overflow). */
export const multiply = {
  mul: (emit) => emit.set(i64.mul(emit.rs1, emit.rs2)),
  mulw: (emit) => emit.set(i64.extendS(i32.mul(i32.wrap(emit.rs1), i32.wrap(emit.rs2)))),
  mulhu: (emit) => emit.set(highUnsigned(emit, emit.rs1, emit.rs2)),
  /** A negative operand counts 2^64 too much when it is taken as unsigned, which adds the other operand to the upper half. */
  mulhsu: (emit) => emit.set(i64.sub(highUnsigned(emit, emit.rs1, emit.rs2), whereNegative(emit.rs1, emit.rs2))),
  mulh: (emit) => {
    const tooMuch = i64.add(whereNegative(emit.rs1, emit.rs2), whereNegative(emit.rs2, emit.rs1));
    emit.set(i64.sub(highUnsigned(emit, emit.rs1, emit.rs2), tooMuch));
  },

  div: (emit) => {
    const byZero = emit.hold(i64.eqz(emit.rs2));
    const quotient = i64.divS(emit.rs1, divisor(emit, byZero));
    emit.set(select(byZero, i64.constant(-1n), quotient));
  },
  rem: (emit) => {
    const byZero = emit.hold(i64.eqz(emit.rs2));
    const remainder = i64.remS(emit.rs1, divisor(emit, byZero));
    emit.set(select(byZero, emit.rs1, remainder));
  },
  divu: (emit) => {
    const byZero = emit.hold(i64.eqz(emit.rs2));
    const quotient = i64.divU(emit.rs1, select(byZero, i64.constant(1n), emit.rs2));
    emit.set(select(byZero, i64.constant(-1n), quotient));
  },
  remu: (emit) => {
    const byZero = emit.hold(i64.eqz(emit.rs2));
    const remainder = i64.remU(emit.rs1, select(byZero, i64.constant(1n), emit.rs2));
    emit.set(select(byZero, emit.rs1, remainder));
  },
  divw: (emit) => {
    const { dividend, divisor, byZero } = words(emit);
    emit.set(i64.extendS(select(byZero, i32.constant(-1), i32.divS(dividend, signedDivisor(dividend, divisor, byZero)))));
  },
  remw: (emit) => {
    const { dividend, divisor, byZero } = words(emit);
    emit.set(i64.extendS(select(byZero, dividend, i32.remS(dividend, signedDivisor(dividend, divisor, byZero)))));
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

/** The upper half of a product, from four products of 32-bit halves. */
function highUnsigned(emit: Emitter, left: I64, right: I64): I64 {
  const half = i64.constant(32n);
  const low = i64.constant(0xffff_ffffn);
  const leftLow = emit.hold(i64.and(left, low));
  const leftHigh = emit.hold(i64.shrU(left, half));
  const rightLow = emit.hold(i64.and(right, low));
  const rightHigh = emit.hold(i64.shrU(right, half));
  const middle = emit.hold(i64.add(i64.mul(leftHigh, rightLow), i64.shrU(i64.mul(leftLow, rightLow), half)));
  const otherMiddle = i64.add(i64.mul(leftLow, rightHigh), i64.and(middle, low));
  return i64.add(i64.add(i64.mul(leftHigh, rightHigh), i64.shrU(middle, half)), i64.shrU(otherMiddle, half));
}

function whereNegative(sign: I64, value: I64): I64 {
  return i64.and(i64.shrS(sign, i64.constant(63n)), value);
}

/** rs2, or 1 where WebAssembly's division would trap: by zero, and -2^63 by -1, whose quotient and remainder by 1 are the right ones. */
function divisor(emit: Emitter, byZero: I32): I64 {
  const overflow = i32.and(i64.eq(emit.rs1, i64.constant(-(2n ** 63n))), i64.eq(emit.rs2, i64.constant(-1n)));
  return select(i32.or(byZero, overflow), i64.constant(1n), emit.rs2);
}

function signedDivisor(dividend: I32, divisor: I32, byZero: I32): I32 {
  const overflow = i32.and(i32.eq(dividend, i32.constant(-(2 ** 31))), i32.eq(divisor, i32.constant(-1)));
  return select(i32.or(byZero, overflow), i32.constant(1), divisor);
}

function words(emit: Emitter): { dividend: I32; divisor: I32; byZero: I32 } {
  const dividend = emit.hold(i32.wrap(emit.rs1));
  const divisor = emit.hold(i32.wrap(emit.rs2));
  return { dividend, divisor, byZero: emit.hold(i32.eqz(divisor)) };
}
