/** `npm run build`: the bundles in `dist/`. `--watch` makes them again after every change. */
import { execFile } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { devNull } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, context } from 'esbuild';
import { bundles } from './bundles';

const root = resolve(__dirname, '..');

main().catch((error: { readonly stderr?: string }) => {
  // esbuild has printed what is wrong; of a bundle that does not run, the bundle has.
  process.stderr.write(error.stderr ?? '');
  process.exitCode = 1;
});

async function main(): Promise<void> {
  if (process.argv.includes('--watch')) {
    for (const bundle of bundles) await (await context(bundle)).watch();
    return;
  }
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await Promise.all(bundles.map((bundle) => build(bundle)));
  for (const command of ['riscv-ftrace.js', 'language-server.js']) chmodSync(join(root, 'dist', command), 0o755);
  const program = join(__dirname, 'warm-up.s');
  await compile('as-command', 'runAs', program, '-o', devNull);
  await compile('commands', 'runCommand', 'run', '-l', '*', '-o', devNull, program);
}

/** Leaves the code of a command's bundle beside it, made by running it once with those words. */
async function compile(bundle: string, command: string, ...words: readonly string[]): Promise<void> {
  const script = join(__dirname, 'compile-bundle.ts');
  await promisify(execFile)(process.execPath, [require.resolve('tsx/cli'), script, join(root, `dist/${bundle}.js`), command, ...words]);
}
