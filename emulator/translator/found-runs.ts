import type { Step } from './control-flow';

/** Instructions that follow each other. */
interface Run {
  readonly start: number;
  /** Where the last instruction begins and ends. */
  readonly last: number;
  readonly end: number;
  /** Where the last instruction may go. */
  readonly ways: readonly number[];
  /** Instructions that count. */
  readonly count: number;
}

/** What the search for a region has found of the code that is not put in line, in runs: how much of it is executed. */
export class FoundRuns {
  /** By where they begin, as soon as that is asked for. */
  readonly #runs: Run[] = [];

  /** Instructions were found from an offset up to a last one that may go to `ways`, on where these are undefined; so many of them count. */
  add(start: number, { offset: last, instruction }: Step, ways: readonly number[] | undefined, count: number): void {
    const end = last + instruction.length;
    this.#runs.push({ start, last, end, ways: ways ?? [end], count });
  }

  /** Instructions that are executed from a place on, were branches to go either way alike and nothing round a loop. */
  executedFrom(place: number): number {
    const runs = this.#runs.sort((one, other) => one.start - other.start);
    const shares = new Float64Array(runs.length);
    let sum = 0;
    const add = (index: number, to: number, share: number): void => {
      const { start, end, count } = runs[index]!;
      shares[index] = shares[index]! + share;
      // Of a run that is come to in its middle the rest is executed.
      sum -= (share * count * (to - start)) / (end - start);
    };
    const first = indexOf(runs, place);
    if (first >= 0) add(first, place, 1);
    for (let index = 0; index < runs.length; index += 1) {
      const { last, count, ways } = runs[index]!;
      const share = shares[index]!;
      if (share === 0) continue;
      sum += share * count;
      const targets = ways.map((way) => indexOf(runs, way));
      const known = targets.filter((target) => target >= 0).length;
      ways.forEach((way, number) => {
        if (way > last && targets[number]! >= 0) add(targets[number]!, way, share / known);
      });
    }
    return sum;
  }
}

/** The index of the run that an offset is in, of runs by where they begin; -1 for none. */
function indexOf(runs: readonly Run[], offset: number): number {
  let [low, high] = [-1, runs.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (runs[middle]!.start <= offset) low = middle;
    else high = middle;
  }
  return low >= 0 && offset < runs[low]!.end ? low : -1;
}
