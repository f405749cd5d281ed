import { i64, select } from '../wasm/expression';
import type { CacheControl, Emitter, Semantics } from './emitter';

/** Bytes of a cache block, as QEMU has them; naturally aligned, so that a block lies in one page. */
const blockSize = 64;

const nothing: Semantics = () => {};
const zero = i64.constant(0n);

/**
 * Zicond, Zihintpause and the cache operations of Zicbom, Zicbop and Zicboz (Volume I, chapters of these names). There is no cache
 * here: to manage a block is to ask whether it may be accessed.
 */
export const zi = {
  'czero.eqz': (emit) => emit.set(select(i64.eqz(emit.rs2), zero, emit.rs1)),
  'czero.nez': (emit) => emit.set(select(i64.eqz(emit.rs2), emit.rs1, zero)),

  pause: nothing,
  'prefetch.i': nothing,
  'prefetch.r': nothing,
  'prefetch.w': nothing,

  'cbo.inval': manage('invalidate'),
  'cbo.clean': manage('clean'),
  'cbo.flush': manage('clean'),
  'cbo.zero': (emit) => {
    emit.checkCacheControl('zero');
    const block = emit.hold(blockOf(emit));
    for (let at = 0; at < blockSize; at += 8) emit.store(i64.add(block, i64.constant(BigInt(at))), 8, zero);
  },
} satisfies Record<string, Semantics>;

function manage(kind: CacheControl): Semantics {
  return (emit) => {
    emit.checkCacheControl(kind);
    emit.checkBlock(blockOf(emit));
  };
}

function blockOf(emit: Emitter) {
  return i64.and(emit.rs1, i64.constant(BigInt(-blockSize)));
}
