import { type Expression, type I64, i64, select } from '../wasm/expression';
import type { Emitter, Semantics } from './emitter';

type Operation = (memory: I64, register: I64) => I64;

const noReservation = i64.constant(-1n);

/**
 * A (Volume I, chapter "A Extension for Atomic Instructions"). One hart runs at a time, so every access is atomic and aq and rl
 * ask for nothing. The reservation is the address and size of the last `lr`; any `sc` ends it, a plain store does not.
 */
export const atomic = {
  'lr.w': loadReserved(4),
  'lr.d': loadReserved(8),
  'sc.w': storeConditional(4),
  'sc.d': storeConditional(8),
  'amoswap.w': exchange(4, (_memory, register) => register),
  'amoswap.d': exchange(8, (_memory, register) => register),
  'amoadd.w': exchange(4, i64.add),
  'amoadd.d': exchange(8, i64.add),
  'amoxor.w': exchange(4, i64.xor),
  'amoxor.d': exchange(8, i64.xor),
  'amoand.w': exchange(4, i64.and),
  'amoand.d': exchange(8, i64.and),
  'amoor.w': exchange(4, i64.or),
  'amoor.d': exchange(8, i64.or),
  'amomin.w': exchange(4, choose(i64.ltS)),
  'amomin.d': exchange(8, choose(i64.ltS)),
  'amomax.w': exchange(4, choose(i64.gtS)),
  'amomax.d': exchange(8, choose(i64.gtS)),
  'amominu.w': exchange(4, choose(i64.ltU)),
  'amominu.d': exchange(8, choose(i64.ltU)),
  'amomaxu.w': exchange(4, choose(i64.gtU)),
  'amomaxu.d': exchange(8, choose(i64.gtU)),
} satisfies Record<string, Semantics>;

function loadReserved(size: 4 | 8): Semantics {
  return (emit) => {
    emit.checkAtomic(emit.rs1, size, 'load');
    const value = emit.hold(emit.load(emit.rs1, size, 'signed'));
    emit.reserve(reservationOf(emit.rs1, size));
    emit.set(value);
  };
}

function storeConditional(size: 4 | 8): Semantics {
  return (emit) => {
    emit.checkAtomic(emit.rs1, size, 'store');
    const failed = emit.hold(i64.extendU(i64.ne(emit.reservation, reservationOf(emit.rs1, size))));
    emit.if(
      i64.eqz(failed),
      () => emit.store(emit.rs1, size, emit.rs2),
      () => {},
    );
    emit.reserve(noReservation);
    emit.set(failed);
  };
}

/** Loads, combines with rs2 and stores; both sides are sign-extended words where the size is 4, which keeps every order of words. */
function exchange(size: 4 | 8, operation: Operation): Semantics {
  return (emit) => {
    emit.checkAtomic(emit.rs1, size, 'store');
    const memory = emit.hold(emit.load(emit.rs1, size, 'signed'));
    const register = emit.hold(size === 4 ? i64.extend32S(emit.rs2) : emit.rs2);
    emit.store(emit.rs1, size, operation(memory, register));
    emit.set(memory);
  };
}

function choose(memoryWins: (memory: I64, register: I64) => Expression<'i32'>): Operation {
  return (memory, register) => select(memoryWins(memory, register), memory, register);
}

function reservationOf(address: Emitter['rs1'], size: 4 | 8): I64 {
  return i64.add(address, i64.constant(BigInt(size >> 3)));
}
