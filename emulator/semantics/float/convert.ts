import { type FloatFormatNumber, flag, floatFormat, integerKind, rounding } from '../../float/routine-types';
import { type F64, f32, f64, type I32, type I64, i32, i64, select } from '../../wasm/expression';
import type { Emitter, Semantics } from '../emitter';
import { areOrdered, double, how, type Precision, single, suffixed } from './precision';

type Float = 'f32' | 'f64';
type KindName = 'w' | 'wu' | 'l' | 'lu';

/** The integers of conversions: how rs1 is one, and what a double must be to become one. */
const kinds = {
  w: { kind: integerKind.word, signed: true, bits: 32, lowest: -(2 ** 31), end: 2 ** 31 },
  wu: { kind: integerKind.unsignedWord, signed: false, bits: 32, lowest: 0, end: 2 ** 32 },
  l: { kind: integerKind.doubleword, signed: true, bits: 64, lowest: -(2 ** 63), end: 2 ** 63 },
  lu: { kind: integerKind.unsignedDoubleword, signed: false, bits: 64, lowest: 0, end: 2 ** 64 },
} as const;

/** Conversions between formats and with integers, and rounding to integers (Volume I, chapters "F", "D", "Zfh", "Zfa"). */
export const convert = {
  ...suffixed('h', { ...toNamed(toIntegers(floatFormat.half)), ...roundings(floatFormat.half) }),
  ...suffixed('s', { ...toNamed(quickToIntegers(single)), ...roundings(floatFormat.single) }),
  ...suffixed('d', { ...toNamed(quickToIntegers(double)), ...roundings(floatFormat.double) }),
  ...prefixed('h', fromIntegers(floatFormat.half)),
  ...prefixed('s', quickFromIntegers(single)),
  ...prefixed('d', quickFromIntegers(double)),

  'fcvt.h.s': between(floatFormat.single, floatFormat.half),
  'fcvt.h.d': between(floatFormat.double, floatFormat.half),
  'fcvt.s.h': between(floatFormat.half, floatFormat.single),
  'fcvt.d.h': between(floatFormat.half, floatFormat.double),
  'fcvt.s.d': (emit) => {
    const value = emit.hold(f32.demote(emit.double('frs1')));
    const isNormal = i32.and(
      f32.gt(f32.abs(value), f32.constant(2 ** -126)),
      f32.lt(f32.abs(value), f32.constant(Number.POSITIVE_INFINITY)),
    );
    emit.if(
      i32.and(emit.isPlain, isNormal),
      () => emit.setSingle(value),
      () => between(floatFormat.double, floatFormat.single)(emit),
    );
  },
  'fcvt.d.s': (emit) => {
    emit.hold(emit.roundingMode());
    const value = emit.hold(emit.single('frs1'));
    emit.if(
      areOrdered(single, value),
      () => emit.setDouble(f64.promote(value)),
      () => between(floatFormat.single, floatFormat.double)(emit),
    );
  },
  'fcvtmod.w.d': (emit) => emit.set(emit.routine('toWordModulo', emit.bits('frs1'))),
} satisfies Record<string, Semantics>;

function between(from: FloatFormatNumber, to: FloatFormatNumber): Semantics {
  return (emit) => {
    const mode = emit.roundingMode();
    emit.setBits(emit.routine('convert', emit.bits('frs1'), i32.constant(from), how(to, mode)));
  };
}

function roundings(format: FloatFormatNumber) {
  const round = (raisesInexact: 0 | 1): Semantics => {
    return (emit) => {
      const mode = emit.roundingMode();
      emit.setBits(emit.routine('roundToIntegral', emit.bits('frs1'), how(format, mode), i32.constant(raisesInexact)));
    };
  };
  return { fround: round(0), froundnx: round(1) };
}

function toIntegers(format: FloatFormatNumber) {
  return kindsNamed((name) => (emit) => toIntegerBy(emit, format, name, emit.roundingMode()));
}

function toIntegerBy(emit: Emitter, format: FloatFormatNumber, name: KindName, mode: I32): void {
  emit.set(emit.routine('toInteger', emit.bits('frs1'), how(format, mode), i32.constant(kinds[name].kind)));
}

