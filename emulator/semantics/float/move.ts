import { type FloatFormatNumber, floatFormat } from '../../float/routine-types';
import { f32, f64, type I64, i32, i64, select } from '../../wasm/expression';
import type { Emitter, FloatSource, Semantics } from '../emitter';
import { suffixed, withoutRounding } from './precision';

const singleBox = -1n << 32n;
const halfBox = -1n << 16n;
const canonicalHalf = 0x7e00n;

/** Loads, stores, moves and sign injection: what does not compute (Volume I, chapters "F", "D", "Zfh"). */
export const move = {
  flh: load((emit, address) => boxed(emit.load(address, 2, 'unsigned'), halfBox)),
  flw: load((emit, address) => boxed(emit.load(address, 4, 'unsigned'), singleBox)),
  fld: load((emit, address) => emit.load(address, 8, 'unsigned')),
  fsh: store(2),
  fsw: store(4),
  fsd: store(8),

  'fmv.x.h': (emit) => emit.set(i64.shrS(i64.shl(emit.bits('frs1'), i64.constant(48n)), i64.constant(48n))),
  'fmv.x.w': (emit) => emit.set(i64.extend32S(emit.bits('frs1'))),
  'fmv.x.d': (emit) => emit.set(emit.bits('frs1')),
  'fmv.h.x': (emit) => emit.setBits(boxed(emit.rs1, halfBox)),
  'fmv.w.x': (emit) => emit.setBits(boxed(emit.rs1, singleBox)),
  'fmv.d.x': (emit) => emit.setBits(emit.rs1),

  ...suffixed('h', {
    fsgnj: injectHalf((_, sign) => sign),
    fsgnjn: injectHalf((_, sign) => i64.xor(sign, i64.constant(-1n))),
    fsgnjx: injectHalf(i64.xor),
  }),
  ...suffixed('s', {
    fsgnj: (emit) => emit.setSingle(f32.copySign(emit.single('frs1'), emit.single('frs2'))),
    fsgnjn: (emit) => emit.setSingle(f32.copySign(emit.single('frs1'), f32.neg(emit.single('frs2')))),
    fsgnjx: (emit) => {
      const sign = i32.and(i32.reinterpret(emit.single('frs2')), i32.constant(-(2 ** 31)));
      emit.setSingle(f32.reinterpret(i32.xor(i32.reinterpret(emit.single('frs1')), sign)));
    },
  }),
  ...suffixed('d', {
    fsgnj: (emit) => emit.setDouble(f64.copySign(emit.double('frs1'), emit.double('frs2'))),
    fsgnjn: (emit) => emit.setDouble(f64.copySign(emit.double('frs1'), f64.neg(emit.double('frs2')))),
    fsgnjx: (emit) => emit.setBits(i64.xor(emit.bits('frs1'), i64.and(emit.bits('frs2'), i64.constant(-(2n ** 63n))))),
  }),

  ...suffixed('h', { fli: loadConstant(floatFormat.half), fclass: classify(floatFormat.half) }),
  ...suffixed('s', { fli: loadConstant(floatFormat.single), fclass: classify(floatFormat.single) }),
  ...suffixed('d', { fli: loadConstant(floatFormat.double), fclass: classify(floatFormat.double) }),
} satisfies Record<string, Semantics>;

function load(value: (emit: Emitter, address: I64) => I64): Semantics {
  return (emit) => emit.setBits(value(emit, i64.add(emit.rs1, emit.immediate)));
}

function store(size: 2 | 4 | 8): Semantics {
  return (emit) => emit.store(i64.add(emit.rs1, emit.immediate), size, emit.bits('frs2'));
}

/** The low bits of a value in the box of their format: all ones above. */
function boxed(value: I64, box: bigint): I64 {
  return i64.or(value, i64.constant(box));
}

/** A half by its bits, in its box; the canonical NaN where it is in none. */
function half(emit: Emitter, source: FloatSource): I64 {
  const bits = emit.hold(emit.bits(source));
  const box = i64.constant(halfBox);
  return select(i64.eq(i64.and(bits, box), box), bits, i64.constant(halfBox | canonicalHalf));
}

function injectHalf(operation: (own: I64, sign: I64) => I64): Semantics {
  return (emit) => {
    const a = emit.hold(half(emit, 'frs1'));
    const sign = i64.and(operation(a, half(emit, 'frs2')), i64.constant(0x8000n));
    emit.setBits(i64.or(i64.and(a, i64.constant(~0x8000n)), sign));
  };
}

function loadConstant(format: FloatFormatNumber): Semantics {
  return (emit) => emit.setBits(emit.routine('constant', emit.immediate, withoutRounding(format)));
}

function classify(format: FloatFormatNumber): Semantics {
  return (emit) => emit.set(emit.routine('classify', emit.bits('frs1'), withoutRounding(format)));
}
