import type { WayTimes } from '../interpreter/record-pool';
import { type ControlFlow, isBlock, type Step } from './control-flow';

/** The ways of a conditional branch, as bits. */
export const way = { taken: 1, passed: 2 } as const;
export const bothWays = way.taken | way.passed;

/** Branches of which is known which ways regions have. */
const mostBranches = 1 << 16;
/** Bytes of a branch. */
const lengths = [2, 4] as const;

/**
 * Which ways of branches the program goes: a region has those alone. A third of the code that programs have ever come to is that of other
 * phases, of first times and of errors. Offsets are those of the guest's window.
 */
export class BranchWays {
  readonly #timesAt: (offset: number) => WayTimes;
  /** The ways of branches that regions have: the interpreter does not come to these any more. */
  readonly #inRegions = new Map<number, number>();
  /** Where regions begin that are to have all ways that were ever gone. */
  readonly #whole = new Set<number>();

  /** `timesAt` tells what the interpreter has noted of the branch at an offset. */
  constructor(timesAt: (offset: number) => WayTimes) {
    this.#timesAt = timesAt;
  }

  /** The ways that the branch at an offset has gone since a look at code; both where it has gone none. */
  since(offset: number, look: number): number {
    const { taken, passed } = this.#timesAt(offset);
    let ways = this.#inRegions.get(offset) ?? 0;
    if (taken > 0 && taken >= look) ways |= way.taken;
    if (passed > 0 && passed >= look) ways |= way.passed;
    return ways || bothWays;
  }

  /**
   * The branch of a region that goes to an offset by a way that regions lack, as one was left there `from` an offset: that of the branch,
   * or the same where the branch is passed.
   */
  lacking(offset: number, from: number, stepAt: (offset: number) => Step | undefined): number | undefined {
    const isPassed = from === offset;
    return (isPassed ? lengths.map((length) => offset - length) : [from]).find((place) => {
      if (((this.#inRegions.get(place) ?? bothWays) & (isPassed ? way.passed : way.taken)) !== 0) return false;
      const step = stepAt(place);
      return step !== undefined && (isPassed ? step.end : place + step.instruction.immediate) === offset;
    });
  }

  /** A region that lacks a way of a branch is to have that, and all other ways that were ever gone. */
  widen(region: number, branch: number): void {
    if (this.#whole.size >= mostBranches) this.#whole.clear();
    this.#whole.add(region);
    this.#add(branch, bothWays);
  }

  /** Whether the region at an offset is to have all ways. */
  isWhole(region: number): boolean {
    return this.#whole.has(region);
  }

  /** A region with this control flow was made. */
  made({ blocks }: ControlFlow): void {
    for (const { steps, end } of blocks) {
      if (end.kind !== 'branch') continue;
      const { offset } = steps.at(-1)!;
      const ways = (isBlock(end.taken) ? way.taken : 0) | (isBlock(end.next) ? way.passed : 0);
      this.#add(offset, ways);
    }
  }

  #add(offset: number, ways: number): void {
    if (this.#inRegions.size >= mostBranches) this.#inRegions.clear();
    this.#inRegions.set(offset, ways | (this.#inRegions.get(offset) ?? 0));
  }
}
