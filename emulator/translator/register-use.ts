import type { Instruction } from '../../riscv/instruction';
import type { ControlFlow } from './control-flow';
import type { Effects } from './effects';
import { justF, justX, noRegisters, type RegisterSet, xBit } from './register-set';

/** What registers a block finds in its locals when it begins, and which of those differ from linear memory. */
export interface RegisterUse {
  /** Read before they are written, here or further on. */
  readonly live: RegisterSet;
  readonly dirty: RegisterSet;
}

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
  readonly #x: BankUse;
  readonly #f: BankUse;
  /** Registers that are dirty on one way to a block and would not be known on another. */
  readonly always: RegisterSet;
  /** Registers that are never dirty. */
  readonly settled: RegisterSet;
  readonly #writesBack: readonly boolean[];

  constructor(flow: ControlFlow, settled = noRegisters) {
    this.settled = settled;
    this.#writesBack = flow.blocks.map(
      ({ end }, index) => end.kind !== 'call' && flow.successors(index).length > 0 && !flow.isInInnermostLoop(index),
    );
    const { x, f } = summarize(flow, this.#writesBack);
    this.#x = useOf(flow, x, ~settled.x);
    this.#f = useOf(flow, f, ~settled.f);
    this.always = { x: this.#x.always, f: this.#f.always };
  }

  /** Whether a block writes what is dirty to linear memory at its end. Those with a call do in any case. */
  writesBack(index: number): boolean {
    return this.#writesBack[index]!;
  }

  at(index: number): RegisterUse {
    const [x, f] = [this.#x, this.#f];
    return { live: { x: x.live[index]!, f: f.live[index]! }, dirty: { x: x.dirty[index]!, f: f.dirty[index]! } };
  }
}

/** The use of x or f registers, which do not depend on each other: bits of numbers, by blocks. */
interface BankUse {
  readonly live: readonly number[];
  readonly dirty: readonly number[];
  readonly always: number;
}

/** What blocks read before they write it, what they write, whether they end with a call, and whether nothing is dirty behind them. */
interface Summaries {
  readonly read: readonly number[];
  readonly written: readonly number[];
  readonly calls: readonly boolean[];
  readonly clean: readonly boolean[];
}

/** `mask` has the registers that may be dirty. */
function useOf(flow: ControlFlow, summaries: Summaries, mask: number): BankUse {
  const { read, written } = summaries;
  if (written.every((bits, index) => bits === 0 && read[index] === 0)) return { live: read, dirty: written, always: 0 };
  const live = findLive(flow, summaries);
  const dirty = findDirty(flow, summaries, mask);
  return { live, dirty, always: findUnknown(flow, summaries, live, dirty) };
}

function summarize({ blocks }: ControlFlow, writesBack: readonly boolean[]): { readonly x: Summaries; readonly f: Summaries } {
  const calls = blocks.map(({ end }) => end.kind === 'call');
  const clean = calls.map((isCall, index) => isCall || writesBack[index]!);
  const x = { read: [] as number[], written: [] as number[], calls, clean };
  const f = { read: [] as number[], written: [] as number[], calls, clean };
  for (const { steps } of blocks) {
    let [readsX, writesX, readsF, writesF] = [0, 0, 0, 0];
    for (const { read, written } of steps) {
      readsX |= read.x & ~writesX;
      writesX |= written.x;
      readsF |= read.f & ~writesF;
      writesF |= written.f;
    }
    x.read.push(readsX);
    x.written.push(writesX);
    f.read.push(readsF);
    f.written.push(writesF);
  }
  return { x, f };
}

function findLive(flow: ControlFlow, { read, written, calls }: Summaries): number[] {
  const live = read.slice();
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = live.length - 1; index >= 0; index -= 1) {
      if (calls[index]) continue;
      let after = 0;
      for (const next of flow.successors(index)) after |= live[next]!;
      const here = live[index]! | (after & ~written[index]!);
      if (here === live[index]) continue;
      live[index] = here;
      changed = true;
    }
  }
  return live;
}

/** `mask` has the registers that may be dirty. */
function findDirty(flow: ControlFlow, { written, clean }: Summaries, mask: number): number[] {
  const dirty = written.map(() => 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 0; index < dirty.length; index += 1) {
      let here = dirty[index]!;
      for (const from of flow.predecessors(index)) if (!clean[from]) here |= dirty[from]! | (written[from]! & mask);
      if (here === dirty[index]) continue;
      dirty[index] = here;
      changed = true;
    }
  }
  return dirty;
}

/** The dirty registers of blocks that not every way to them has loaded or written. */
function findUnknown(flow: ControlFlow, { written, calls }: Summaries, live: readonly number[], dirty: readonly number[]): number {
  const known = live.map((bits, index) => (index === 0 ? bits : -1));
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 0; index < known.length; index += 1) {
      let here = known[index]!;
      for (const from of flow.predecessors(index)) here &= calls[from] ? live[index]! : known[from]! | written[from]!;
      if (here === known[index]) continue;
      known[index] = here;
      changed = true;
    }
  }
  let unknown = 0;
  for (let index = 0; index < known.length; index += 1) unknown |= dirty[index]! & ~known[index]!;
  return unknown;
}
