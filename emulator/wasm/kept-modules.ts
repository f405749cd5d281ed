/**
 * Bytes of WebAssembly modules that a process may get from an earlier one, by what they depend on: the engine's own take longer to make
 * than many a program runs.
 */
let kept: ReadonlyMap<string, Uint8Array> = new Map();
let made: Map<string, Uint8Array> | undefined;

/** The bytes that were kept under that key, which must name all that they depend on, or else those that `encode` makes. */
export function keptOr(key: string, encode: () => Uint8Array): Uint8Array {
  const bytes = kept.get(key) ?? encode();
  made?.set(key, bytes);
  return bytes;
}

/** Takes what an earlier process of the same version has made. To be called before the first machine is made. */
export function keepModules(modules: ReadonlyMap<string, Uint8Array>): void {
  kept = modules;
}

/** The modules that are made from now on. */
export function recordModules(): ReadonlyMap<string, Uint8Array> {
  made ??= new Map();
  return made;
}
