import { permissionBits } from '../linear-memory';
import type { ControlFlow, Step } from './control-flow';
import { type Check, checkOf, NearbyAccesses } from './nearby-accesses';
import { lowestIn } from './register-set';
import type { Summaries } from './summaries';
import type { Surroundings } from './surroundings';

/** The checks of a region's accesses, each before the first step that needs it; one covers all that is near and already certain to come. */
export class AccessPlan {
  /** By block, and by the place of the step in it: code that is put in line twice has the same steps. */
  readonly #checks: (readonly (Check | undefined)[])[] = [];
  readonly #around: Pick<Surroundings, 'isNarrow' | 'breathe'>;
  readonly #nearby: NearbyAccesses;

  constructor(flow: ControlFlow, summaries: Summaries, around: Pick<Surroundings, 'isNarrow' | 'breathe'>) {
    this.#around = around;
    const { blocks } = flow;
    const before: (Facts | undefined)[] = [];
    const after: (Facts | undefined)[] = [];
    this.#nearby = new NearbyAccesses(flow, summaries);
    around.breathe(blocks.length);
    const isStale: boolean[] = [];
    while (isStale.length < blocks.length) {
      this.#checks.push(noChecks);
      isStale.push(summaries.hasAccess);
      before.push(undefined);
      after.push(undefined);
    }
    for (let round = 0; isStale.includes(true); round += 1) {
      for (let index = 0; index < blocks.length; index += 1) {
        if (!isStale[index]) continue;
        isStale[index] = false;
        let facts = (index > 0 && commonAfter(flow.predecessors(index), after)) || noFacts;
        const known = before[index];
        if (known && round > settled && flow.isLoop(index)) facts = facts.asIn(known);
        if (known?.equals(facts)) continue;
        before[index] = facts;
        after[index] = this.#plan(flow, index, facts);
        for (const next of flow.successors(index)) isStale[next] = true;
      }
    }
  }

  /** Whether a block has any check. */
  isChecked(block: number): boolean {
    return this.#checks[block]!.length > 0;
  }

  /** The check to make before a step of a block. */
  before(block: number, step: number): Check | undefined {
    return this.#checks[block]![step];
  }

  /** Plans a block and gives what is certain behind it. */
  #plan(flow: ControlFlow, block: number, before: Facts): Facts {
    this.#around.breathe();
    const { steps, end } = flow.blocks[block]!;
    const checks: (Check | undefined)[] = [];
    this.#checks[block] = checks;
    const facts = before.copy();
    for (let index = 0; index < steps.length; index += 1) {
      const step = steps[index]!;
      if (step.effects.access && !facts.cover(step)) {
        const check = this.#around.isNarrow(step.offset) ? checkOf(step) : this.#nearby.widened(block, index);
        checks[index] = check;
        facts.add(check);
      }
      if (step.written.x !== 0) facts.follow(step);
    }
    return end.kind === 'call' ? noFacts : facts;
  }
}

const noChecks: readonly (Check | undefined)[] = [];

/** Rounds after which what is certain where a loop begins, and has still changed, is given up. */
const settled = 4;

/** What is certain behind all of these blocks. What a way back brings is not known at first, and given up where it does not settle. */
function commonAfter(blocks: readonly number[], after: readonly (Facts | undefined)[]): Facts | undefined {
  let common: Facts | undefined;
  for (let index = 0; index < blocks.length; index += 1) {
    const facts = after[blocks[index]!];
    if (facts) common = common ? common.and(facts) : facts;
  }
  return common;
}

/** The register that a step copies to its destination, with or without a constant; 0 for none. */
function sourceOf({ instruction: { meaning, rs1, rs2 }, hook }: Step): number {
  if (hook) return 0;
  if (meaning === 'addi') return rs1;
  return meaning === 'add' && rs1 === 0 ? rs2 : 0;
}

/** What may be read and written beside a register: offsets [low, high), two zeros for none. */
interface Beside {
  readonly readLow: number;
  readonly readHigh: number;
  readonly writeLow: number;
  readonly writeHigh: number;
}

const nothing: Beside = { readLow: 0, readHigh: 0, writeLow: 0, writeHigh: 0 };

/** What memory beside the values of registers is known to be accessible, at a place that moves on with `add` and `follow`. */
class Facts {
  /** By register, and the registers beside which anything is known, as bits; x0 is one of them. */
  readonly #beside: (Beside | undefined)[];
  #known: number;

  constructor(beside: (Beside | undefined)[], known: number) {
    this.#beside = beside;
    this.#known = known;
  }

