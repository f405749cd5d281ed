import { fusesMultiplyAdd } from '../../float/fused-multiply-add';
import { type FloatFormatNumber, floatFormat } from '../../float/routine-types';
import { type Expression, type F64, f32, f64, type I32, type I64, i32, i64, relaxedMultiplyAdd } from '../../wasm/expression';
import type { Emitter, FloatSource, Semantics } from '../emitter';
import { double, how, type Precision, single, suffixed } from './precision';

type Float = 'f32' | 'f64';

const infinity = Number.POSITIVE_INFINITY;

/** Which operands of a fused multiply-add change their sign. */
const signs = {
  fmadd: { product: false, addend: false },
  fmsub: { product: false, addend: true },
  fnmsub: { product: true, addend: false },
  fnmadd: { product: true, addend: true },
} as const;

type Signs = (typeof signs)[keyof typeof signs];

/**
 * The computations of F, D and Zfh (Volume I, chapters "F", "D", "Zfh"). Where an instruction is plain (`Emitter.isPlain`) and its
 * result cannot come with a flag other than NX, the engine's own operation is it: the idea of QEMU's hardfloat. All else is a routine.
 */
export const arithmetic = {
  ...suffixed('h', routines(floatFormat.half)),
  ...suffixed('s', { ...routines(floatFormat.single), ...quick(single), ...fusedSingle() }),
  ...suffixed('d', { ...routines(floatFormat.double), ...quick(double), ...fusedDouble() }),
};

/** All by routines. */
function routines(format: FloatFormatNumber) {
  return {
    fadd: slow((emit, mode) => emit.routine('add', emit.bits('frs1'), emit.bits('frs2'), how(format, mode))),
    fsub: slow((emit, mode) => emit.routine('add', emit.bits('frs1'), negated(emit, 'frs2', format), how(format, mode))),
    fmul: slow((emit, mode) => emit.routine('multiply', emit.bits('frs1'), emit.bits('frs2'), how(format, mode))),
    fdiv: slow((emit, mode) => emit.routine('divide', emit.bits('frs1'), emit.bits('frs2'), how(format, mode))),
    fsqrt: slow((emit, mode) => emit.routine('squareRoot', emit.bits('frs1'), how(format, mode))),
    fmadd: slowFused(format, signs.fmadd),
    fmsub: slowFused(format, signs.fmsub),
    fnmsub: slowFused(format, signs.fnmsub),
    fnmadd: slowFused(format, signs.fnmadd),
  };
}

function slow(value: (emit: Emitter, mode: I32) => I64): Semantics {
  return (emit) => {
    const mode = emit.roundingMode();
    emit.setBits(value(emit, mode));
  };
}

function slowFused(format: FloatFormatNumber, { product, addend }: Signs): Semantics {
  return slow((emit, mode) => {
    const a = product ? negated(emit, 'frs1', format) : emit.bits('frs1');
    const c = addend ? negated(emit, 'frs3', format) : emit.bits('frs3');
    return emit.routine('multiplyAdd', a, emit.bits('frs2'), c, how(format, mode));
  });
}

/** A register with the sign of its number changed; what is not boxed stays so. */
function negated(emit: Emitter, source: FloatSource, format: FloatFormatNumber): I64 {
  return i64.xor(emit.bits(source), i64.constant({ 0: 1n << 15n, 1: 1n << 31n, 2: 1n << 63n }[format]));
}

function quick<T extends Float>(precision: Precision<T>) {
  const { operations, smallestNormal } = precision;
  const { constant, abs, gt, lt } = operations;
  /** A sum that underflows is exact, so it raises nothing. */
  const isBounded = (value: Expression<T>) => lt(abs(value), constant(infinity));
  const isNormal = (value: Expression<T>) => isBetween(operations, value, smallestNormal);
  const isPositive = (value: Expression<T>) => i32.and(gt(value, constant(0)), lt(value, constant(infinity)));
  const two = (operation: (left: Expression<T>, right: Expression<T>) => Expression<T>) => (emit: Emitter) =>
    operation(precision.read(emit, 'frs1'), precision.read(emit, 'frs2'));
  const otherwise = routines(precision.format);
  return {
    fadd: plain(precision, two(operations.add), isBounded, otherwise.fadd),
    fsub: plain(precision, two(operations.sub), isBounded, otherwise.fsub),
    fmul: plain(precision, two(operations.mul), isNormal, otherwise.fmul),
    fdiv: plain(precision, two(operations.div), isNormal, otherwise.fdiv),
    fsqrt: plain(precision, (emit) => operations.sqrt(precision.read(emit, 'frs1')), isPositive, otherwise.fsqrt),
  };
}

