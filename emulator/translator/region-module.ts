import type { Routines } from '../float/routines';
import type { LinearMemory } from '../linear-memory';
import { encodeModule } from '../wasm/module';
import type { Region } from './find-region';
import { regionTables, regionType } from './region-interface';
import type { Called, RegionTable } from './region-table';
import { writeRegion } from './region-writer';
import type { Linkage, Surroundings } from './surroundings';

/**
 * The WebAssembly module of regions that were made together: the engine takes as long to make a module as to compile some ten regions.
 * Each of them can be dropped by itself; the module stays as long as one is left.
 */
export class RegionModule {
  readonly bytes: number;
  /** Bytes of each region's instructions. */
  readonly sizes: readonly number[];
  /** Whether it imports the table of the regions that others may jump to. */
  readonly goesByRegister: boolean;
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #routines: Routines;
  /** What it calls, by their places in its table. */
  readonly #called: readonly Called[];
  #unlink: (() => void) | undefined;
  #left: number;
  #exports: Readonly<Record<string, unknown>> | undefined;

  /** `around` gives what the region of a number is written with. */
  constructor(
    regions: readonly Region[],
    memory: LinearMemory,
    routines: Routines,
    around: (index: number, linkage: Linkage) => Surroundings,
  ) {
    const places = new Map<Called, number>();
    this.goesByRegister = regions.some(({ flow }) => flow.goesByRegister);
    const tables = regionTables(this.goesByRegister);
    const place = (called: Called) => placeOf(called, places);
    const sizes: number[] = [];
    const functions = regions.map((region, index) => ({
      name: nameOf(index),
      parameters: regionType.parameters,
      results: regionType.results,
      write: (body: Parameters<typeof writeRegion>[0]) => {
        writeRegion(body, region, around(index, { functionIndex: index, tables, placeOf: place }));
        sizes.push(body.written);
      },
    }));
    const bytes = encodeModule(memory.wasmPages, functions, { tables });
    this.bytes = bytes.length;
    this.sizes = sizes;
    this.#called = [...places.keys()];
    this.#module = new WebAssembly.Module(bytes);
    this.#memory = memory.memory;
    this.#routines = routines;
    this.#left = regions.length;
  }

  /** Whether it has an instance that has not been put to rest. */
  get isAwake(): boolean {
    return this.#exports !== undefined;
  }

  /** The function of a region, in an instance that calls through that table. */
  functionOf(index: number, all: RegionTable): unknown {
    this.#exports ??= this.#instantiate(all);
    return this.#exports[nameOf(index)];
  }

  /** Gives its instance up. */
  rest(): void {
    this.#exports = undefined;
    this.#unlink?.();
    this.#unlink = undefined;
  }

  /** One of its regions is dropped. True where it was the last. */
  drop(): boolean {
    this.#left -= 1;
    if (this.#left > 0) return false;
    this.rest();
    return true;
  }

  #instantiate(all: RegionTable): Readonly<Record<string, unknown>> {
    const { table: own, unlink } = all.link(this.#called, this.#routines);
    this.#unlink = unlink;
    return new WebAssembly.Instance(this.#module, { host: { memory: this.#memory, own, opened: all.opened } }).exports;
  }
}

function placeOf(called: Called, places: Map<Called, number>): number {
  const known = places.get(called) ?? places.size;
  places.set(called, known);
  return known;
}

function nameOf(index: number): string {
  return `region${index}`;
}
