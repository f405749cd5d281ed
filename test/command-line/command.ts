import assert from 'node:assert/strict';
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { commandBundles } from '../../scripts/bundles';

const root = join(__dirname, '../..');

/** The command is run as it is shipped. Its bundles are made once, of the sources as they are. */
const script = join(root, 'dist/riscv-ftrace.js');
before(() => {
  for (const bundle of commandBundles) buildSync(bundle);
});

export interface Outcome {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Starts the command as a process of its own, with options for Node. */
export function start(words: readonly string[], options: readonly string[] = []): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...options, script, ...words], { cwd: root });
}

/** Starts the command with descriptors for its standard input and standard output. */
export function spawnOn({ input, output }: { readonly input?: number; readonly output?: number }, words: string[]): ChildProcess {
  return spawn(process.execPath, [script, ...words], { cwd: root, stdio: [input ?? 'ignore', output ?? 'pipe', 'pipe'] });
}

/** Runs the command to its end with that standard input. */
export async function riscvFtrace(words: string[], input: string | Uint8Array = ''): Promise<Outcome> {
  const child = start(words);
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return await outcome(child);
}

/** Waits for the first bytes on standard output. Fails where the process ends without any. */
export async function firstOutput(child: ChildProcessWithoutNullStreams): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('close', () => reject(new Error('the command has ended without output')));
  });
}

/** Waits for a process to end and gathers what it printed. */
export async function outcome(child: ChildProcess): Promise<Outcome> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

/** A folder for the files of a test, removed after it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));

  write(name: string, contents: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, contents);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** The lines of the trace that follow its header in some output. */
export function traceLines(output: Buffer): string[] {
  const lines = output.toString().split('\n');
  const header = lines.indexOf('#              | |         |   |||||     |         |');
  assert.ok(header >= 0, 'no header in the output');
  assert.equal(lines.pop(), '');
  return lines.slice(header + 1);
}
