import { type FloatFormatNumber, floatFormat } from '../../float/routine-types';
import { type Expression, type FloatOperations, f32, f64, type I32, type I64, i32, type ValueType } from '../../wasm/expression';
import type { Emitter, FloatSource, Semantics } from '../emitter';

/** A format that the engine computes in. */
export interface Precision<T extends 'f32' | 'f64' = 'f32' | 'f64'> {
  readonly format: FloatFormatNumber;
  readonly operations: FloatOperations<T> & {
    readonly constant: (value: number) => Expression<T>;
    readonly convertS: (value: I64) => Expression<T>;
    readonly convertU: (value: I64) => Expression<T>;
  };
  /** The smallest normal number. */
  readonly smallestNormal: number;
  /** Every integer of at most this many bits is a number of the format. */
  readonly significantBits: number;
  read(emit: Emitter, source: FloatSource): Expression<T>;
  write(emit: Emitter, value: Expression<T>): void;
}

export const single: Precision<'f32'> = {
  format: floatFormat.single,
  operations: f32,
  smallestNormal: 2 ** -126,
  significantBits: 24,
  read: (emit, source) => emit.single(source),
  write: (emit, value) => emit.setSingle(value),
};

export const double: Precision<'f64'> = {
  format: floatFormat.double,
  operations: f64,
  smallestNormal: 2 ** -1022,
  significantBits: 53,
  read: (emit, source) => emit.double(source),
  write: (emit, value) => emit.setDouble(value),
};

/** The `how` of a routine that rounds to a format. */
export function how(format: FloatFormatNumber, mode: I32): I32 {
  return i32.or(mode, withoutRounding(format));
}

/** The `how` of a routine that does not round. */
export function withoutRounding(format: FloatFormatNumber): I32 {
  return i32.constant(format << 3);
}

/** Semantics whose mnemonics end in a dot and the letter of a format. */
export function suffixed<K extends string, S extends 'h' | 's' | 'd'>(
  suffix: S,
  semantics: Readonly<Record<K, Semantics>>,
): Readonly<Record<`${K}.${S}`, Semantics>> {
  const entries = Object.entries(semantics).map(([name, meaning]) => [`${name}.${suffix}`, meaning]);
  return Object.fromEntries(entries);
}

/** Reads both sources; they are held. */
export function sources<T extends 'f32' | 'f64'>(emit: Emitter, { read }: Precision<T>): [Expression<T>, Expression<T>] {
  return [emit.hold(read(emit, 'frs1')), emit.hold(read(emit, 'frs2'))];
}

/** Whether neither is a NaN. */
export function areOrdered<T extends 'f32' | 'f64'>({ operations }: Precision<T>, ...values: readonly Expression<T>[]): I32 {
  const { eq } = operations as FloatOperations<T & ValueType>;
  return values.map((value) => eq(value, value)).reduce(i32.and);
}
