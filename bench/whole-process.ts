import { spawnSync } from 'node:child_process';
import { type BenchProgram, buildProgramsOf } from './build-programs';
import { buildCommand, builtCommand } from './built-command';
import { childTime } from './child-time';

/**
 * Whole processes, from their start to their end: `riscv-ftrace run PROGRAM` beside `qemu-riscv64 PROGRAM`, in turn, on programs that
 * take QEMU a second. Arguments: `quick` for one round, and names of programs.
 */
const [...words] = process.argv.slice(2).filter((word) => word !== '--');
const quick = words.includes('quick');
const names = words.filter((word) => word !== 'quick');
const repetitions = quick ? 1 : 3;

if (spawnSync('qemu-riscv64', ['--version']).status === 0) main();
else console.log('no qemu-riscv64 on PATH: whole processes are not compared');

function main(): void {
  buildCommand();
  console.log('whole process    riscv-ftrace run   qemu-riscv64   ratio');
  const ratios = buildProgramsOf(1, names).map(compare);
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(`geometric mean ${mean.toFixed(2)}, worst ${Math.max(...ratios).toFixed(2)}`);
}

/** The ratio of the CPU times, each the least of all rounds. Prints them. */
function compare({ name, path }: BenchProgram): number {
  const commands = [`${process.execPath} ${builtCommand} run ${path}`, `qemu-riscv64 ${path}`];
  const best = commands.map(() => Number.POSITIVE_INFINITY);
  const outputs = new Set<string>();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const [index, each] of commands.entries()) {
      const { cpu, output } = childTime(each);
      best[index] = Math.min(best[index]!, cpu);
      outputs.add(output);
    }
  }
  if (outputs.size !== 1) throw new Error(`${name}: the checksums differ: ${[...outputs].join(', ')}`);
  const [ours, theirs] = best as [number, number];
  console.log(
    `${name.padEnd(17)}${ours.toFixed(2).padStart(14)} s${theirs.toFixed(2).padStart(13)} s${(ours / theirs).toFixed(2).padStart(8)}`,
  );
  return ours / theirs;
}
