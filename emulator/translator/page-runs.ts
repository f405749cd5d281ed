import { type LinearMemory, pageSize } from '../linear-memory';

/** Pages that follow each other and all have some permissions: offsets [start, end) of the guest's window. */
export interface PageRun {
  readonly start: number;
  readonly end: number;
  readonly bits: number;
}

/** The runs of pages of a machine, found anew after permissions have changed. */
export class PageRuns {
  readonly #memory: LinearMemory;
  readonly #mapped: () => Iterable<{ readonly start: number; readonly end: number }>;
  readonly #known = new Map<number, readonly PageRun[]>();

  /** `mapped` gives the parts of the window that have pages, by address. */
  constructor(memory: LinearMemory, mapped: () => Iterable<{ readonly start: number; readonly end: number }>) {
    this.#memory = memory;
    this.#mapped = mapped;
  }

  forget(): void {
    this.#known.clear();
  }

  /** The run that holds an offset, or undefined where its page has not all of the bits. */
  around(offset: number, bits: number): PageRun | undefined {
    return this.#all(bits).find(({ start, end }) => start <= offset && offset < end);
  }

  /** The longest run, not counting the one that holds an offset. */
  longestWithout(offset: number, bits: number): PageRun | undefined {
    let longest: PageRun | undefined;
    for (const run of this.#all(bits)) {
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

  #all(bits: number): readonly PageRun[] {
    let runs = this.#known.get(bits);
    if (!runs) {
      runs = this.#find(bits);
      this.#known.set(bits, runs);
    }
    return runs;
  }

  #find(bits: number): PageRun[] {
    const { permissions } = this.#memory;
    const runs: PageRun[] = [];
    const has = (page: number) => (permissions[page]! & bits) === bits;
    for (const { start: first, end: last } of this.#mapped()) {
      for (let page = first / pageSize; page < last / pageSize; page += 1) {
        if (!has(page)) continue;
        const before = runs.at(-1);
        const start = page;
        while (page < last / pageSize && has(page)) page += 1;
        if (before?.end === start * pageSize) runs[runs.length - 1] = { ...before, end: page * pageSize };
        else runs.push({ start: start * pageSize, end: page * pageSize, bits });
      }
    }
    return runs;
  }
}
