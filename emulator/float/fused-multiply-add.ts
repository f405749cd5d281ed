import { relaxedMultiplyAdd } from '../wasm/expression';
import { type FunctionBody, get } from '../wasm/function-body';
import { encodeModule } from '../wasm/module';

/**
 * Whether the engine's `relaxedMultiplyAdd` is there and rounds once. It does so where the processor has the instruction; an engine
 * that knows no relaxed SIMD, or has it turned off, refuses the module.
 */
export function fusesMultiplyAdd(): boolean {
  fuses ??= detect();
  return fuses;
}

let fuses: boolean | undefined;

/** Whether the engine knows `relaxedMultiplyAdd`. */
export function canMultiplyAdd(): boolean {
  return WebAssembly.validate(encodeProbe());
}

function detect(): boolean {
  if (!canMultiplyAdd()) return false;
  const memory = new WebAssembly.Memory({ initial: 0 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(encodeProbe()), { host: { memory } });
  const multiplyAdd = exports.multiplyAdd as (a: number, b: number, c: number) => number;
  const factor = 1 + 2 ** -30;
  return multiplyAdd(factor, factor, -(1 + 2 ** -29)) === 2 ** -60;
}

function encodeProbe(): Uint8Array {
  const parameter = (index: number) => get({ type: 'f64', index });
  const write = (body: FunctionBody) => body.return(relaxedMultiplyAdd(parameter(0), parameter(1), parameter(2)));
  return encodeModule(0, [{ name: 'multiplyAdd', parameters: ['f64', 'f64', 'f64'], results: ['f64'], write }], { orMorePages: true });
}
