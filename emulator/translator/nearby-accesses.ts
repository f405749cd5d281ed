import { pageSize } from '../linear-memory';
import type { ControlFlow, Step } from './control-flow';
import { xBit } from './register-set';
import type { Summaries } from './summaries';

/** The memory [low, high) beside the value of a register, and what it is to be accessed for. */
export interface Check {
  readonly base: number;
  readonly low: number;
  readonly high: number;
  /** Of `permissionBits`. */
  readonly bits: number;
}

/** Blocks that are looked at for one check, at most. */
const mostBlocks = 64;

/** A block that accesses may follow in, and how far the register has moved before it. */
interface Open {
  readonly block: number;
  readonly moved: number;
}

/** The accesses of a region that follow each other beside one value, so that one check can cover them. */
export class NearbyAccesses {
  readonly #flow: ControlFlow;
  readonly #summaries: Summaries;
  /** For each block the registers beside whose values there accesses may follow, in it or further on, not going round a loop. */
  readonly #ahead: number[] = [];
  /** The same for what follows a block. */
  readonly #behind: number[] = [];

  constructor(flow: ControlFlow, summaries: Summaries) {
    this.#flow = flow;
    this.#summaries = summaries;
    while (this.#ahead.length < flow.blocks.length) {
      this.#ahead.push(0);
      this.#behind.push(0);
    }
    for (let index = flow.blocks.length - 1; index >= 0; index -= 1) {
      let behind = 0;
      const successors = flow.successors(index);
      const isCall = flow.blocks[index]!.end.kind === 'call';
      for (let place = 0; place < successors.length && !isCall; place += 1) {
        const next = successors[place]!;
        if (next > index) behind |= this.#ahead[next]!;
      }
      this.#behind[index] = behind;
      this.#ahead[index] = summaries.bases[index]! | (behind & ~summaries.replaced[index]!);
    }
  }

  /**
   * The check of a step with the accesses beside the same value that may follow it, as far as they fit in one page's length. Those that
   * come next as long as their loop goes on may need other permissions. Where it fails for one that does not come, the interpreter goes
   * on in vain, but does no harm.
   */
  widened(block: number, index: number): Check {
    const range = new Range(this.#flow.blocks[block]!.steps[index]!);
    const base = xBit(range.base);
    let moved = this.#follow(range, block, index, 0, true);
    if ((this.#behind[block]! & base) === 0) return range;
    const open: Open[] = [];
    const seen = new Set([block]);
    for (let at = block; moved !== undefined && (this.#behind[at]! & base) !== 0; ) {
      const next = this.#flow.nextInLoop(at);
      this.#goOn(open, at, base, moved, next);
      if (next < 0) break;
      at = next;
      seen.add(at);
      moved = this.#follow(range, at, 0, moved, true);
    }
    for (let place = 0; place < open.length && seen.size < mostBlocks; place += 1) {
      const one = open[place]!;
      if (seen.has(one.block)) continue;
      seen.add(one.block);
      const after = this.#follow(range, one.block, 0, one.moved, false);
      if (after !== undefined) this.#goOn(open, one.block, base, after, -1);
    }
    return range;
  }

  /** Opens the blocks behind one, but for a certain one if any, where accesses beside a register may follow. */
  #goOn(open: Open[], from: number, base: number, moved: number, certain: number): void {
    if ((this.#behind[from]! & base) === 0) return;
    for (const next of this.#flow.successors(from)) {
      if (next > from && next !== certain && (this.#ahead[next]! & base) !== 0) open.push({ block: next, moved });
    }
  }

  /** Adds the accesses of a block from a step on. Gives how far the register has moved behind it; undefined where it has another value. */
  #follow(range: Range, block: number, from: number, before: number, isCertain: boolean): number | undefined {
    const base = xBit(range.base);
    if (((this.#summaries.bases[block]! | this.#summaries.x.written[block]!) & base) === 0) return before;
    const { steps } = this.#flow.blocks[block]!;
    let moved = before;
    for (let index = from; index < steps.length; index += 1) {
      const step = steps[index]!;
      const { instruction, effects, written } = step;
      if (effects.access && instruction.rs1 === range.base) range.add(step, moved, isCertain);
      if ((written.x & base) === 0) continue;
      if (instruction.meaning !== 'addi' || instruction.rs1 !== range.base || step.hook) return undefined;
      moved += instruction.immediate;
    }
    return moved;
  }
}

export function checkOf({ instruction, effects }: Step): Check {
  const { size, bits, displaced } = effects.access!;
  const low = displaced ? instruction.immediate : 0;
  return { base: instruction.rs1, low, high: low + size, bits };
}

/** A check that grows. */
class Range implements Check {
  readonly base: number;
  low: number;
  high: number;
  bits: number;

  constructor(step: Step) {
    const { base, low, high, bits } = checkOf(step);
    this.base = base;
    this.low = low;
    this.high = high;
    this.bits = bits;
  }

  /** Covers the access of a step, too, beside a register that has moved; where it is not certain to come only what needs nothing more. */
  add(step: Step, moved: number, isCertain: boolean): void {
    const { low, high, bits } = checkOf(step);
    if (!isCertain && (bits & ~this.bits) !== 0) return;
    const lowest = Math.min(this.low, low + moved);
    const highest = Math.max(this.high, high + moved);
    if (highest - lowest > pageSize) return;
    this.low = lowest;
    this.high = highest;
    this.bits |= bits;
  }
}
