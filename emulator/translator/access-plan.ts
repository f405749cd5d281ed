import { pageSize, permissionBits } from '../linear-memory';
import type { ControlFlow, Step } from './control-flow';

/** The memory [low, high) beside the value of a register, and what it is to be accessed for. */
export interface Check {
  readonly base: number;
  readonly low: number;
  readonly high: number;
  /** Of `permissionBits`. */
  readonly bits: number;
}

/** The checks of a region's accesses, each before the first step that needs it; one covers all that is near and already certain to come. */
export class AccessPlan {
  /** By block, and by the place of the step in it: code that is put in line twice has the same steps. */
  readonly #checks: (Check | undefined)[][];
  readonly #isNarrow: (offset: number) => boolean;

  /** `isNarrow` says which steps must have checks of their own. */
  constructor(flow: ControlFlow, isNarrow: (offset: number) => boolean) {
    this.#isNarrow = isNarrow;
    const { blocks } = flow;
    const before: (Facts | undefined)[] = [];
    const after: (Facts | undefined)[] = [];
    this.#checks = blocks.map(() => []);
    const isStale = blocks.map(() => true);
    for (let round = 0; isStale.includes(true); round += 1) {
      for (let index = 0; index < blocks.length; index += 1) {
        if (!isStale[index]) continue;
        isStale[index] = false;
        const facts = index === 0 ? new Facts() : commonAfter(flow.predecessors(index), after);
        const known = before[index];
        if (known && round > settled && flow.isLoop(index)) facts.giveUp(known);
        if (known?.equals(facts)) continue;
        before[index] = facts;
        after[index] = this.#plan(flow, index, facts.copy());
        for (const next of flow.successors(index)) isStale[next] = true;
      }
    }
  }

  /** The check to make before a step of a block. */
  before(block: number, step: number): Check | undefined {
    return this.#checks[block]![step];
  }

  /** Plans a block and gives what is certain behind it. */
  #plan(flow: ControlFlow, block: number, facts: Facts): Facts {
    const { steps, end } = flow.blocks[block]!;
    const checks = this.#checks[block]!;
    steps.forEach((step, index) => {
      checks[index] = undefined;
      const { access } = step.effects;
      if (access && !facts.covers(checkOf(step))) {
        const check = this.#isNarrow(step.offset) ? checkOf(step) : widened(stepsFrom(flow, block, index));
        checks[index] = check;
        facts.add(check);
      }
      facts.execute(step);
    });
    return end.kind === 'call' ? new Facts() : facts;
  }
}

/** Rounds after which what is certain where a loop begins, and has still changed, is given up. */
const settled = 4;

/** What is certain behind all of these blocks. What a way back brings is not known at first, and given up where it does not settle. */
function commonAfter(blocks: readonly number[], after: readonly (Facts | undefined)[]): Facts {
  let common: Facts | undefined;
  for (const block of blocks) {
    const facts = after[block];
    if (!facts) continue;
    if (common) common.restrict(facts);
    else common = facts.copy();
  }
  return common ?? new Facts();
}

function checkOf({ instruction, effects }: Step): Check {
  const { size, bits, displaced } = effects.access!;
  const low = displaced ? instruction.immediate : 0;
  return { base: instruction.rs1, low, high: low + size, bits };
}

/** The steps from one on, in its block and those that follow as long as their loop goes on. */
function stepsFrom(flow: ControlFlow, block: number, first: number): Step[] {
  const steps = flow.blocks[block]!.steps.slice(first);
  for (let next = flow.nextInLoop(block); next !== undefined; next = flow.nextInLoop(next)) steps.push(...flow.blocks[next]!.steps);
  return steps;
}

/**
 * The check of the first step with the accesses beside the same value that follow it, as far as they fit in one page's length. Where it
 * fails for one of those, the interpreter goes on in vain, but does no harm.
 */
