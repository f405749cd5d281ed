import { type I32, i32 } from '../wasm/expression';
import { type FunctionBody, get, type Local } from '../wasm/function-body';

/**
 * Size from which a region is huge, a way out counted as two instructions. V8's allocator of registers takes time and memory that grow
 * faster than the function, which its threads keep: 10 MB for 1500, 26 MB and 0.3 s for 2800, 39 MB and half a second for 3600. Its other
 * one is left to those, as its code is slower where many registers are carried from case to case.
 */
const hugeSize = 2700;
const sizeOfWayOut = 2;
/** Values from which V8 has one that goes over the function once (`kTopTierVirtualRegistersLimit` in its src/compiler/pipeline.cc). */
const hugeValues = 8192;
/** Operations in one expression, which nest. */
const nested = 64;

export function isHuge(instructions: number, waysOut: number): boolean {
  return instructions + sizeOfWayOut * waysOut >= hugeSize;
}

/**
 * Makes a function huge for V8, whose values they are, though none of them is ever computed: it is optimised in a third of the time and a
 * tenth of the memory, and as fast. To be written where the hart does not come to.
 */
export function writeHuge(body: FunctionBody, seed: Local<'i32'>): void {
  for (let count = 0; count < hugeValues; count += nested) {
    let value: I32 = get(seed);
    for (let depth = 0; depth < nested; depth += 1) value = i32.clz(value);
    body.set(seed, value);
  }
}
