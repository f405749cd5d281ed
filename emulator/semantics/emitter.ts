import type { RoutineName } from '../float/routine-types';
import type { Expression, F32, F64, I32, I64, ValueType } from '../wasm/expression';

/** Bytes of a memory access. */
export type AccessSize = 1 | 2 | 4 | 8;

/**
 * What one instruction means, as WebAssembly written through an emitter. An instruction that faults must have changed nothing, so
 * everything that can fault comes before `set` and before the store itself. Operands are read anew at each use: `hold` what is used
 * after `set`.
 */
export type Semantics = (emit: Emitter) => void;

/** Why an instruction is completed by the host. */
export type Leaving = 'environment-call' | 'breakpoint' | 'fence.i' | 'privileged';

/** What is done with a cache block, each of which an execution environment may permit or not (menvcfg). */
export type CacheControl = 'invalidate' | 'clean' | 'zero';

/** A source that is a floating-point register. */
export type FloatSource = 'frs1' | 'frs2' | 'frs3';

/** The hart as the semantics see it: operands come from the instruction that is being written, whatever holds the registers. */
export interface Emitter {
  readonly rs1: I64;
  readonly rs2: I64;
  readonly immediate: I64;
  /** The address of the instruction, and of the one after it. */
  readonly pc: I64;
  readonly nextPc: I64;

  /** Evaluates once, now, and gives the value for any number of uses. */
  hold<T extends ValueType>(value: Expression<T>): Expression<T>;
  /** Writes rd. */
  set(value: I64): void;
  if(condition: I32, then: () => void, otherwise: () => void): void;

  /** Checks a load and gives its value, to be evaluated once and before anything else is written. */
  load(address: I64, size: AccessSize, extension: 'signed' | 'unsigned'): I64;
  store(address: I64, size: AccessSize, value: I64): void;
  /** Leaves with an exception unless an atomic access may be made there: aligned, and the page permits it. */
  checkAtomic(address: I64, size: 4 | 8, access: 'load' | 'store'): void;
  /** Leaves with a store's exception unless the byte there may be read or written: what managing its cache block asks for. */
  checkBlock(address: I64): void;
  /** Leaves for the host unless the mode of the hart permits this management of cache blocks. */
  checkCacheControl(kind: CacheControl): void;
  /** What `lr` reserved: its address plus the number of bytes over 8, or -1. */
  readonly reservation: I64;
  reserve(value: I64): void;

  /** Leaves with a misaligned fetch where no instruction can begin at a jump's target: at a halfword, without compressed code. */
  checkTarget(target: I64): void;
  /** Goes to pc plus the immediate, or only where the condition is not 0; a target that is taken is checked as `checkTarget` does. */
  branch(condition?: I32): void;
  jump(target: I64): void;

  /** The value of the instruction's CSR. */
  readonly csr: I64;
  /** Writes the instruction's CSR, unless the instruction is one that only reads (`csrrs` with x0 and its like). */
  setCsr(value: I64): void;

  /** A floating-point source: its 64 bits, those as a double, and the single in it, which is the canonical NaN unless it is boxed. */
  bits(source: FloatSource): I64;
  double(source: FloatSource): F64;
  single(source: FloatSource): F32;
  /** Writes frd; a single is boxed. */
  setBits(value: I64): void;
  setDouble(value: F64): void;
  setSingle(value: F32): void;
  /**
   * Not 0 where the instruction rounds to nearest, ties to even, and NX is raised already. The engine's own operation then has the
   * right bits, and the right flags wherever its result cannot come with any other flag.
   */
  readonly isPlain: I32;
  /** The rounding mode, 0-4; leaves with an illegal instruction where it is reserved. To be called before anything is written. */
  roundingMode(): I32;
  /** Raises these exception flags. They are in the hart's state: routines raise theirs there too. */
  raise(flags: I32): void;
  /** Calls a routine of the software arithmetic. */
  routine(name: RoutineName, ...operands: readonly Expression[]): I64;

  /** Leaves the engine at this instruction, which the host then completes. */
  leave(why: Leaving): void;
}
