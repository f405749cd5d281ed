import { setFlagsFromString } from 'node:v8';
import { canMultiplyAdd } from '../emulator/float/fused-multiply-add';

/**
 * Turns relaxed SIMD on, with which WebAssembly has the processor's fused multiply-add. Node 22 and later have it on; Node 20 has it
 * behind a flag. To be called before the first machine is made.
 */
export function enableMultiplyAdd(): void {
  if (!canMultiplyAdd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/** Compiles so that V8 leaves the WebAssembly functions concerned in its baseline tier: it is told to optimise only one that there is not. */
export function inBaseline<Result>(compile: () => Result): Result {
  setFlagsFromString('--wasm-tier-up-filter=1000000');
  try {
    return compile();
  } finally {
    setFlagsFromString('--wasm-tier-up-filter=-1');
  }
}
