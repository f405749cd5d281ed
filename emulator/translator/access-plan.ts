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
  readonly #checks = new Map<Step, Check>();

  readonly #isNarrow: (offset: number) => boolean;

  /** `isNarrow` says which steps must have checks of their own. */
  constructor(flow: ControlFlow, isNarrow: (offset: number) => boolean) {
    this.#isNarrow = isNarrow;
    const before: (Facts | undefined)[] = flow.blocks.map(() => undefined);
    before[0] = new Facts();
    const after: (Facts | undefined)[] = flow.blocks.map(() => undefined);
    for (let round = 0; ; round += 1) {
      let changed = false;
      flow.blocks.forEach((_, index) => {
        const ways = flow.predecessors(index).map((from) => after[from]);
        // What a way back brings is not known at first, and given up where it does not settle.
        const known = ways.filter((facts) => facts !== undefined);
        const all = index === 0 ? [new Facts(), ...known] : known;
        const facts = round > settled && flow.isLoop(index) ? new Facts() : Facts.common(all);
        if (before[index]?.equals(facts) && after[index]) return;
        before[index] = facts;
        after[index] = this.#plan(flow, index, facts.copy());
        changed = true;
      });
      if (!changed) return;
    }
  }

  /** The check to make before a step. */
  before(step: Step): Check | undefined {
    return this.#checks.get(step);
  }

  /** Plans a block and gives what is certain behind it. */
  #plan(flow: ControlFlow, block: number, facts: Facts): Facts {
    const { steps, end } = flow.blocks[block]!;
    steps.forEach((step, index) => {
      this.#checks.delete(step);
      const { access } = step.effects;
      if (access && !facts.covers(checkOf(step))) {
        const check = this.#isNarrow(step.offset) ? checkOf(step) : widened(stepsFrom(flow, block, index));
        this.#checks.set(step, check);
        facts.add(check);
      }
      facts.execute(step);
    });
    return end.kind === 'call' ? new Facts() : facts;
  }
}

/** Rounds after which what is certain in a loop no longer depends on the loop. */
const settled = 4;

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

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Beside which registers' values memory is known to be accessible, for each permission. */
class Facts {
  readonly #known = new Map<number, Interval>();

  static common(all: readonly Facts[]): Facts {
    const common = new Facts();
    const [first, ...others] = all;
    if (!first) return common;
    for (const [key, interval] of first.#known) {
      const others1 = others.map((one) => one.#known.get(key));
      const low = Math.max(interval.low, ...others1.map((one) => one?.low ?? Number.POSITIVE_INFINITY));
      const high = Math.min(interval.high, ...others1.map((one) => one?.high ?? Number.NEGATIVE_INFINITY));
      if (low < high) common.#known.set(key, { low, high });
    }
    return common;
  }

  copy(): Facts {
    return Facts.common([this]);
  }

  equals(other: Facts): boolean {
    if (this.#known.size !== other.#known.size) return false;
    for (const [key, { low, high }] of this.#known) {
      const there = other.#known.get(key);
      if (there?.low !== low || there.high !== high) return false;
    }
    return true;
  }

  covers({ base, low, high, bits }: Check): boolean {
    return permissions.every((bit) => {
      if (!(bits & bit)) return true;
      const known = this.#known.get(keyOf(base, bit));
      return known !== undefined && known.low <= low && high <= known.high;
    });
  }

  add({ base, low, high, bits }: Check): void {
    for (const bit of permissions) {
      if (!(bits & bit)) continue;
      const key = keyOf(base, bit);
      const known = this.#known.get(key);
      const joins = known && known.low <= high && low <= known.high;
      this.#known.set(key, joins ? { low: Math.min(low, known.low), high: Math.max(high, known.high) } : { low, high });
    }
  }

  /** Follows what a step does to its destination. */
  execute({ instruction, effects }: Step): void {
    const { rd, rs1, rs2, meaning, immediate } = instruction;
    if (effects.writes !== 'rd' || rd === 0) return;
    const source = meaning === 'addi' ? rs1 : meaning === 'add' && rs1 === 0 ? rs2 : 0;
    const moved = meaning === 'addi' ? immediate : 0;
    for (const bit of permissions) {
      const known = source === 0 ? undefined : this.#known.get(keyOf(source, bit));
      if (known) this.#known.set(keyOf(rd, bit), { low: known.low - moved, high: known.high - moved });
      else this.#known.delete(keyOf(rd, bit));
    }
  }
}

const permissions = [permissionBits.read, permissionBits.write] as const;

function keyOf(base: number, bit: number): number {
  return base * 4 + bit;
}