function widened(steps: readonly Step[]): Check {
  const first = checkOf(steps[0]!);
  let { low, high, bits } = first;
  let moved = 0;
  for (const step of steps) {
    if (step.effects.access && step.instruction.rs1 === first.base) {
      const check = checkOf(step);
      const lowest = Math.min(low, check.low + moved);
      const highest = Math.max(high, check.high + moved);
      if (highest - lowest <= pageSize) {
        low = lowest;
        high = highest;
        bits |= check.bits;
      }
    }
    if (step.effects.writes === 'rd' && step.instruction.rd === first.base) {
      if (step.instruction.meaning !== 'addi' || step.instruction.rs1 !== first.base) break;
      moved += step.instruction.immediate;
    }
  }
  return { base: first.base, low, high, bits };
}

/** For each permission and each register, beside whose value memory is known to be accessible: the first and the last offset plus 1. */
const entries = 2 * 2 * 32;
const nothing: readonly number[] = Array.from({ length: entries }, () => 0);

class Facts {
  readonly #known: number[];

  constructor(known: readonly number[] = nothing) {
    this.#known = known.slice();
  }

  copy(): Facts {
    return new Facts(this.#known);
  }

  /** Forgets what other facts do not know. */
  restrict(facts: Facts): void {
    const other = facts.#known;
    for (let at = 0; at < entries; at += 2) {
      const low = Math.max(this.#known[at]!, other[at]!);
      const high = Math.min(this.#known[at + 1]!, other[at + 1]!);
      if (low < high && other[at]! < other[at + 1]!) this.#put(at, low, high);
      else this.#put(at, 0, 0);
    }
  }

  /** Forgets what was known otherwise before: what that has nothing of stays so. */
  giveUp(before: Facts): void {
    const other = before.#known;
    for (let at = 0; at < entries; at += 2) {
      if (this.#known[at] !== other[at] || this.#known[at + 1] !== other[at + 1]) this.#put(at, 0, 0);
    }
  }

  equals(other: Facts): boolean {
    for (let at = 0; at < entries; at += 1) if (this.#known[at] !== other.#known[at]) return false;
    return true;
  }

  covers({ base, low, high, bits }: Check): boolean {
    for (const bit of permissions) {
      const at = placeOf(base, bit);
      if (bits & bit && (this.#isNothing(at) || this.#known[at]! > low || high > this.#known[at + 1]!)) return false;
    }
    return true;
  }

  add({ base, low, high, bits }: Check): void {
    for (const bit of permissions) {
      if (!(bits & bit)) continue;
      const at = placeOf(base, bit);
      const joins = !this.#isNothing(at) && this.#known[at]! <= high && low <= this.#known[at + 1]!;
      if (joins) this.#put(at, Math.min(low, this.#known[at]!), Math.max(high, this.#known[at + 1]!));
      else this.#put(at, low, high);
    }
  }

  /** Follows what a step does to its destination. */
  execute({ instruction, effects }: Step): void {
    const { rd, rs1, rs2, meaning, immediate } = instruction;
    if (effects.writes !== 'rd' || rd === 0) return;
    const source = meaning === 'addi' ? rs1 : meaning === 'add' && rs1 === 0 ? rs2 : 0;
    const moved = meaning === 'addi' ? immediate : 0;
    for (const bit of permissions) {
      const from = placeOf(source, bit);
      if (source === 0 || this.#isNothing(from)) this.#put(placeOf(rd, bit), 0, 0);
      else this.#put(placeOf(rd, bit), this.#known[from]! - moved, this.#known[from + 1]! - moved);
    }
  }

  #isNothing(at: number): boolean {
    return this.#known[at]! >= this.#known[at + 1]!;
  }

  #put(at: number, low: number, high: number): void {
    this.#known[at] = low;
    this.#known[at + 1] = high;
  }
}

const permissions = [permissionBits.read, permissionBits.write] as const;

function placeOf(base: number, bit: (typeof permissions)[number]): number {
  return base * 4 + (bit === permissionBits.read ? 0 : 2);
}
