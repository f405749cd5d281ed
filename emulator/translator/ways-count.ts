import type { AccessPlan } from './access-plan';
import { type ControlFlow, type End, isBlock } from './control-flow';
import { keyOf, noRegisters, type RegisterSet } from './register-set';
import type { RegisterUses } from './register-use';
import type { Summaries } from './summaries';
import type { Surroundings } from './surroundings';

/** The ways out of a region that are known while it is written. */
export interface WaysCount {
  /** The sets of dirty registers that several of them have in common. */
  readonly sets: RegisterSet[];
  readonly ways: number;
}

/** Counts the ways out of a region with no more than constants, by what is dirty on them. */
export function countWaysOut(
  flow: ControlFlow,
  uses: RegisterUses,
  plan: AccessPlan,
  summaries: Summaries,
  around: Pick<Surroundings, 'breathe'>,
): WaysCount {
  const count = new Count();
  for (const { steps, end, index } of flow.blocks) {
    around.breathe();
    if (plan.isChecked(index) || summaries.asksPlain[index]) {
      let dirty = uses.dirty[index]!;
      for (let place = 0; place < steps.length; place += 1) {
        const step = steps[place]!;
        if (plan.before(index, place) || step.effects.asksPlain) count.add(dirty, 1);
        if (step.written !== noRegisters) dirty = uses.dirtyAfter(dirty, step.written);
      }
    }
    let ways = waysOut(end);
    for (const next of flow.successors(index)) if (next <= index) ways += 1;
    if (ways > 0) count.add(end.kind === 'call' || uses.writesBack(index) ? noRegisters : uses.dirtyBehind(index), ways);
  }
  return count;
}

class Count implements WaysCount {
  ways = 0;
  /** By what tells sets from each other. */
  readonly #counts = new Map<number | string, { readonly set: RegisterSet; ways: number }>();

  add(set: RegisterSet, ways: number): void {
    this.ways += ways;
    if (set === noRegisters) return;
    const key = keyOf(set);
    const known = this.#counts.get(key);
    if (known) known.ways += ways;
    else this.#counts.set(key, { set, ways });
  }

  get sets(): RegisterSet[] {
    const sets: RegisterSet[] = [];
    for (const { set, ways } of this.#counts.values()) if (ways > 1) sets.push(set);
    return sets;
  }
}

/** How many ways lead from the end of a block out of its region, by no more than a constant. */
function waysOut(end: End): number {
  switch (end.kind) {
    case 'branch':
      return (isBlock(end.taken) ? 0 : 1) + (isBlock(end.next) ? 0 : 1);
    case 'goto':
    case 'guess':
      return isBlock(end.to) ? 0 : 1;
    case 'call':
      return isBlock(end.back) ? 1 : 2;
    case 'leave':
      return 1;
    default:
      return 0;
  }
}
