import { readFileSync } from 'node:fs';
import type * as KeptModules from '../emulator/wasm/kept-modules';
import { CompiledBundle, compiledPath } from './compiled-bundle';
import { keptModulesPath, parseKeptModules } from './kept-modules-text';

/** A bundle with V8's code of it, where that was kept beside it. */
export function openBundle(path: string): CompiledBundle {
  return new CompiledBundle(path, readIfThere(compiledPath(path)));
}

/** What a bundle with an engine exports, which has the modules that were kept beside it. */
export function openEngine(path: string): unknown {
  const bundle = openBundle(path);
  const exports = bundle.run() as Pick<typeof KeptModules, 'keepModules'>;
  const modules = readIfThere(keptModulesPath(path));
  if (modules) exports.keepModules(parseKeptModules(modules.toString(), bundle.seal));
  return exports;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
