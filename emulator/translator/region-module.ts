import { routineTypes } from '../float/routine-types';
import type { Routines } from '../float/routines';
import type { LinearMemory } from '../linear-memory';
import { encodeModule } from '../wasm/module';
import type { Region } from './find-region';
import { ownTable, regionTable, regionType } from './region-interface';
import type { RegionTable } from './region-table';
import { type Surroundings, writeRegion } from './region-writer';

/**
 * The WebAssembly module of regions that were made together: the engine takes as long to make a module as to compile some ten regions.
 * Each of them can be dropped by itself; the module stays as long as one is left.
 */
export class RegionModule {
  readonly bytes: number;
  /** Bytes of each region's instructions. */
  readonly sizes: readonly number[];
  readonly #module: WebAssembly.Module;
  readonly #imports: Readonly<Record<string, unknown>>;
  /** The offsets that it calls, by their places in its own table; undefined where it needs the table of all regions. */
  readonly #callees: readonly number[] | undefined;
  #unlink: (() => void) | undefined;
  #left: number;
  #exports: Readonly<Record<string, unknown>> | undefined;

  /** `around` gives what a region is written with, by its number. */
  constructor(
    regions: readonly Region[],
    memory: LinearMemory,
    routines: Routines,
    around: (index: number) => Omit<Surroundings, 'routines' | 'functionIndex'>,
  ) {
    const called = new Set(
      regions.flatMap(({ flow }) => flow.blocks.flatMap(({ steps }) => steps.flatMap(({ effects }) => [...effects.routines]))),
    );
    const imported = [...called];
    const callees = regions.some(needsTable) ? undefined : new Map<number, number>();
    const own = callees && { slotFor: (at: number) => placeOf(at, callees) };
    const sizes: number[] = [];
    const functions = regions.map((region, index) => ({
      name: nameOf(index),
      ...regionType,
      write: (body: Parameters<typeof writeRegion>[0]) => {
        writeRegion(body, region, { ...around(index), ...own, routines: imported, functionIndex: imported.length + index });
        sizes.push(body.written);
      },
    }));
    const bytes = encodeModule(memory.wasmPages, functions, {
      table: callees ? ownTable : regionTable,
      imported: imported.map((name) => ({ name, ...routineTypes[name] })),
    });
    this.bytes = bytes.length;
    this.sizes = sizes;
    this.#callees = callees && [...callees.keys()];
    this.#module = new WebAssembly.Module(bytes);
    this.#imports = { memory: memory.memory, ...routines };
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
    const own = this.#callees && all.link(this.#callees);
    this.#unlink = own?.unlink;
    return new WebAssembly.Instance(this.#module, { host: { ...this.#imports, table: own?.table ?? all.table } }).exports;
  }
}

/** Whether a region goes where a register says, for which it needs the table of all regions. */
function needsTable({ flow }: Region): boolean {
  return flow.blocks.some(({ end }) => end.kind === 'indirect' || (end.kind === 'call' && end.callee === undefined));
}

function placeOf(offset: number, places: Map<number, number>): number {
  const known = places.get(offset) ?? places.size;
  places.set(offset, known);
  return known;
}

function nameOf(index: number): string {
  return `region${index}`;
}
