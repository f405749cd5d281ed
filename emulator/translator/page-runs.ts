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
  readonly #known = new Map<number, readonly PageRun[]>();

  constructor(memory: LinearMemory) {
    this.#memory = memory;
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
    const all = this.#all(bits).filter(({ start, end }) => offset < start || offset >= end);
    return all.reduce<PageRun | undefined>((best, run) => (best && best.end - best.start >= run.end - run.start ? best : run), undefined);
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
    const { permissions, permissionWords } = this.#memory;
    const runs: PageRun[] = [];
    const pages = permissions.length;
    const has = (page: number) => (permissions[page]! & bits) === bits;
    const four = bits * 0x01010101;
    for (let page = 0; page < pages; page += 1) {
      // Most of a window has no pages: those are passed over four at a time.
      while (page % 4 === 0 && page + 4 < pages && permissionWords[page / 4] === 0) page += 4;
      if (!has(page)) continue;
      const start = page;
      while (page < pages && has(page)) page += page % 4 === 0 && page + 4 < pages && (permissionWords[page / 4]! & four) === four ? 4 : 1;
      runs.push({ start: start * pageSize, end: page * pageSize, bits });
    }
    return runs;
  }
}
