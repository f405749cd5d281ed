import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createVSIX } from '@vscode/vsce';

const root = resolve(__dirname, '..');
/** Bytes; more than this is a mistake in `.vscodeignore`. */
const largest = 3_000_000;

/** Builds the bundles and packs them with the samples. Throws where it would be larger than 3 MB. */
export async function packageExtension(): Promise<{ path: string; size: number }> {
  await promisify(execFile)(process.execPath, [require.resolve('tsx/cli'), join(root, 'scripts/bundle.ts')]);
  const path = join(root, 'dist/riscv-ftrace.vsix');
  await createVSIX({ cwd: root, packagePath: path, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  const { size } = statSync(path);
  if (size > largest) throw new Error(`${path} has ${size} bytes, more than ${largest}`);
  return { path, size };
}
