import { encodeModule } from '../wasm/module';
import { defineArithmetic } from './arithmetic-routines';
import { defineComparisons } from './comparison-routines';
import { defineConversions } from './conversion-routines';
import { Library } from './library';
import { defineMultiplyAdd } from './multiply-add-routine';
import { defineNumbers } from './numbers';
import type { RoutineName } from './routine-types';

/** The routines of one machine, as the functions that its engines import. */
export type Routines = Readonly<Record<RoutineName, unknown>>;

/** The routines over a memory that holds a hart's state at its start. */
export function makeRoutines(memory: WebAssembly.Memory): Routines {
  module ??= new WebAssembly.Module(encodeRoutines());
  return new WebAssembly.Instance(module, { host: { memory } }).exports as Routines;
}

let module: WebAssembly.Module | undefined;

function encodeRoutines(): Uint8Array {
  const library = new Library();
  const numbers = defineNumbers(library);
  defineArithmetic(library, numbers);
  defineMultiplyAdd(library, numbers);
  defineConversions(library, numbers);
  defineComparisons(library, numbers);
  return encodeModule(1, library.functions);
}
