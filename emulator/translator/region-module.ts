import { routineTypes } from '../float/routine-types';
import type { Routines } from '../float/routines';
import type { LinearMemory } from '../linear-memory';
import { encodeModule } from '../wasm/module';
import type { Region } from './find-region';
import { regionTable, regionType } from './region-interface';
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
    const sizes: number[] = [];
    const functions = regions.map((region, index) => ({
      name: nameOf(index),
      ...regionType,
      write: (body: Parameters<typeof writeRegion>[0]) => {
        writeRegion(body, region, { ...around(index), routines: imported, functionIndex: imported.length + index });
        sizes.push(body.written);
      },
    }));
    const bytes = encodeModule(memory.wasmPages, functions, {
      table: regionTable,
      imported: imported.map((name) => ({ name, ...routineTypes[name] })),
    });
    this.bytes = bytes.length;
    this.sizes = sizes;
    this.#module = new WebAssembly.Module(bytes);
    this.#imports = { memory: memory.memory, ...routines };
    this.#left = regions.length;
  }

  /** Whether it has an instance that has not been put to rest. */
  get isAwake(): boolean {
    return this.#exports !== undefined;
  }

  /** The function of a region, in an instance that imports this table. */
  functionOf(index: number, table: WebAssembly.Table): unknown {
    this.#exports ??= new WebAssembly.Instance(this.#module, { host: { ...this.#imports, table } }).exports;
    return this.#exports[nameOf(index)];
  }

  /** Gives its instance up. */
  rest(): void {
    this.#exports = undefined;
  }

  /** One of its regions is dropped. True where it was the last. */
  drop(): boolean {
    this.#left -= 1;
    return this.#left === 0;
  }
}

function nameOf(index: number): string {
  return `region${index}`;
}
