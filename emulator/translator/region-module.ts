import type { Routines } from '../float/routines';
import { hartAt, type LinearMemory } from '../linear-memory';
import { type I64, i32, i64 } from '../wasm/expression';
import { type FunctionBody, get } from '../wasm/function-body';
import { encodeModule, type ModuleFunction } from '../wasm/module';
import type { Region } from './find-region';
import { entriesType, regionTables, regionType } from './region-interface';
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

  /** `around` gives what the region of a number is written with, `goesOnAt` whether it goes on at an offset by a tail call, if it can. */
  constructor(
    regions: readonly Region[],
    memory: LinearMemory,
    routines: Routines,
    around: (index: number, linkage: Linkage) => Surroundings,
    goesOnAt: ((offset: number) => boolean) | undefined,
  ) {
    const places = new Map<Called, number>();
    const tailCalls = goesOnAt !== undefined;
    this.goesByRegister = regions.some(({ flow }) => flow.goesByRegister);
    const tables = regionTables(this.goesByRegister);
    const place = (called: Called) => placeOf(called, places);
    const sizes: number[] = [];
    const functions: ModuleFunction[] = [];
    regions.forEach((region, index) => {
      const hasEntries = region.entries.length > 0;
      const functionIndex = functions.length + (hasEntries ? 1 : 0);
      const write = (body: FunctionBody) => {
        const placeToGoOn = (offset: number) => (goesOnAt?.(offset) ? place(offset | 1) : undefined);
        const linkage = { functionIndex, tables, placeOf: place, placeToGoOn, tailCalls };
        writeRegion(body, region, around(index, linkage));
        sizes.push(body.written);
      };
      if (!hasEntries) functions.push({ name: nameOf(index), ...regionType, write });
      else {
        const start = i64.constant(memory.signedAddressOf(region.offset));
        const within = functions.length;
        functions.push({ name: `${nameOf(index)}within`, ...entriesType, write });
        functions.push({ name: nameOf(index), ...regionType, write: (body) => writeEntry(body, within, start, tailCalls) });
        const entered = i64.load(i32.constant(0), hartAt.pc);
        functions.push({ name: `${nameOf(index)}entries`, ...regionType, write: (body) => writeEntry(body, within, entered, tailCalls) });
      }
    });
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

  /** The same function for those who enter it where `hartAt.pc` says; undefined where it has one entry alone. */
  entriesOf(index: number): unknown {
    return this.#exports?.[`${nameOf(index)}entries`];
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

/**
 * Calls a function of the module, with where its region is entered: by a tail call where regions have some, as they would leave the frame of
 * another call behind each time.
 */
function writeEntry(body: FunctionBody, within: number, address: I64, tailCalls: boolean): void {
  const [fuel, stack] = [{ type: 'i32', index: 0 } as const, { type: 'i32', index: 1 } as const];
  if (tailCalls) {
    body.tailCall(within, get(fuel), get(stack), address);
    return;
  }
  const result = body.local('i64');
  body.call([result, fuel], within, get(fuel), get(stack), address);
  body.return(get(result), get(fuel));
}
