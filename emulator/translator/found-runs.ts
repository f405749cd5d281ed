import { countAtOrBelow } from '../../program/sorted';

/** Instructions that follow each other. */
interface Run {
  readonly start: number;
  /** Where the last instruction begins and ends. */
  last: number;
  end: number;
  /** Instructions that count. */
  count: number;
  /** Where the last instruction may go; undefined for on. */
  ways: readonly number[] | undefined;
}

/** What the search for a region has found of the code that is not put in line, in runs: how much of it is executed. */
export class FoundRuns {
  readonly #runs: Run[] = [];
  #last: Run | undefined;

  /** The next instruction that is found begins a run. */
  begin(): void {
    this.#last = undefined;
  }

  /** An instruction [offset, end) was found that may go to `ways`; on where these are undefined. */
  add(offset: number, end: number, ways: readonly number[] | undefined, counts: boolean): void {
    if (!this.#last) {
      this.#last = { start: offset, last: offset, end, count: 0, ways };
      this.#runs.push(this.#last);
    }
    this.#last.last = offset;
    this.#last.end = end;
    this.#last.ways = ways;
    if (counts) this.#last.count += 1;
  }

  /** Instructions that are executed from a place on, were branches to go either way alike and nothing round a loop. */
  executedFrom(place: number): number {
    const runs = this.#runs.slice().sort((one, other) => one.start - other.start);
    const shares = new Float64Array(runs.length);
    let sum = 0;
    const add = (to: number, share: number): void => {
      const index = runAt(runs, to);
      const { start, end, count } = runs[index]!;
      shares[index] = shares[index]! + share;
      // Of a run that is come to in its middle the rest is executed.
      sum -= (share * count * (to - start)) / (end - start);
    };
    if (runAt(runs, place) >= 0) add(place, 1);
    for (let index = 0; index < runs.length; index += 1) {
      const { last, end, count, ways = [end] } = runs[index]!;
      const share = shares[index]!;
      if (share === 0) continue;
      sum += share * count;
      let known = 0;
      for (const way of ways) if (runAt(runs, way) >= 0) known += 1;
      for (const way of ways) if (way > last && runAt(runs, way) >= 0) add(way, share / known);
    }
    return sum;
  }
}

/** The index of the run that an offset is in; -1 for none. */
function runAt(runs: readonly Run[], offset: number): number {
  const index = countAtOrBelow(runs, offset, ({ start }) => start) - 1;
  return index >= 0 && offset < runs[index]!.end ? index : -1;
}
