import { type LinearMemory, pageSize } from '../linear-memory';

/** Pages that follow each other and all have some permissions: offsets [start, end) of the guest's window. */
export interface PageRun {
  readonly start: number;
  readonly end: number;
  readonly bits: number;
}

interface Found {
  readonly all: readonly PageRun[];
  /** Those of the pages alone that are not likely to lose permissions. */
  readonly steady: readonly PageRun[];
}

/** The runs of pages of a machine, found anew after permissions have changed. */
export class PageRuns {
  readonly #memory: LinearMemory;
  readonly #mapped: () => Iterable<{ readonly start: number; readonly end: number }>;
  readonly #known = new Map<number, Found>();
  /** Pages that may lose permissions, as those at the end of a heap do again and again: a byte for each. */
  readonly #unsteady: Uint8Array;

  /** `mapped` gives the parts of the window that have pages, by address. */
  constructor(memory: LinearMemory, mapped: () => Iterable<{ readonly start: number; readonly end: number }>) {
    this.#memory = memory;
    this.#mapped = mapped;
    this.#unsteady = new Uint8Array(memory.size / pageSize);
  }

  forget(): void {
    this.#known.clear();
  }

  /** Pages are a heap's, or what else a program may give back. */
  mayChange(offset: number, length: number): void {
    this.#unsteady.fill(1, Math.floor(offset / pageSize), Math.ceil((offset + length) / pageSize));
    this.forget();
  }

  /** What relied on a run was wrong to: those of its pages that have lost permissions may do so again. */
  wasLost({ start, end, bits }: PageRun): void {
    const { permissions } = this.#memory;
    for (let page = start / pageSize; page < end / pageSize; page += 1) if ((permissions[page]! & bits) !== bits) this.#unsteady[page] = 1;
    this.forget();
  }

  /** The run that holds an offset, or undefined where its page has not all of the bits. */
  around(offset: number, bits: number): PageRun | undefined {
    return holding(this.#found(bits).all, offset);
  }

  /** As much of it as is likely to stay; undefined where the page is not. */
  steadyAround(offset: number, bits: number): PageRun | undefined {
    return holding(this.#found(bits).steady, offset);
  }

  /** The longest run, not counting the one that holds an offset. */
  longestWithout(offset: number, bits: number): PageRun | undefined {
    let longest: PageRun | undefined;
    for (const run of this.#found(bits).all) {
      if (run.start <= offset && offset < run.end) continue;
      if (!longest || run.end - run.start > longest.end - longest.start) longest = run;
    }
    return longest;
  }

  /** Whether all pages of a run still have its permissions. */
  holds({ start, end, bits }: PageRun): boolean {
    const { permissions } = this.#memory;
    for (let page = start / pageSize; page < end / pageSize; page += 1) if ((permissions[page]! & bits) !== bits) return false;
    return true;
  }

  #found(bits: number): Found {
    let found = this.#known.get(bits);
    if (!found) {
      const { permissions } = this.#memory;
      const isIn = (page: number) => (permissions[page]! & bits) === bits;
      found = { all: this.#find(bits, isIn), steady: this.#find(bits, (page) => isIn(page) && this.#unsteady[page] === 0) };
      this.#known.set(bits, found);
    }
    return found;
  }

  /** The runs of those pages. */
  #find(bits: number, isIn: (page: number) => boolean): PageRun[] {
    const runs: PageRun[] = [];
    for (const { start: first, end: last } of this.#mapped()) {
      const end = last / pageSize;
      for (let page = first / pageSize; page < end; page += 1) {
        if (!isIn(page)) continue;
        const start = page;
        while (page < end && isIn(page)) page += 1;
        const before = runs.at(-1);
        if (before?.end === start * pageSize) runs[runs.length - 1] = { ...before, end: page * pageSize };
        else runs.push({ start: start * pageSize, end: page * pageSize, bits });
      }
    }
    return runs;
  }
}

function holding(runs: readonly PageRun[], offset: number): PageRun | undefined {
  return runs.find(({ start, end }) => start <= offset && offset < end);
}
