import { pageSize } from '../linear-memory';
import type { Step } from './control-flow';

/** Where an instruction may go. */
export interface Way {
  readonly offset: number;
}

/** Instructions that follow each other. */
interface Run {
  /** How often they were executed, as far as that is summed up. */
  times: number;
  readonly start: number;
  readonly last: number;
  /** Where the last instruction ends. */
  readonly end: number;
  /** Where the last instruction may go; undefined where that is on. */
  readonly ways: readonly Way[] | undefined;
  /** A register says where. */
  readonly isIndirect: boolean;
  /** Instructions that count. */
  readonly count: number;
}

/** What the search for a region has found of the code that is not put in line, in runs: how much of it was executed. */
export class FoundRuns {
  /** By where they begin. */
  readonly #runs: Run[] = [];

  /** Instructions were found from an offset up to a last one, which may go to `ways`, on where these are undefined; so many of them count. */
  add(start: number, { offset: last, end }: Step, ways: readonly Way[] | undefined, isIndirect: boolean, count: number): void {
    const run = { times: 0, start, last, end, ways, isIndirect, count };
    const runs = this.#runs;
    let place = runs.length;
    for (; place > 0 && runs[place - 1]!.start > start; place -= 1) runs[place] = runs[place - 1]!;
    runs[place] = run;
  }

  /**
   * How many of its instructions the interpreter has executed: `heatOf` tells how often it has come to the start and to places that it counts
   * that of. From there on branches count as going either way alike.
   */
  interpreted(start: number, heatOf: (offset: number) => number): number {
    const runs = this.#runs;
    for (const run of runs) run.times = 0;
    // So few that they are found soonest one after the other.
    const counted = [start];
    for (const run of runs) {
      if (!run.ways) continue;
      for (const { offset } of run.ways) if (isCounted(run, offset) && !counted.includes(offset)) counted.push(offset);
    }
    let sum = 0;
    for (const place of counted) sum -= enter(runs, place, heatOf(place));
    for (const run of runs) {
      const { times, count, ways, end } = run;
      if (times === 0) continue;
      sum += times * count;
      if (!ways) sum -= enter(runs, end, times);
      else for (const { offset } of ways) if (!isCounted(run, offset)) sum -= enter(runs, offset, times / ways.length);
    }
    return sum;
  }
}

/** Whether the interpreter counts that it comes to a place from a run: it is backwards or in another page. Of indirect jumps it counts few. */
function isCounted({ last, end, isIndirect }: Run, offset: number): boolean {
  return offset <= last || (!isIndirect && offset !== end && pageOf(offset) !== pageOf(last));
}

function pageOf(offset: number): number {
  return Math.floor(offset / pageSize);
}

/** Executes a run from an offset on so often, if there is one: how many instructions less that are than all of it. */
function enter(runs: readonly Run[], offset: number, often: number): number {
  const run = runAt(runs, offset);
  if (!run) return 0;
  run.times += often;
  return (often * run.count * (offset - run.start)) / (run.end - run.start);
}

/** The run that an offset is in, of runs by where they begin. */
function runAt(runs: readonly Run[], offset: number): Run | undefined {
  let [low, high] = [-1, runs.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (runs[middle]!.start <= offset) low = middle;
    else high = middle;
  }
  const run = low < 0 ? undefined : runs[low];
  return run && offset < run.end ? run : undefined;
}
