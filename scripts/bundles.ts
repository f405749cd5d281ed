import { resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';

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

/** The command `riscv-ftrace`: its parts are read when a word asks for them. */
export const commandBundles: readonly BuildOptions[] = [
  {
    ...common,
    entryPoints: { 'riscv-ftrace': 'command-line/main.ts' },
    outdir: 'dist',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...common,
    entryPoints: {
      'as-command': 'command-line/as-command.ts',
      commands: 'command-line/commands.ts',
      'plain-run': 'command-line/plain-run.ts',
      'debug-program': 'command-line/debug-program.ts',
    },
    outdir: 'dist',
  },
];

/** What each of the files in `dist/` is made of. */
export const bundles: readonly BuildOptions[] = [
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
    entryPoints: { 'debug-adapter': 'debug-adapter/start.ts', adapter: 'debug-adapter/main.ts' },
    outdir: 'dist',
  },
  {
    ...common,
    entryPoints: { 'language-server': 'language-server/main.ts', 'language-server-worker': 'language-server/diagnostics/check-worker.ts' },
    outdir: 'dist',
    banner: { js: '#!/usr/bin/env node' },
  },
  ...commandBundles,
];
