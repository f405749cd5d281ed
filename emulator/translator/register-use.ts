import type { Instruction } from '../../riscv/instruction';
import type { ControlFlow } from './control-flow';
import type { Effects } from './effects';
import { justF, justX, noRegisters, type RegisterSet, xBit } from './register-set';
import { type BankSummary, inAny, type Summaries } from './summaries';

/** The registers that an instruction reads. */
export function registersRead({ rs1, rs2, frs1, frs2, frs3 }: Instruction, { reads }: Effects): RegisterSet {
  if (reads.size === 0) return noRegisters;
  if (reads.size === 1 && reads.has('rs1')) return justX(rs1);
  let x = 0;
  let f = 0;
  if (reads.has('rs1')) x |= xBit(rs1);
  if (reads.has('rs2')) x |= xBit(rs2);
  if (reads.has('frs1')) f |= 1 << frs1;
  if (reads.has('frs2')) f |= 1 << frs2;
  if (reads.has('frs3')) f |= 1 << frs3;
  return { x, f };
}

/** The registers that an instruction writes. */
export function registersWritten({ rd, frd }: Instruction, { writes }: Effects): RegisterSet {
  if (writes === 'rd') return justX(rd);
  return writes === 'frd' ? justF(frd) : noRegisters;
}

/**
 * How the blocks of a region use registers. Linear memory is read where a region is entered and after each of its calls, which expect and
 * leave all registers there: those that are then live, and those of `always`. Outside of innermost loops it is written at the end of each
 * block: the ways out of those that follow have little to write then, and values that nothing reads any more are done with.
 */
export class RegisterUses {
  /** By blocks the registers that they, or those behind them, read before they write them. */
  readonly live: readonly RegisterSet[];
  /** By blocks the registers that differ from linear memory where they begin. */
  readonly dirty: readonly RegisterSet[];
  /** Registers that are dirty on one way to a block and would not be known on another. */
  readonly always: RegisterSet;
  /** Registers that are never dirty. */
  readonly settled: RegisterSet;
  readonly #writesBack: boolean[] = [];
  readonly #summaries: Summaries;

  constructor(flow: ControlFlow, summaries: Summaries, settled = noRegisters) {
    this.settled = settled;
    this.#summaries = summaries;
    const calls: boolean[] = [];
    const clean: boolean[] = [];
    for (const { end, index } of flow.blocks) {
      const isCall = end.kind === 'call';
      const writesBack = !isCall && flow.successors(index).length > 0 && !flow.isInInnermostLoop(index);
      this.#writesBack.push(writesBack);
      calls.push(isCall);
      clean.push(isCall || writesBack);
    }
    const x = useOf(flow, summaries.x, calls, clean, ~settled.x);
    const f = useOf(flow, summaries.f, calls, clean, ~settled.f);
    this.live = setsOf(x.live, f.live);
    this.dirty = setsOf(x.dirty, f.dirty);
    this.always = { x: x.always, f: f.always };
  }

  /** What is dirty where registers were written. */
  dirtyAfter(dirty: RegisterSet, written: RegisterSet): RegisterSet {
    return this.#with(dirty, written.x, written.f);
  }

  /** The same behind the last step of a block. */
  dirtyBehind(index: number): RegisterSet {
    return this.#with(this.dirty[index]!, this.#summaries.x.written[index]!, this.#summaries.f.written[index]!);
  }

  #with(dirty: RegisterSet, writtenX: number, writtenF: number): RegisterSet {
    const x = dirty.x | (writtenX & ~this.settled.x);
    const f = dirty.f | (writtenF & ~this.settled.f);
    return x === dirty.x && f === dirty.f ? dirty : { x, f };
  }

  /** Whether a block writes what is dirty to linear memory at its end. Those with a call do in any case. */
  writesBack(index: number): boolean {
    return this.#writesBack[index]!;
  }
}

function setsOf(x: readonly number[], f: readonly number[]): RegisterSet[] {
  const sets: RegisterSet[] = [];
  for (let index = 0; index < x.length; index += 1) {
    sets.push(x[index] === 0 && f[index] === 0 ? noRegisters : { x: x[index]!, f: f[index]! });
  }
  return sets;
}

/** The use of x or f registers, which do not depend on each other: bits of numbers, by blocks. */
interface BankUse {
  readonly live: readonly number[];
  readonly dirty: readonly number[];
  readonly always: number;
}

/** Blocks may end with a call, nothing may be dirty behind them, and `mask` has the registers that may be dirty. */
function useOf(
  flow: ControlFlow,
  { read, written }: BankSummary,
  calls: readonly boolean[],
  clean: readonly boolean[],
  mask: number,
): BankUse {
  if (inAny(written) === 0 && inAny(read) === 0) return { live: read, dirty: written, always: 0 };
  const live = findLive(flow, read, written, calls);
  const dirty = findDirty(flow, written, clean, mask);
  return { live, dirty, always: findUnknown(flow, written, calls, live, dirty) };
}

function findLive(flow: ControlFlow, read: readonly number[], written: readonly number[], calls: readonly boolean[]): number[] {
  const live = read.slice();
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = live.length - 1; index >= 0; index -= 1) {
      if (calls[index]) continue;
      const successors = flow.successors(index);
      let after = 0;
      for (let place = 0; place < successors.length; place += 1) after |= live[successors[place]!]!;
      const here = live[index]! | (after & ~written[index]!);
      if (here === live[index]) continue;
      live[index] = here;
      changed = flow.hasLoops;
    }
  }
  return live;
}

function findDirty(flow: ControlFlow, written: readonly number[], clean: readonly boolean[], mask: number): number[] {
  const dirty: number[] = [];
  while (dirty.length < written.length) dirty.push(0);
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 0; index < dirty.length; index += 1) {
      const predecessors = flow.predecessors(index);
      let here = dirty[index]!;
      for (let place = 0; place < predecessors.length; place += 1) {
        const from = predecessors[place]!;
        if (!clean[from]) here |= dirty[from]! | (written[from]! & mask);
      }
      if (here === dirty[index]) continue;
      dirty[index] = here;
      changed = flow.hasLoops;
    }
  }
  return dirty;
}

/** The dirty registers of blocks that not every way to them has loaded or written. */
function findUnknown(
  flow: ControlFlow,
  written: readonly number[],
  calls: readonly boolean[],
  live: readonly number[],
  dirty: readonly number[],
): number {
  if (inAny(dirty) === 0) return 0;
  const known = [live[0]!];
  while (known.length < live.length) known.push(-1);
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 0; index < known.length; index += 1) {
      const predecessors = flow.predecessors(index);
      let here = known[index]!;
      for (let place = 0; place < predecessors.length; place += 1) {
        const from = predecessors[place]!;
        here &= calls[from] ? live[index]! : known[from]! | written[from]!;
      }
      if (here === known[index]) continue;
      known[index] = here;
      changed = flow.hasLoops;
    }
  }
  let unknown = 0;
  for (let index = 0; index < known.length; index += 1) unknown |= dirty[index]! & ~known[index]!;
  return unknown;
}
