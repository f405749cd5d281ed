/**
 * Leaves what V8 makes of a command's bundle beside it, for the command to start from, and the engine's WebAssembly modules:
 * `compile-bundle.ts BUNDLE EXPORT WORD...` runs the export with the words, so that the functions a run needs are in it; without an
 * export the bundle runs by itself. Run by `npm run build`, in a process for each bundle.
 */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type * as Commands from '../command-line/commands';
import { CompiledBundle, compiledPath } from '../debug-adapter/compiled-bundle';
import { keptModulesPath, keptModulesText } from '../debug-adapter/kept-modules-text';
import { canMultiplyAdd } from '../emulator/float/fused-multiply-add';

type Exported = Partial<Pick<typeof Commands, 'recordModules'>> & Record<string, (words: readonly string[]) => unknown>;

const [path, name, ...words] = process.argv.splice(2) as [string, ...string[]];
const multiplied = canMultiplyAdd();
const bundle = new CompiledBundle(path);
const exported = bundle.run() as Exported;
const modules = exported.recordModules?.();
process.once('exit', () => {
  // A process takes the code only where its flags are those that it was written with: those that the commands set are set back.
  setFlagsFromString('--turbo-inlining');
  setFlagsFromString('--semi-space-growth-factor=2');
  if (!multiplied) setFlagsFromString('--no-experimental-wasm-relaxed-simd');
  writeFileSync(compiledPath(path), bundle.compiled());
  if (modules) writeFileSync(keptModulesPath(path), keptModulesText(modules, bundle.seal));
});
if (name !== undefined && exported[name]!(words) === false) throw new Error(`${path}: ${name} has not run ${words.join(' ')}`);