/** By the engine where that is right, else otherwise. */
function plain<T extends Float>(
  { write }: Precision<T>,
  value: (emit: Emitter) => Expression<T>,
  isSafe: (value: Expression<T>) => I32,
  otherwise: Semantics,
): Semantics {
  return (emit) => {
    const result = emit.hold(value(emit));
    emit.if(
      i32.and(emit.isPlain, isSafe(result)),
      () => write(emit, result),
      () => otherwise(emit),
    );
  };
}

/**
 * Above the smallest normal number and finite. The smallest normal itself may be a number that was tiny before it was rounded, and
 * raises UF then.
 */
function isBetween<T extends Float>({ abs, gt, lt, constant }: Precision<T>['operations'], value: Expression<T>, lowest: number): I32 {
  return i32.and(gt(abs(value), constant(lowest)), lt(abs(value), constant(infinity)));
}

function fusedDouble() {
  const { fmadd, fmsub, fnmsub, fnmadd } = routines(floatFormat.double);
  return {
    fmadd: quickFusedDouble(signs.fmadd, fmadd),
    fmsub: quickFusedDouble(signs.fmsub, fmsub),
    fnmsub: quickFusedDouble(signs.fnmsub, fnmsub),
    fnmadd: quickFusedDouble(signs.fnmadd, fnmadd),
  };
}

function quickFusedDouble(signs: Signs, otherwise: Semantics): Semantics {
  const isNormal = (value: F64) => isBetween(f64, value, double.smallestNormal);
  const quick = plain(double, (emit) => relaxedMultiplyAdd(...factors(emit, double, signs)), isNormal, otherwise);
  return (emit) => (fusesMultiplyAdd() ? quick(emit) : otherwise(emit));
}

/**
 * The product of two singles is a double; its sum with a third, rounded to a double and then to a single, is rounded right unless the
 * double lies half-way between two singles.
 */
function fusedSingle() {
  const { fmadd, fmsub, fnmsub, fnmadd } = routines(floatFormat.single);
  return {
    fmadd: quickFusedSingle(signs.fmadd, fmadd),
    fmsub: quickFusedSingle(signs.fmsub, fmsub),
    fnmsub: quickFusedSingle(signs.fnmsub, fnmsub),
    fnmadd: quickFusedSingle(signs.fnmadd, fnmadd),
  };
}

function quickFusedSingle(signs: Signs, otherwise: Semantics): Semantics {
  return (emit) => {
    const [a, b, c] = factors(emit, single, signs);
    const sum = emit.hold(f64.add(f64.mul(f64.promote(a), f64.promote(b)), f64.promote(c)));
    const result = emit.hold(f32.demote(sum));
    const below = i64.and(i64.reinterpret(sum), i64.constant(2n ** 29n - 1n));
    const isClear = i64.ne(below, i64.constant(2n ** 28n));
    emit.if(
      i32.and(i32.and(emit.isPlain, isClear), isBetween(f32, result, single.smallestNormal)),
      () => emit.setSingle(result),
      () => otherwise(emit),
    );
  };
}

function factors<T extends Float>(
  emit: Emitter,
  { read, operations: { neg } }: Precision<T>,
  { product, addend }: Signs,
): [Expression<T>, Expression<T>, Expression<T>] {
  const a = read(emit, 'frs1');
  const c = read(emit, 'frs3');
  return [product ? neg(a) : a, read(emit, 'frs2'), addend ? neg(c) : c];
}
