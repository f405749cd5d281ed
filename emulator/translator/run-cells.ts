import type { LinearMemory } from '../linear-memory';
import { runCellSize, runCells } from '../linear-memory';
import type { Check } from './nearby-accesses';
import type { PageRun, PageRuns } from './page-runs';

interface Cell {
  /** Where it is in linear memory: the guest address of the run less the check's first byte, and how many bases from there on pass. */
  readonly at: number;
  readonly check: Pick<Check, 'low' | 'high' | 'bits'>;
  run: PageRun | undefined;
}

/**
 * The runs of pages that accesses are expected in, in cells of linear memory: a region that looks there follows an access that has
 * come to go elsewhere, and permissions that have changed, without being made again.
 */
export class RunCells {
  readonly #memory: LinearMemory;
  readonly #cells: Cell[] = [];
  readonly #bySite = new Map<number, Cell[]>();

  constructor(memory: LinearMemory) {
    this.#memory = memory;
  }

  /** The place of the cell of a check at a site, where there is one. */
  known(site: number, { low, high, bits }: Check): number | undefined {
    const cells = this.#bySite.get(site);
    return cells?.find(({ check }) => check.low === low && check.high === high && check.bits === bits)?.at;
  }

  /** Makes a cell for a check at a site, which expects a run, and gives its place; undefined where none is free. */
  make(site: number, { low, high, bits }: Check, run: PageRun | undefined): number | undefined {
    if (this.#cells.length >= runCells) return undefined;
    const cell: Cell = { at: this.#memory.runCellsAt + this.#cells.length * runCellSize, check: { low, high, bits }, run: undefined };
    this.#cells.push(cell);
    const known = this.#bySite.get(site);
    if (known) known.push(cell);
    else this.#bySite.set(site, [cell]);
    this.#put(cell, run);
    return cell.at;
  }

  /** Whether the checks of a site have cells. */
  has(site: number): boolean {
    return this.#bySite.has(site);
  }

  /** The accesses of a site are expected where `runOf` says, by the permissions that they need. */
  expect(site: number, runOf: (bits: number) => PageRun | undefined): void {
    for (const cell of this.#bySite.get(site) ?? []) this.#put(cell, runOf(cell.check.bits));
  }

  /** Pages [start, end) have got other permissions. */
  permissionsChanged(start: number, end: number, runs: PageRuns): void {
    // Of very many cells most share few runs.
    const known = new Map<PageRun, PageRun | undefined>();
    for (const cell of this.#cells) {
      const { run } = cell;
      if (!run || run.start > end || start > run.end) continue;
      if (!known.has(run)) known.set(run, changed(run, start, end, runs));
      const now = known.get(run);
      if (now !== run) this.#put(cell, now);
    }
  }

  #put(cell: Cell, run: PageRun | undefined): void {
    const { doublewords, words } = this.#memory;
    const { at, check } = cell;
    const room = run ? Math.max(run.end - run.start - (check.high - check.low) + 1, 0) : 0;
    if (room > 0 && run!.start !== cell.run?.start) {
      doublewords[at >> 3] = BigInt.asUintN(64, this.#memory.addressOf(run!.start) - BigInt(check.low));
    }
    cell.run = room > 0 ? run : undefined;
    // Its upper half is always 0.
    words[(at + 8) >> 2] = room;
  }
}

/** What a run is where pages [start, end) within or beside it have got other permissions: what it was, or more, or less. */
function changed(run: PageRun, start: number, end: number, runs: PageRuns): PageRun | undefined {
  if (runs.holds({ start, end, bits: run.bits })) {
    return run.start <= start && end <= run.end ? run : { ...run, start: Math.min(run.start, start), end: Math.max(run.end, end) };
  }
  if (run.end === start || run.start === end) return run;
  if (run.start < start) return { ...run, end: start };
  return end < run.end ? { ...run, start: end } : undefined;
}
