/**
 * Leaves what V8 makes of a command's bundle beside it, for the command to start from: `compile-bundle.ts BUNDLE EXPORT WORD...` runs
 * the export with the words, so that the functions a run needs are in it. Run by `npm run build`, in a process for each bundle.
 */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { CompiledBundle, compiledPath } from '../command-line/compiled-bundle';
import { canMultiplyAdd } from '../emulator/float/fused-multiply-add';

const [path, name, ...words] = process.argv.slice(2) as [string, string, ...string[]];
const bundle = new CompiledBundle(path);
const exported = bundle.run() as Record<string, (words: readonly string[]) => void>;
const multiplied = canMultiplyAdd();
process.once('exit', () => {
  // A process takes the code only where its flags are those that it was written with: those that the commands set are set back.
  setFlagsFromString('--turbo-inlining');
  if (!multiplied) setFlagsFromString('--no-experimental-wasm-relaxed-simd');
  writeFileSync(compiledPath(path), bundle.compiled());
});
exported[name]!(words);
