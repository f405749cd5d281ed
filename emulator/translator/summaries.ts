import type { ControlFlow, Step } from './control-flow';
import { xBit } from './register-set';

/** What the steps of a region's blocks do with registers: bits of numbers, by blocks. It is found once, for all that depends on it. */
export interface Summaries {
  readonly x: BankSummary;
  readonly f: BankSummary;
  /** Registers that accesses are beside. */
  readonly bases: readonly number[];
  /** Registers that are given another value than what they held and a constant. */
  readonly replaced: readonly number[];
  readonly hasAccess: boolean;
  /** Blocks that ask whether arithmetic is plain. */
  readonly asksPlain: readonly boolean[];
}

/** The x or f registers that blocks read before they write them, and those that they write. */
export interface BankSummary {
  readonly read: readonly number[];
  readonly written: readonly number[];
}

export function summariesOf({ blocks }: ControlFlow): Summaries {
  const x = { read: [] as number[], written: [] as number[] };
  const f = { read: [] as number[], written: [] as number[] };
  const bases: number[] = [];
  const replaced: number[] = [];
  const asksPlain: boolean[] = [];
  let hasAccess = false;
  for (let index = 0; index < blocks.length; index += 1) {
    const { steps } = blocks[index]!;
    let readsX = 0;
    let writesX = 0;
    let readsF = 0;
    let writesF = 0;
    let accessed = 0;
    let others = 0;
    let asks = false;
    for (let place = 0; place < steps.length; place += 1) {
      const step = steps[place]!;
      const { read, written } = step;
      readsX |= read.x & ~writesX;
      writesX |= written.x;
      readsF |= read.f & ~writesF;
      writesF |= written.f;
      if (!isMove(step)) others |= written.x;
      asks ||= step.effects.asksPlain;
      if (!step.effects.access) continue;
      accessed |= xBit(step.instruction.rs1);
      hasAccess = true;
    }
    x.read.push(readsX);
    x.written.push(writesX);
    f.read.push(readsF);
    f.written.push(writesF);
    bases.push(accessed);
    replaced.push(others);
    asksPlain.push(asks);
  }
  return { x, f, bases, replaced, hasAccess, asksPlain };
}

/** Whether a step adds a constant to a register. */
function isMove({ instruction: { meaning, rd, rs1 }, hook }: Step): boolean {
  return meaning === 'addi' && rd === rs1 && !hook;
}

/** The registers that any block has. */
export function inAny(bits: readonly number[]): number {
  let all = 0;
  for (let index = 0; index < bits.length; index += 1) all |= bits[index]!;
  return all;
}
