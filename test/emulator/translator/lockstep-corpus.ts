import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import { assemble } from '../../../program/assembler/assemble';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { Lockstep } from './lockstep';

const root = join(__dirname, '../../..');
const whole = join(root, 'test/emulator/linux/whole-programs');
const prebuilt = join(root, 'bench/programs/prebuilt');

/**
 * Programs that run in lockstep, all or those of some names: the samples, the benchmarks, and whole programs with the libraries of the
 * compiler that is there.
 */
export function corpus(names: readonly string[] = []): Program[] {
  const isWanted = (name: string) => names.length === 0 || names.includes(name);
  const fromFile = (path: string) => readProgram(readFileSync(path), basename(path));
  const assembled = ['fib.s', 'sort.s'].filter(isWanted).map((name) => {
    const { image } = assemble([{ path: name, text: readFileSync(join(root, 'samples', name), 'utf8') }], { callSites: true });
    return readProgram(image!, name);
  });
  const files = [
    join(root, 'samples/files.elf'),
    join(whole, 'library-musl.elf'),
    ...readdirSync(prebuilt).map((name) => join(prebuilt, name)),
  ];
  const read = files.filter((path) => isWanted(basename(path))).map(fromFile);
  return [...assembled, ...read, ...compiled(['library', 'mathematics'].filter(isWanted), fromFile)];
}

/** Runs a program in lockstep for at most so many instructions; code is translated after it was come to so often. */
export function runInLockstep(program: Program, instructions: number, hotAfter: number): Lockstep {
  const host = () => ({ write: () => {}, read: () => 'end' as const, note: () => {} });
  const start = (after: number) =>
    LinuxProcess.start(program, { arguments: [program.name, '3'], host: host(), hotAfter: after, notesWrites: after === 0, memory: 64 })
      .machine;
  const both = new Lockstep(start(hotAfter), start(0), program.name);
  for (let left = instructions; left > 0; left -= 250_007) if (both.run(Math.min(left, 250_007)).kind !== 'budget') break;
  return both;
}

function compiled(names: readonly string[], read: (path: string) => Program): Program[] {
  if (names.length === 0 || spawnSync('riscv64-linux-gnu-gcc', ['--version']).status !== 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-lockstep-'));
  try {
    return names.map((name) => {
      const output = join(folder, name);
      execFileSync('riscv64-linux-gnu-gcc', ['-static', '-O2', '-w', '-frounding-math', join(whole, `${name}.c`), '-o', output, '-lm']);
      return read(output);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