/** Towards zero, as C converts, and to nearest; where the result is in range. */
function quickToIntegers<T extends Float>(precision: Precision<T>) {
  return kindsNamed((name) => (emit) => {
    const { lowest, end, bits, signed } = kinds[name];
    const mode = emit.roundingMode();
    const source = precision.read(emit, 'frs1');
    const value = emit.hold(source.type === 'f32' ? f64.promote(source as never) : (source as F64));
    const isTowardsZero = i32.eq(mode, i32.constant(rounding.towardsZero));
    const rounded = emit.hold(select(isTowardsZero, f64.truncate(value), f64.nearest(value)));
    const isInRange = i32.and(f64.ge(rounded, f64.constant(lowest)), f64.lt(rounded, f64.constant(end)));
    emit.if(
      i32.and(isInRange, i32.ltU(mode, i32.constant(rounding.down))),
      () => {
        const changed = f64.ne(rounded, value);
        emit.if(
          changed,
          () => emit.raise(i32.constant(flag.inexact)),
          () => {},
        );
        const integer = signed || bits === 32 ? i64.truncateSaturatedS(rounded) : i64.truncateSaturatedU(rounded);
        emit.set(bits === 32 ? i64.extend32S(integer) : integer);
      },
      () => toIntegerBy(emit, precision.format, name, mode),
    );
  });
}

function fromIntegers(format: FloatFormatNumber) {
  return kindsNamed((name) => (emit) => fromIntegerBy(emit, format, name, emit.roundingMode()));
}

function fromIntegerBy(emit: Emitter, format: FloatFormatNumber, name: KindName, mode: I32): void {
  emit.setBits(emit.routine(kinds[name].signed ? 'fromSigned' : 'fromUnsigned', integerOf(emit, name), how(format, mode)));
}

/** By the engine where the integer is surely a number of the format, or the instruction is plain. */
function quickFromIntegers<T extends Float>(precision: Precision<T>) {
  const { operations, significantBits, format } = precision;
  return kindsNamed((name) => (emit) => {
    const { signed, bits } = kinds[name];
    const integer = emit.hold(integerOf(emit, name));
    const write = () => precision.write(emit, signed ? operations.convertS(integer) : operations.convertU(integer));
    const mode = emit.roundingMode();
    if (bits < significantBits) {
      write();
      return;
    }
    const limit = 2n ** BigInt(significantBits);
    const isSmall = i64.leU(signed ? i64.add(integer, i64.constant(limit)) : integer, i64.constant(signed ? 2n * limit : limit));
    emit.if(i32.or(isSmall, emit.isPlain), write, () => fromIntegerBy(emit, format, name, mode));
  });
}

function integerOf(emit: Emitter, name: KindName): I64 {
  if (name === 'w') return i64.extend32S(emit.rs1);
  return name === 'wu' ? i64.and(emit.rs1, i64.constant(0xffff_ffffn)) : emit.rs1;
}

function kindsNamed(semanticsOf: (name: KindName) => Semantics): Readonly<Record<KindName, Semantics>> {
  return { w: semanticsOf('w'), wu: semanticsOf('wu'), l: semanticsOf('l'), lu: semanticsOf('lu') };
}

/** Semantics whose mnemonics are `fcvt`, the name of a kind and, still to come, the letter of a format. */
function toNamed({ w, wu, l, lu }: Readonly<Record<KindName, Semantics>>) {
  return { 'fcvt.w': w, 'fcvt.wu': wu, 'fcvt.l': l, 'fcvt.lu': lu };
}

/** Semantics whose mnemonics are `fcvt`, the letter of a format, the name of a kind. */
function prefixed<S extends 'h' | 's' | 'd'>(format: S, semantics: Readonly<Record<KindName, Semantics>>) {
  const entries = Object.entries(semantics).map(([name, meaning]) => [`fcvt.${format}.${name}`, meaning]);
  return Object.fromEntries(entries) as Readonly<Record<`fcvt.${S}.${KindName}`, Semantics>>;
}
