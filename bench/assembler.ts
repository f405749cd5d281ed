import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../program/assembler/assemble';
import { assembleLine } from '../program/assembler/assemble-line';
import { buildCommand, builtCommand } from './built-command';
import { type ChildTime, childTime } from './child-time';
import { ordinarySource } from './ordinary-source';

const rounds = 5;
const sizes = [10_000, 100_000, 1_000_000];
const gnu = 'riscv64-unknown-elf-as -march=rv64gc';
const gnuLinker = 'riscv64-unknown-elf-ld --no-relax';

type Times = Pick<ChildTime, 'cpu' | 'wall'>;

main();

function main(): void {
  buildCommand();
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-bench-'));
  try {
    for (const lines of sizes) wholeProcess(folder, lines);
    inProcess();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The whole process, from its start to the written program, beside GNU's tools; they take turns, and the quickest of each counts. */
function wholeProcess(folder: string, lines: number): void {
  const source = join(folder, 'source.s');
  const object = join(folder, 'object.o');
  const program = join(folder, 'program');
  writeFileSync(source, ordinarySource(lines));
  const commands = [
    `${process.execPath} ${builtCommand} as ${source} -o ${program}`,
    `${gnu} -o ${object} ${source}`,
    `${gnu} -g -o ${object} ${source} && ${gnuLinker} -o ${program} ${object}`,
  ];
  const best = commands.map(() => ({ cpu: Number.POSITIVE_INFINITY, wall: Number.POSITIVE_INFINITY }));
  for (let round = 0; round < (lines > 100_000 ? 2 : rounds); round++) {
    for (const [index, each] of commands.entries()) {
      const { cpu, wall } = childTime(each);
      best[index]!.cpu = Math.min(best[index]!.cpu, cpu);
      best[index]!.wall = Math.min(best[index]!.wall, wall);
    }
  }
  const [ours, theirs, linked] = best as [Times, Times, Times];
  const times = ({ cpu, wall }: Times) => `${(cpu * 1000).toFixed(0)} ms of CPU, ${(wall * 1000).toFixed(0)} ms`;
  const ratio = (other: Times) => `${(ours.cpu / other.cpu).toFixed(1)} times in CPU, ${(ours.wall / other.wall).toFixed(1)} times in time`;
  console.log(`riscv-ftrace as, a new process on ${lines} lines: ${times(ours)}`);
  console.log(`  beside GNU as alone (${times(theirs)}): ${ratio(theirs)}`);
  console.log(`  beside GNU as -g and ld, which also make debug information and link (${times(linked)}): ${ratio(linked)}`);
}

/** In a process that goes on, as the language server and the debugger run it. */
function inProcess(): void {
  const text = ordinarySource(100_000);
  const edited = text.replace('\tret\n', '\tnop\n');
  fastest(() => assembled(text));
  const again = fastest(() => assembled(edited));
  console.log(`assembling 100000 lines again after an edit: ${again.toFixed(0)} ms`);
  const edits = 20_000;
  const line = timed(() => {
    for (let edit = 0; edit < edits; edit++) assembleLine(`\taddi a0, a0, ${edit % 2048}`);
  });
  console.log(`one line by itself, as an editor asks for it: ${((line * 1000) / edits).toFixed(0)} microseconds`);
}

function assembled(text: string): void {
  if (!assemble([{ path: 'source.s', text }]).image) throw new Error('the source has errors');
}

function fastest(action: () => void): number {
  return Math.min(...Array.from({ length: rounds }, () => timed(action)));
}

/** Milliseconds. */
function timed(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}
