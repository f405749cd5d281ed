/** `npm run build`: the bundles in `dist/`. `--watch` makes them again after every change. */
import { chmodSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, context } from 'esbuild';

const root = resolve(__dirname, '..');

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  // Some packages have their ES modules beside a UMD build, whose imports esbuild cannot follow.
  mainFields: ['module', 'main'],
  sourcemap: 'linked',
  loader: { '.S': 'text' },
  logLevel: 'warning',
};

const bundles: BuildOptions[] = [
  {
    ...common,
    entryPoints: { extension: 'extension/extension.ts' },
    outdir: 'dist',
    external: ['vscode', './language-client'],
    supported: { 'dynamic-import': false },
  },
  { ...common, entryPoints: { 'language-client': 'extension/language-client.ts' }, outdir: 'dist', external: ['vscode'] },
  {
    ...common,
    entryPoints: { 'debug-adapter': 'debug-adapter/main.ts', 'debug-adapter-worker': 'debug-adapter/worker.ts' },
    outdir: 'dist',
  },
  {
    ...common,
    entryPoints: { 'language-server': 'language-server/main.ts', 'language-server-worker': 'language-server/diagnostics/check-worker.ts' },
    outdir: 'dist',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...common,
    entryPoints: { 'riscv-ftrace': 'command-line/main.ts' },
    outdir: 'dist',
    external: ['./as-command', './commands'],
    banner: { js: '#!/usr/bin/env node' },
  },
  { ...common, entryPoints: { 'as-command': 'command-line/as-command.ts', commands: 'command-line/commands.ts' }, outdir: 'dist' },
];

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
