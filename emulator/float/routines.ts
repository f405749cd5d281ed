import { keptOr } from '../wasm/kept-modules';
import { encodeModule } from '../wasm/module';
import { defineArithmetic } from './arithmetic-routines';
import { defineComparisons } from './comparison-routines';
import { defineConversions } from './conversion-routines';
import { fusesMultiplyAdd } from './fused-multiply-add';
import { Library } from './library';
import { defineMultiplyAdd } from './multiply-add-routine';
import { defineNumbers } from './numbers';
import type { RoutineName } from './routine-types';

/** The routines of one machine. */
export type Routines = Readonly<Record<RoutineName, unknown>>;

/** The routines over a memory that holds a hart's state at its start; `fuses` tells whether they use the engine's fused multiply-add. */
export function makeRoutines(memory: WebAssembly.Memory, fuses = fusesMultiplyAdd()): Routines {
  const module = modules.get(fuses) ?? new WebAssembly.Module(keptOr(`routines ${fuses}`, () => encodeRoutines(fuses)));
  modules.set(fuses, module);
  return new WebAssembly.Instance(module, { host: { memory } }).exports as Routines;
}

/** The modules are the same for every machine. */
const modules = new Map<boolean, WebAssembly.Module>();

function encodeRoutines(fuses: boolean): Uint8Array {
  const library = new Library(fuses);
  const numbers = defineNumbers(library);
  defineArithmetic(library, numbers);
  defineMultiplyAdd(library, numbers);
  defineConversions(library, numbers);
  defineComparisons(library, numbers);
  return encodeModule(1, library.functions, { orMorePages: true });
}
