import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchProgram, buildNative, buildPrograms, buildProgramsOf } from './build-programs';
import { childTime } from './child-time';
import { keptProcess } from './kept-process';
import type { Rounds } from './rounds';

/**
 * Programs of our own here and under qemu-riscv64, in turn: ratios of CPU time (user and system, all threads). Each takes QEMU two seconds,
 * of which the first is for warming up. What the same program takes that is compiled for the processor itself tells what no engine can be
 * much below. Arguments: `quick` for one repetition, and names of programs.
 */
const [...words] = process.argv.slice(2).filter((word) => word !== '--');
const quick = words.includes('quick');
const names = words.filter((word) => word !== 'quick');
/** Seconds that a program takes under QEMU, and the part of its rounds that does not count after warm-up; times each program is run. */
const seconds = 2;
const warmUp = 1 / 2;
const repetitions = quick ? 1 : 5;

interface Ours extends Rounds {
  /** Seconds of CPU time: all of it, and what the rounds after warm-up would take for all rounds. */
  readonly whole: number;
  readonly warm: number;
}

interface Theirs {
  readonly whole: number;
  readonly output: string;
}

const hasQemu = spawnSync('qemu-riscv64', ['--version']).status === 0;
const programs = hasQemu ? buildProgramsOf(seconds, names) : buildPrograms(undefined, names);
const ratios: number[] = [];
const wholeRatios: number[] = [];
/** Milliseconds that regions took to be translated and compiled. */
const times: number[] = [];
const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-programs-'));
const run = keptProcess('rounds.ts', 'runRounds', folder);
process.once('exit', () => rmSync(folder, { recursive: true }));
console.log('program      ours, warm   with warm-up   qemu-riscv64   ratio   whole   native   MIPS   regions   dropped');
for (const program of programs) {
  const ours: Ours[] = [];
  const theirs: Theirs[] = [];
  const native = buildNative(program);
  const natively: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    ours.push(runHere(program));
    if (hasQemu) theirs.push(runInQemu(program));
    if (native) natively.push(childTime(native).cpu);
  }
  check(program, ours, theirs);
  const [warm, whole] = [median(ours.map((one) => one.warm)), median(ours.map((one) => one.whole))];
  const qemu = theirs.length > 0 ? median(theirs.map((one) => one.whole)) : Number.NaN;
  ratios.push(warm / qemu);
  wholeRatios.push(whole / qemu);
  const { regions, dropped, milliseconds, instructions } = ours[0]!;
  times.push(...milliseconds);
  const ofQemu = (seconds: number) => (seconds / qemu).toFixed(2);
  const cells = [
    program.name.padEnd(12),
    `${warm.toFixed(3).padStart(9)} s`,
    `${whole.toFixed(3).padStart(12)} s`,
    `${qemu.toFixed(3).padStart(13)} s`,
    ofQemu(warm).padStart(8),
    ofQemu(whole).padStart(8),
    (native ? ofQemu(median(natively)) : '-').padStart(9),
    (Number(instructions) / warm / 1e6).toFixed(0).padStart(7),
    String(regions).padStart(10),
    String(dropped).padStart(10),
  ];
  console.log(cells.join(''));
}
console.log(
  `geometric mean of the ratios after warm-up ${mean(ratios).toFixed(2)}, with warm-up ${mean(wholeRatios).toFixed(2)}; worst ${Math.max(...ratios).toFixed(2)}`,
);
const sorted = times.sort((one, other) => one - other);
const percentile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(2);
console.log(
  `translating and compiling one of the first regions of a process: median ${percentile(0.5)} ms, 90th percentile ${percentile(0.9)} ms, of ${sorted.length}`,
);

/** Runs a program as the debug adapter does, in a process of its own that starts from kept code. */
function runHere(program: BenchProgram): Ours {
  const text = run([program.path]);
  if (!text.startsWith('{')) throw new Error(`${program.name}: ${text}`);
  const rounds = JSON.parse(text) as Rounds;
  const { marks, start, end } = rounds;
  const first = Math.floor(program.rounds * warmUp);
  const warm = ((marks[program.rounds - 1]! - marks[first - 1]!) * program.rounds) / (program.rounds - first);
  return { ...rounds, whole: end - start, warm };
}

function runInQemu({ path }: BenchProgram): Theirs {
  const { cpu, output } = childTime(`qemu-riscv64 ${path}`);
  return { whole: cpu, output };
}

function check({ name }: BenchProgram, ours: readonly Ours[], theirs: readonly Theirs[]): void {
  const outputs = new Set([...ours, ...theirs].map(({ output }) => output));
  if (outputs.size !== 1) throw new Error(`${name}: the checksums differ: ${[...outputs].join(', ')}`);
  if (new Set(ours.map(({ instructions }) => instructions)).size !== 1) throw new Error(`${name}: the retired instructions differ`);
}

function median(list: readonly number[]): number {
  return [...list].sort((one, other) => one - other)[Math.floor(list.length / 2)]!;
}

function mean(list: readonly number[]): number {
  return Math.exp(list.reduce((sum, one) => sum + Math.log(one), 0) / list.length);
}
