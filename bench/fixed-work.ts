/** For how long it is done at first, in milliseconds: until V8 has optimised it. */
const warmUp = 20;
const depth = 17;

/**
 * Work that always takes as long, some ten microseconds, where nothing else keeps the processor busy: the function does it and tells how
 * many milliseconds it took. It is made of bytes, so that the engine's own code is as new to V8 as in every process.
 */
export function fixedWork(): () => number {
  const { fibonacci } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports as { fibonacci: (n: number) => number };
  const work = (): number => {
    const start = performance.now();
    fibonacci(depth);
    return performance.now() - start;
  };
  const end = performance.now() + warmUp;
  while (performance.now() < end) work();
  return work;
}

/**
 * The binary form of
 *
 *     (module
 *       (func $fibonacci (export "fibonacci") (param i32) (result i32)
 *         (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
 *           (then (local.get 0))
 *           (else (i32.add
 *             (call $fibonacci (i32.sub (local.get 0) (i32.const 1)))
 *             (call $fibonacci (i32.sub (local.get 0) (i32.const 2))))))))
 */
const module = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x06, 0x01, 0x60, 0x01, 0x7f, 0x01, 0x7f],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x07, 0x0d, 0x01, 0x09, ...Buffer.from('fibonacci'), 0x00, 0x00],
  ...[0x0a, 0x1e, 0x01, 0x1c, 0x00],
  ...[0x20, 0x00, 0x41, 0x02, 0x49, 0x04, 0x7f, 0x20, 0x00, 0x05],
  ...[0x20, 0x00, 0x41, 0x01, 0x6b, 0x10, 0x00, 0x20, 0x00, 0x41, 0x02, 0x6b, 0x10, 0x00, 0x6a, 0x0b, 0x0b],
]);
