import type { Instruction } from '../../riscv/instruction';
import type { Block, ControlFlow } from './control-flow';
import type { Effects } from './effects';
import { allRegisters, areSame, common, noRegisters, type RegisterSet, union, without, xBit } from './register-set';

/** What registers a block finds in its locals when it begins, and which of those differ from linear memory. */
export interface RegisterUse {
  /** Read before they are written, here or further on. */
  readonly live: RegisterSet;
  readonly dirty: RegisterSet;
}

/** The registers that an instruction reads. */
export function registersRead({ rs1, rs2, frs1, frs2, frs3 }: Instruction, { reads }: Effects): RegisterSet {
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
  if (writes === 'rd') return { x: xBit(rd), f: 0 };
  return writes === 'frd' ? { x: 0, f: 1 << frd } : noRegisters;
}

/**
 * How the blocks of a region use registers. Linear memory is read where a region is entered and after each of its calls, which expect and
 * leave all registers there: those that are then live, and those of `always`.
 */
export class RegisterUses {
  readonly #uses: RegisterUse[];
  /** Registers that are dirty on one way to a block and would not be known on another. */
  readonly always: RegisterSet;

  /** Registers that are never dirty. */
  readonly settled: RegisterSet;

  constructor(flow: ControlFlow, settled = noRegisters) {
    this.settled = settled;
    const summaries = flow.blocks.map((block) => summarize(block, settled));
    const live = findLive(flow, summaries);
    const dirty = findDirty(flow, summaries);
    this.#uses = flow.blocks.map((_, index) => ({ live: live[index]!, dirty: dirty[index]! }));
    this.always = findUnknown(flow, summaries, live, dirty);
  }

  at(index: number): RegisterUse {
    return this.#uses[index]!;
  }
}

interface Summary {
  readonly read: RegisterSet;
  readonly written: RegisterSet;
  /** Those of them whose values linear memory does not have. */
  readonly stale: RegisterSet;
  readonly calls: boolean;
}

function summarize({ steps, end }: Block, settled: RegisterSet): Summary {
  let [x, f, writtenX, writtenF] = [0, 0, 0, 0];
  for (const { read, written } of steps) {
    x |= read.x & ~writtenX;
    f |= read.f & ~writtenF;
    writtenX |= written.x;
    writtenF |= written.f;
  }
  const written = { x: writtenX, f: writtenF };
  return { read: { x, f }, written, stale: without(written, settled), calls: end.kind === 'call' };
}

function findLive(flow: ControlFlow, summaries: readonly Summary[]): RegisterSet[] {
  const live = summaries.map(({ read }) => read);
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = live.length - 1; index >= 0; index -= 1) {
      for (const from of flow.predecessors(index)) {
        const { written, calls } = summaries[from]!;
        if (calls) continue;
        const more = union(live[from]!, without(live[index]!, written));
        if (areSame(live[from]!, more)) continue;
        live[from] = more;
        changed = true;
      }
    }
  }
  return live;
}

function findDirty(flow: ControlFlow, summaries: readonly Summary[]): RegisterSet[] {
  const dirty: RegisterSet[] = summaries.map(() => noRegisters);
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 0; index < dirty.length; index += 1) {
      for (const from of flow.predecessors(index)) {
        const { stale, calls } = summaries[from]!;
        if (calls) continue;
        const more = union(dirty[index]!, union(dirty[from]!, stale));
        if (areSame(dirty[index]!, more)) continue;
        dirty[index] = more;
        changed = true;
      }
    }
  }
  return dirty;
}

/** The dirty registers of blocks that not every way to them has loaded or written. */
function findUnknown(
  flow: ControlFlow,
  summaries: readonly Summary[],
  live: readonly RegisterSet[],
  dirty: readonly RegisterSet[],
): RegisterSet {
  const known: RegisterSet[] = summaries.map((_, index) => (index === 0 ? live[0]! : allRegisters));
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 0; index < known.length; index += 1) {
      for (const from of flow.predecessors(index)) {
        const { written, calls } = summaries[from]!;
        const here = common(known[index]!, calls ? live[index]! : union(known[from]!, written));
        if (areSame(here, known[index]!)) continue;
        known[index] = here;
        changed = true;
      }
    }
  }
  return dirty.reduce((all, here, index) => union(all, without(here, known[index]!)), noRegisters);
}
