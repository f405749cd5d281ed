/** `npm run build`: the bundles in `dist/`. `--watch` makes them again after every change. */
import { chmodSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, context } from 'esbuild';
import { bundles } from './bundles';

const root = resolve(__dirname, '..');

main().catch(() => {
  // esbuild has printed what is wrong.
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
}
