import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { sealed } from '../debug-adapter/compiled-bundle';
import { assemble } from '../program/assembler/assemble';

const root = join(__dirname, '..');

/** Runs an export of a bundled file with these words, in a process of its own, and gives what it printed. */
export type Run = (words: readonly string[]) => string;

/**
 * Bundles a file of this folder as the command is, with what V8 makes of it once it has run with the program that the kept code of the
 * command is made with, and those words: each run starts from that code, as the command does.
 */
export function keptProcess(file: string, exported: string, folder: string, ...words: readonly string[]): Run {
  const bundle = bundled(file, folder);
  const opener = join(folder, 'open-bundle.js');
  buildSync({ ...options, entryPoints: [join(root, 'debug-adapter/open-bundle.ts')], outfile: opener });
  const text = readFileSync(bundle, 'utf8');
  writeFileSync(bundle, sealed(text, createHash('sha256').update(text).digest('hex')));
  execFileSync(process.execPath, [
    require.resolve('tsx/cli'),
    join(root, 'scripts/compile-bundle.ts'),
    bundle,
    exported,
    warmUpIn(folder),
    ...words,
  ]);
  return runOf(`require(${JSON.stringify(opener)}).openEngine(${JSON.stringify(bundle)}).${exported}`);
}

/** The same without such code: V8 compiles all of it anew, as a browser does. */
export function newProcess(file: string, exported: string, folder: string): Run {
  return runOf(`require(${JSON.stringify(bundled(file, folder))}).${exported}`);
}

function warmUpIn(folder: string): string {
  const path = join(folder, 'warm-up');
  const source = join(root, 'scripts/warm-up.s');
  writeFileSync(path, assemble([{ path: source, text: readFileSync(source, 'utf8') }]).image!);
  return path;
}

const options = { bundle: true, platform: 'node', loader: { '.S': 'text' }, logLevel: 'error' } as const;

function bundled(file: string, folder: string): string {
  const bundle = join(folder, 'bundle.js');
  buildSync({ ...options, entryPoints: [join(__dirname, file)], outfile: bundle });
  return bundle;
}

function runOf(called: string): Run {
  return (words) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', `${called}(process.argv.slice(1))`, '--', ...words]);
    return `${stdout}${stderr}`.trim();
  };
}
