import type { Step } from './control-flow';

/** Where an instruction may go, and whether the interpreter counts that it comes to a place in this way. */
export interface Way {
  readonly to: number;
  readonly isCounted: boolean;
}

/** Instructions that follow each other. */
interface Run {
  /** How often they were executed, as far as that is summed up. */
  times: number;
  readonly start: number;
  /** Where the last instruction ends. */
  readonly end: number;
  /** Where the last instruction may go. */
  readonly ways: readonly Way[];
  /** Instructions that count. */
  readonly count: number;
}

/** What the search for a region has found of the code that is not put in line, in runs: how much of it was executed. */
export class FoundRuns {
  /** By where they begin. */
  readonly #runs: Run[] = [];

  /** Instructions were found from an offset up to a last one that may go to `ways`, on where these are undefined; so many of them count. */
  add(start: number, { offset, instruction }: Step, ways: readonly Way[] | undefined, count: number): void {
    const end = offset + instruction.length;
    const run = { times: 0, start, end, ways: ways ?? [{ to: end, isCounted: false }], count };
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
    let sum = 0;
    const add = (to: number, often: number): void => {
      const run = runAt(runs, to);
      if (!run) return;
      run.times += often;
      // Of a run that is come to in its middle the rest is executed.
      sum -= (often * run.count * (to - run.start)) / (run.end - run.start);
    };
    const counted = new Set([start]);
    for (const { ways } of runs) for (const { to, isCounted } of ways) if (isCounted) counted.add(to);
    for (const place of counted) add(place, heatOf(place));
    for (const { times, count, ways } of runs) {
      if (times === 0) continue;
      sum += times * count;
      for (const { to, isCounted } of ways) if (!isCounted) add(to, times / ways.length);
    }
    return sum;
  }
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
