/** `npm run build`: the bundles in `dist/`. `--watch` makes them again after every change. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { build, context } from 'esbuild';
import { sealed } from '../debug-adapter/compiled-bundle';
import { serve } from '../debug-adapter/stream-connection';
import { assemble } from '../program/assembler/assemble';
import { bundles } from './bundles';
import { debugProgram } from './warm-up-session';

const root = resolve(__dirname, '..');

main().catch((error: { readonly stderr?: string | Buffer }) => {
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
  const compiled = ['as-command', 'commands', 'plain-run', 'debug-program', 'adapter'].map((name) => join(root, `dist/${name}.js`));
  for (const path of compiled) seal(path);
  const scratch = mkdtempSync(join(tmpdir(), 'riscv-ftrace-build-'));
  try {
    const source = join(__dirname, 'warm-up.s');
    const program = join(scratch, 'warm-up');
    writeFileSync(program, assembled(source));
    await compile('as-command', 'runAs', source, '-o', devNull);
    await compile('commands', 'runCommand', 'run', '-l', '*', '-o', devNull, source);
    await compile('plain-run', 'runPlain', program);
    await compile('debug-program', 'readDebugProgram', join(root, 'samples/files.elf'));
    await compileAdapter(scratch);
    await run('check-compiled.ts', ...compiled);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function seal(path: string): void {
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, sealed(text, createHash('sha256').update(text).digest('hex')));
}

function assembled(path: string): Uint8Array {
  const { image } = assemble([{ path, text: readFileSync(path, 'utf8') }]);
  if (!image) throw new Error(`${path} cannot be assembled`);
  return image;
}

/** Leaves the code of the adapter's bundle beside it, made by debugging a sample, in a thread as the adapter does. */
async function compileAdapter(scratch: string): Promise<void> {
  const samples = join(root, 'samples');
  const source = join(samples, 'files.c');
  const line =
    1 +
    readFileSync(source, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('break: vfs_read'));
  const thread = join(scratch, 'adapter-thread.js');
  const required = ['tsx/cjs', join(__dirname, 'compile-bundle.ts')].map((name) => `require(${JSON.stringify(require.resolve(name))});\n`);
  writeFileSync(thread, `process.argv.push(${JSON.stringify(join(root, 'dist/adapter.js'))});\n${required.join('')}`);
  const [toAdapter, fromAdapter] = [new PassThrough(), new PassThrough()];
  const served = serve(toAdapter, fromAdapter, thread);
  await debugProgram({ program: join(samples, 'files.elf'), source, line }, fromAdapter, toAdapter);
  if (!(await served)) throw new Error('the adapter has failed');
}

/** Leaves the code of a command's bundle beside it, made by running it once with those words. */
function compile(bundle: string, ...words: readonly string[]) {
  return run('compile-bundle.ts', join(root, `dist/${bundle}.js`), ...words);
}

/** Runs a script of this folder in a process of its own. */
function run(script: string, ...words: readonly string[]) {
  return promisify(execFile)(process.execPath, [require.resolve('tsx/cli'), join(__dirname, script), ...words], { encoding: 'buffer' });
}
