import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What `gdb-tasks.py` does with a program. Addresses are of the code, which is below 2^53. */
export type GdbTask = { readonly program: string } & (
  | { readonly kind: 'stops'; readonly stops: readonly number[]; readonly hits: number; readonly expressions: readonly string[] }
  | { readonly kind: 'steps'; readonly commands: readonly string[] }
  | { readonly kind: 'writes'; readonly stops: readonly number[]; readonly hits: number; readonly assignments: readonly Assignment[] }
  | { readonly kind: 'formats'; readonly stop: number; readonly values: readonly (readonly [expression: string, letter: string])[] }
  | { readonly kind: 'expressions'; readonly stop: number; readonly expressions: readonly string[] }
  | { readonly kind: 'types'; readonly stop: number; readonly commands: readonly string[] }
  | { readonly kind: 'places'; readonly places: readonly string[] }
);

export type Assignment = readonly [target: string, source: string];

/** The answers of one gdb to all tasks, in their order. */
export async function runGdb(tasks: readonly GdbTask[]): Promise<readonly unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-gdb-'));
  const [asked, answers] = [join(folder, 'tasks'), join(folder, 'answers')];
  try {
    writeFileSync(asked, JSON.stringify(tasks));
    // Its texts are in the character set of the terminal.
    const env = { ...process.env, LC_ALL: 'C.UTF-8', TASKS: asked, ANSWERS: answers };
    await promisify(execFile)('gdb-multiarch', ['-nx', '-batch', '-x', join(__dirname, 'gdb-tasks.py')], { env });
    const lines = readFileSync(answers, 'utf8').split('\n').filter(Boolean);
    if (lines.length !== tasks.length) throw new Error(`gdb has done ${lines.length} of ${tasks.length} tasks`);
    return lines.map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
