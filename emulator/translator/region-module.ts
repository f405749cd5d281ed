import { type RoutineName, routineTypes } from '../float/routine-types';
import type { Routines } from '../float/routines';
import type { LinearMemory } from '../linear-memory';
import { encodeModule } from '../wasm/module';
import type { Region } from './find-region';
import { goOnType } from './go-on';
import { regionTables, regionType } from './region-interface';
import type { RegionTable } from './region-table';
import { writeRegion } from './region-writer';
import type { Surroundings } from './surroundings';

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
  readonly #imports: Readonly<Record<string, unknown>>;
  /** The offsets that it calls, by their places in its table. */
  readonly #callees: readonly number[];
  #unlink: (() => void) | undefined;
  #left: number;
  #exports: Readonly<Record<string, unknown>> | undefined;

  /** `around` gives what a region is written with, by its number. */
  constructor(
    regions: readonly Region[],
    memory: LinearMemory,
    routines: Routines,
    around: (index: number) => Omit<Surroundings, 'routines' | 'functionIndex' | 'goOnIndex' | 'tables' | 'placeOf'>,
  ) {
    const imported = routinesOf(regions);
    const callees = new Map<number, number>();
    this.goesByRegister = regions.some(({ flow }) => flow.goesByRegister);
    const tables = regionTables(this.goesByRegister);
    const goesOn = regions.some(({ flow }) => flow.blocks.some(({ end }) => end.kind === 'call')) ? [{ name: 'goOn', ...goOnType }] : [];
    const common = { tables, placeOf: (offset: number) => placeOf(offset, callees), routines: imported, goOnIndex: imported.length };
    const first = imported.length + goesOn.length;
    const sizes: number[] = [];
    const functions = regions.map((region, index) => ({
      name: nameOf(index),
      ...regionType,
      write: (body: Parameters<typeof writeRegion>[0]) => {
        writeRegion(body, region, { ...around(index), ...common, functionIndex: first + index });
        sizes.push(body.written);
      },
    }));
    const bytes = encodeModule(memory.wasmPages, functions, {
      tables,
      imported: [...imported.map((name) => ({ name, ...routineTypes[name] })), ...goesOn],
    });
    this.bytes = bytes.length;
    this.sizes = sizes;
    this.#callees = [...callees.keys()];
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
    const { table: own, unlink } = all.link(this.#callees);
    this.#unlink = unlink;
    return new WebAssembly.Instance(this.#module, { host: { ...this.#imports, own, opened: all.opened, goOn: all.goOn } }).exports;
  }
}

/** The routines that regions may call. */
function routinesOf(regions: readonly Region[]): RoutineName[] {
  const called = new Set<RoutineName>();
  for (const { flow } of regions) {
    for (const { steps } of flow.blocks) {
      for (const { effects } of steps) if (effects.routines.size > 0) for (const name of effects.routines) called.add(name);
    }
  }
  return [...called];
}

function placeOf(offset: number, places: Map<number, number>): number {
  const known = places.get(offset) ?? places.size;
  places.set(offset, known);
  return known;
}

function nameOf(index: number): string {
  return `region${index}`;
}
