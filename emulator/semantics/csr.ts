import { type I64, i64 } from '../wasm/expression';
import type { Emitter, Semantics } from './emitter';

type Source = (emit: Emitter) => I64;

const fromRegister: Source = (emit) => emit.rs1;
const fromImmediate: Source = (emit) => emit.immediate;

/** Zicsr (Volume I, chapter "Zicsr Extension for Control and Status Register Instructions"). */
export const csr = {
  csrrw: access(fromRegister, (_old, source) => source),
  csrrs: access(fromRegister, i64.or),
  csrrc: access(fromRegister, without),
  csrrwi: access(fromImmediate, (_old, source) => source),
  csrrsi: access(fromImmediate, i64.or),
  csrrci: access(fromImmediate, without),
} satisfies Record<string, Semantics>;

function access(source: Source, operation: (old: I64, source: I64) => I64): Semantics {
  return (emit) => {
    const old = emit.hold(emit.csr);
    emit.setCsr(operation(old, source(emit)));
    emit.set(old);
  };
}

function without(old: I64, bits: I64): I64 {
  return i64.and(old, i64.xor(bits, i64.constant(-1n)));
}
