import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');
let isBuilt = false;

/** The command as users run it. */
export const builtCommand = join(root, 'dist/riscv-ftrace.js');

/** Builds the command from the sources as they are, once in a run. */
export function buildCommand(): void {
  if (isBuilt) return;
  isBuilt = true;
  execFileSync(process.execPath, [require.resolve('tsx/cli'), join(root, 'scripts/bundle.ts')]);
}
