import { type FloatFormatNumber, floatFormat, type RoutineName } from '../../float/routine-types';
import { type Expression, type I32, i64 } from '../../wasm/expression';
import type { Semantics } from '../emitter';
import { areOrdered, double, type Precision, single, sources, suffixed, withoutRounding } from './precision';

type Float = 'f32' | 'f64';

/** Comparisons and the choice of the lesser or greater (Volume I, chapters "F", "D", "Zfh", "Zfa"). What involves a NaN is a routine. */
export const compare = {
  ...suffixed('h', routines(floatFormat.half)),
  ...suffixed('s', quick(single)),
  ...suffixed('d', quick(double)),
};

function routines(format: FloatFormatNumber) {
  const choose = (name: RoutineName): Semantics => {
    return (emit) => emit.setBits(emit.routine(name, emit.bits('frs1'), emit.bits('frs2'), withoutRounding(format)));
  };
  const test = (name: RoutineName): Semantics => {
    return (emit) => emit.set(emit.routine(name, emit.bits('frs1'), emit.bits('frs2'), withoutRounding(format)));
  };
  return {
    fmin: choose('minimum'),
    fmax: choose('maximum'),
    fminm: choose('minimumOrNaN'),
    fmaxm: choose('maximumOrNaN'),
    feq: test('quietEqual'),
    flt: test('less'),
    fle: test('lessEqual'),
    fltq: test('quietLess'),
    fleq: test('quietLessEqual'),
  };
}

function quick<T extends Float>(precision: Precision<T>) {
  const { operations, format } = precision;
  const { fmin, fmax, fminm, fmaxm, feq, flt, fle, fltq, fleq } = routines(format);
  type Pair = readonly [Expression<T>, Expression<T>];
  const choose = (operation: (...pair: Pair) => Expression<T>, otherwise: Semantics): Semantics => {
    return (emit) => {
      const pair = sources(emit, precision);
      emit.if(
        areOrdered(precision, ...pair),
        () => precision.write(emit, operation(...pair)),
        () => otherwise(emit),
      );
    };
  };
  const test = (operation: (...pair: Pair) => I32, otherwise: Semantics): Semantics => {
    return (emit) => {
      const pair = sources(emit, precision);
      emit.if(
        areOrdered(precision, ...pair),
        () => emit.set(i64.extendU(operation(...pair))),
        () => otherwise(emit),
      );
    };
  };
  return {
    fmin: choose(operations.min, fmin),
    fmax: choose(operations.max, fmax),
    fminm: choose(operations.min, fminm),
    fmaxm: choose(operations.max, fmaxm),
    feq: test(operations.eq, feq),
    flt: test(operations.lt, flt),
    fle: test(operations.le, fle),
    fltq: test(operations.lt, fltq),
    fleq: test(operations.le, fleq),
  };
}
