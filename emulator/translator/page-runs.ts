import { type LinearMemory, pageSize } from '../linear-memory';

/** Pages that follow each other and all have some permissions: offsets [start, end) of the guest's window. */
export interface PageRun {
  readonly start: number;
  readonly end: number;
  readonly bits: number;
}

interface Found extends PageRun {
  /** None of its pages, nor of those next to them, has lost permissions that something relied on. */
  readonly isSteady: boolean;
}

/** The runs of pages of a machine, found anew after permissions have changed. */
export class PageRuns {
  readonly #memory: LinearMemory;
  readonly #mapped: () => Iterable<{ readonly start: number; readonly end: number }>;
  readonly #known = new Map<number, readonly Found[]>();
  /** Pages that have lost permissions that something relied on, a byte for each. */
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

  /** What relied on a run was wrong to: those of its pages that have lost permissions may do so again, as the end of a heap does. */
  wasLost({ start, end, bits }: PageRun): void {
    const { permissions } = this.#memory;
    for (let page = start / pageSize; page < end / pageSize; page += 1) if ((permissions[page]! & bits) !== bits) this.#unsteady[page] = 1;
    this.forget();
  }

  /** The run that holds an offset, or undefined where its page has not all of the bits. */
  around(offset: number, bits: number): PageRun | undefined {
    return this.#holding(offset, bits);
  }

  /** The same, unless it is one that grows and shrinks. */
  steadyAround(offset: number, bits: number): PageRun | undefined {
    const run = this.#holding(offset, bits);
    return run?.isSteady ? run : undefined;
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

  #holding(offset: number, bits: number): Found | undefined {
    return this.#all(bits).find(({ start, end }) => start <= offset && offset < end);
  }

  #all(bits: number): readonly Found[] {
    let runs = this.#known.get(bits);
    if (!runs) {
      runs = this.#find(bits);
      this.#known.set(bits, runs);
    }
    return runs;
  }

  #find(bits: number): Found[] {
    const { permissions } = this.#memory;
    const runs: Found[] = [];
    for (const { start: first, end: last } of this.#mapped()) {
      const end = last / pageSize;
      for (let page = first / pageSize; page < end; page += 1) {
        if ((permissions[page]! & bits) !== bits) continue;
        const start = page;
        while (page < end && (permissions[page]! & bits) === bits) page += 1;
        const isSteady = !this.#unsteady.subarray(Math.max(start - 1, 0), page + 1).includes(1);
        const before = runs.at(-1);
        if (before?.end === start * pageSize) {
          runs[runs.length - 1] = { ...before, end: page * pageSize, isSteady: before.isSteady && isSteady };
        } else runs.push({ start: start * pageSize, end: page * pageSize, bits, isSteady });
      }
    }
    return runs;
  }
}
