import { permissionBits } from '../linear-memory';
import type { ControlFlow, Step } from './control-flow';
import { type Check, checkOf, NearbyAccesses } from './nearby-accesses';
import { xBit } from './register-set';
import type { Surroundings } from './surroundings';

/** The checks of a region's accesses, each before the first step that needs it; one covers all that is near and already certain to come. */
export class AccessPlan {
  /** By block, and by the place of the step in it: code that is put in line twice has the same steps. */
  readonly #checks: (Check | undefined)[][];
  readonly #around: Pick<Surroundings, 'isNarrow' | 'breathe'>;
  readonly #places: Places;
  readonly #nearby: NearbyAccesses;

  constructor(flow: ControlFlow, around: Pick<Surroundings, 'isNarrow' | 'breathe'>) {
    this.#around = around;
    const { blocks } = flow;
    const before: (Facts | undefined)[] = [];
    const after: (Facts | undefined)[] = [];
    this.#places = placesOf(flow);
    around.breathe(blocks.length);
    this.#nearby = new NearbyAccesses(flow);
    around.breathe(blocks.length);
    this.#checks = blocks.map(() => []);
    const isStale = blocks.map(() => this.#places.count > 0);
    for (let round = 0; isStale.includes(true); round += 1) {
      for (let index = 0; index < blocks.length; index += 1) {
        if (!isStale[index]) continue;
        isStale[index] = false;
        const facts = (index > 0 && commonAfter(flow.predecessors(index), after)) || new Facts(this.#places);
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
    this.#around.breathe();
    const { steps, end } = flow.blocks[block]!;
    const checks = this.#checks[block]!;
    for (let index = 0; index < steps.length; index += 1) {
      const step = steps[index]!;
      checks[index] = undefined;
      if (step.effects.access && !facts.cover(step)) {
        const check = this.#around.isNarrow(step.offset) ? checkOf(step) : this.#nearby.widened(block, index);
        checks[index] = check;
        facts.add(check);
      }
      facts.execute(step);
    }
    return end.kind === 'call' ? new Facts(this.#places) : facts;
  }
}

/** Rounds after which what is certain where a loop begins, and has still changed, is given up. */
const settled = 4;

/** What is certain behind all of these blocks. What a way back brings is not known at first, and given up where it does not settle. */
function commonAfter(blocks: readonly number[], after: readonly (Facts | undefined)[]): Facts | undefined {
  let common: Facts | undefined;
  for (const block of blocks) {
    const facts = after[block];
    if (!facts) continue;
    if (common) common.restrict(facts);
    else common = facts.copy();
  }
  return common;
}

/** The registers that accesses are beside, and those that are copied to them: each has a place. */
interface Places {
  /** By register; -1 for those that no access depends on. */
  readonly of: readonly number[];
  readonly count: number;
}

const noPlaces: Places = { of: [], count: 0 };

function placesOf({ blocks }: ControlFlow): Places {
  let bases = 0;
  let hasAccess = false;
  for (const { steps } of blocks) {
    for (const { instruction, effects } of steps) {
      if (!effects.access) continue;
      hasAccess = true;
      bases |= xBit(instruction.rs1);
    }
  }
  if (!hasAccess) return noPlaces;
  for (let before = 0; before !== bases; ) {
    before = bases;
    for (const { steps } of blocks) {
      for (const step of steps) if (step.effects.writes === 'rd' && xBit(step.instruction.rd) & bases) bases |= xBit(sourceOf(step));
    }
  }
  const of: number[] = [];
  let count = 0;
  for (let register = 0; register < 32; register += 1) of.push(register === 0 || (bases >>> register) & 1 ? count++ : -1);
  return { of, count };
}

/** The register that a step copies to its destination, with or without a constant; 0 for none. */
function sourceOf({ instruction: { meaning, rs1, rs2 } }: Step): number {
  if (meaning === 'addi') return rs1;
  return meaning === 'add' && rs1 === 0 ? rs2 : 0;
}

/** For each place and each permission what memory is known to be accessible beside the register: the first and the last offset plus 1. */
class Facts {
  readonly #places: Places;
  readonly #known: number[];

  constructor(places: Places, known?: readonly number[]) {
    this.#places = places;
    this.#known = known ? known.slice() : [];
    if (!known) for (let at = 0; at < 4 * places.count; at += 1) this.#known.push(0);
  }

  copy(): Facts {
    return new Facts(this.#places, this.#known);
  }

  /** Forgets what other facts do not know. */
  restrict(facts: Facts): void {
    const other = facts.#known;
    for (let at = 0; at < this.#known.length; at += 2) {
      const low = Math.max(this.#known[at]!, other[at]!);
      const high = Math.min(this.#known[at + 1]!, other[at + 1]!);
      if (low < high && other[at]! < other[at + 1]!) this.#put(at, low, high);
      else this.#put(at, 0, 0);
    }
  }

  /** Forgets what was known otherwise before: what that has nothing of stays so. */
  giveUp(before: Facts): void {
    const other = before.#known;
    for (let at = 0; at < this.#known.length; at += 2) {
      if (this.#known[at] !== other[at] || this.#known[at + 1] !== other[at + 1]) this.#put(at, 0, 0);
    }
  }

  equals(other: Facts): boolean {
    for (let at = 0; at < this.#known.length; at += 1) if (this.#known[at] !== other.#known[at]) return false;
    return true;
  }

  /** Whether the access of a step is known to be permitted. */
  cover({ instruction: { rs1, immediate }, effects }: Step): boolean {
    const { size, bits, displaced } = effects.access!;
    const low = displaced ? immediate : 0;
    const place = 4 * this.#places.of[rs1]!;
    return (
      (!(bits & permissionBits.read) || this.#covers(place, low, low + size)) &&
      (!(bits & permissionBits.write) || this.#covers(place + 2, low, low + size))
    );
  }

  add({ base, low, high, bits }: Check): void {
    const place = 4 * this.#places.of[base]!;
    if (bits & permissionBits.read) this.#join(place, low, high);
    if (bits & permissionBits.write) this.#join(place + 2, low, high);
  }

  /** Follows what a step does to its destination. */
  execute(step: Step): void {
    const { rd, meaning, immediate } = step.instruction;
    if (step.effects.writes !== 'rd' || rd === 0) return;
    const to = 4 * this.#places.of[rd]!;
    if (to < 0) return;
    const from = 4 * this.#places.of[sourceOf(step)]!;
    const moved = meaning === 'addi' ? immediate : 0;
    for (let at = 0; at < 4; at += 2) {
      if (from === 0 || this.#isNothing(from + at)) this.#put(to + at, 0, 0);
      else this.#put(to + at, this.#known[from + at]! - moved, this.#known[from + at + 1]! - moved);
    }
  }

  #covers(at: number, low: number, high: number): boolean {
    return !this.#isNothing(at) && this.#known[at]! <= low && high <= this.#known[at + 1]!;
  }

  #join(at: number, low: number, high: number): void {
    const joins = !this.#isNothing(at) && this.#known[at]! <= high && low <= this.#known[at + 1]!;
    if (joins) this.#put(at, Math.min(low, this.#known[at]!), Math.max(high, this.#known[at + 1]!));
    else this.#put(at, low, high);
  }

  #isNothing(at: number): boolean {
    return this.#known[at]! >= this.#known[at + 1]!;
  }

  #put(at: number, low: number, high: number): void {
    this.#known[at] = low;
    this.#known[at + 1] = high;
  }
}