  copy(): Facts {
    return new Facts(this.#beside.slice(), this.#known);
  }

  /** Whether the access of a step is known to be permitted. */
  cover({ instruction: { rs1, immediate }, effects }: Step): boolean {
    const beside = this.#beside[rs1];
    if (!beside) return false;
    const { size, bits, displaced } = effects.access!;
    const low = displaced ? immediate : 0;
    const high = low + size;
    return (
      (!(bits & permissionBits.read) || (beside.readLow <= low && high <= beside.readHigh)) &&
      (!(bits & permissionBits.write) || (beside.writeLow <= low && high <= beside.writeHigh))
    );
  }

  /** Adds what a check makes certain. */
  add({ base, low, high, bits }: Check): void {
    let { readLow, readHigh, writeLow, writeHigh } = this.#beside[base] ?? nothing;
    if (bits & permissionBits.read) {
      const joins = readLow < readHigh && readLow <= high && low <= readHigh;
      readLow = joins ? Math.min(low, readLow) : low;
      readHigh = joins ? Math.max(high, readHigh) : high;
    }
    if (bits & permissionBits.write) {
      const joins = writeLow < writeHigh && writeLow <= high && low <= writeHigh;
      writeLow = joins ? Math.min(low, writeLow) : low;
      writeHigh = joins ? Math.max(high, writeHigh) : high;
    }
    this.#beside[base] = { readLow, readHigh, writeLow, writeHigh };
    this.#known |= 1 << base;
  }

  /** Follows a step that writes x registers. */
  follow(step: Step): void {
    const { written, instruction } = step;
    const from = sourceOf(step);
    const source = from === 0 ? undefined : this.#beside[from];
    const gone = written.x & this.#known;
    if (gone === 0 && !source) return;
    for (let rest = gone; rest !== 0; rest &= rest - 1) this.#beside[lowestIn(rest)] = undefined;
    this.#known &= ~gone;
    if (!source) return;
    this.#beside[instruction.rd] = instruction.meaning === 'addi' ? movedBy(source, instruction.immediate) : source;
    this.#known |= written.x;
  }

  /** What these and others have in common. */
  and(others: Facts): Facts {
    if (others === this) return this;
    return this.#where(others.#known, (register, beside) => common(beside, others.#beside[register]!));
  }

  /** Those that are as they were before. */
  asIn(before: Facts): Facts {
    return this.#where(before.#known, (register, beside) => unchanged(beside, before.#beside[register]!));
  }

  equals(others: Facts): boolean {
    if (others === this) return true;
    if (others.#known !== this.#known) return false;
    for (let rest = this.#known; rest !== 0; rest &= rest - 1) {
      const register = lowestIn(rest);
      if (!isSame(this.#beside[register]!, others.#beside[register]!)) return false;
    }
    return true;
  }

  /** What `choose` leaves of these, of some registers. */
  #where(registers: number, choose: (register: number, beside: Beside) => Beside): Facts {
    const chosen: (Beside | undefined)[] = [];
    let known = 0;
    for (let rest = this.#known & registers; rest !== 0; rest &= rest - 1) {
      const register = lowestIn(rest);
      const beside = choose(register, this.#beside[register]!);
      if (beside === nothing) continue;
      chosen[register] = beside;
      known |= 1 << register;
    }
    return new Facts(chosen, known);
  }
}

const noFacts = new Facts([], 0);

/** The same memory beside a register that holds so much more. */
function movedBy({ readLow, readHigh, writeLow, writeHigh }: Beside, distance: number): Beside {
  return besideOf(readLow - distance, readHigh - distance, writeLow - distance, writeHigh - distance);
}

function common(one: Beside, other: Beside): Beside {
  if (one === other) return one;
  return besideOf(
    Math.max(one.readLow, other.readLow),
    Math.min(one.readHigh, other.readHigh),
    Math.max(one.writeLow, other.writeLow),
    Math.min(one.writeHigh, other.writeHigh),
  );
}

function unchanged(one: Beside, before: Beside): Beside {
  const reads = one.readLow === before.readLow && one.readHigh === before.readHigh;
  const writes = one.writeLow === before.writeLow && one.writeHigh === before.writeHigh;
  return besideOf(one.readLow, reads ? one.readHigh : one.readLow, one.writeLow, writes ? one.writeHigh : one.writeLow);
}

function besideOf(readLow: number, readHigh: number, writeLow: number, writeHigh: number): Beside {
  const reads = readLow < readHigh;
  if (writeLow < writeHigh) return { readLow: reads ? readLow : 0, readHigh: reads ? readHigh : 0, writeLow, writeHigh };
  return reads ? { readLow, readHigh, writeLow: 0, writeHigh: 0 } : nothing;
}

function isSame(one: Beside, other: Beside): boolean {
  return (
    one === other ||
    (one.readLow === other.readLow &&
      one.readHigh === other.readHigh &&
      one.writeLow === other.writeLow &&
      one.writeHigh === other.writeHigh)
  );
}
