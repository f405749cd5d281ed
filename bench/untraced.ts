import { spawnSync } from 'node:child_process';
import { LinuxProcess } from '../emulator/linux/linux-process';
import type { Machine } from '../emulator/machine';
import { Ftrace } from '../ftrace/ftrace';
import { argsModel } from '../ftrace/models/args';
import { readProgram } from '../program/read-program';
import './engine';
import { type BenchProgram, buildPrograms, readBytes } from './build-programs';
import { childTime } from './child-time';

/**
 * What a call site costs that is off: programs built with call sites beside the same without, whose rounds of work are run in turn, a
 * few million instructions of each, so that what disturbs the one disturbs the other. Engines lay out code as it comes, which alone makes
 * some percent; so each comparison is made with several machines. Medians of the ratios, with the interval that holds the true median with
 * a probability of 95 %. Arguments: names of programs.
 */
const names = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const usual = ['fib', 'ackermann', 'callbacks', 'mixture', 'text', 'bytecode'];
const rounds = 10;
const warmUp = 3;
const machines = 5;
const slice = 4_000_000;

/** The call sites of `args`: two instructions of 4 bytes, which are compressed nops in the file. */
const callSites = argsModel.flags.compressed;

interface Timed {
  readonly machine: Machine;
  /** Milliseconds of CPU time at the end of each round. */
  readonly marks: number[];
  /** Runs a slice; false at the end of the program. */
  run(): boolean;
}

const wanted = names.length > 0 ? names : usual;
const without = buildPrograms(rounds, wanted);
const withSites = new Map(buildPrograms(rounds, wanted, [callSites]).map((program) => [program.name, program]));
const hasQemu = spawnSync('qemu-riscv64', ['--version']).status === 0;
if (withSites.size === 0) console.log('untraced functions      not measured: no RISC-V compiler on PATH');
else {
  const all: number[][] = [[], [], []];
  for (const program of without) {
    const other = withSites.get(program.name)!;
    const columns = [
      compare(
        () => start(program, false),
        () => start(other, false),
      ),
      compare(
        () => start(program, false),
        () => start(other, true),
      ),
      hasQemu ? compareInQemu(program, other) : [],
    ];
    columns.forEach((ratios, index) => void all[index]!.push(...ratios));
    console.log(
      `untraced, ${program.name.padEnd(14)}nops ${summary(columns[0]!)}, auipc + nop ${summary(columns[1]!)}, nops in QEMU ${summary(columns[2]!)}; instructions ${share(program, other)}`,
    );
  }
  const [nops, sites, qemu] = all as [number[], number[], number[]];
  console.log(`untraced, all           nops ${summary(nops)}, auipc + nop ${summary(sites)}, nops in QEMU ${summary(qemu)}`);
}

/** Ratios of the time of rounds. */
function compare(first: () => Timed, second: () => Timed): number[] {
  const ratios: number[] = [];
  for (let count = 0; count < machines; count += 1) {
    // The one that is made first alternates.
    const made = count % 2 === 0 ? [first(), second()] : [second(), first()].reverse();
    const [one, other] = made as [Timed, Timed];
    for (let goes = true; goes; ) {
      goes = one.run();
      goes = other.run() || goes;
    }
    const length = ({ marks }: Timed) => marks[rounds - 1]! - marks[warmUp - 1]!;
    ratios.push(length(other) / length(one));
  }
  return ratios;
}

function compareInQemu(one: BenchProgram, other: BenchProgram): number[] {
  return Array.from({ length: machines }, () => childTime(`qemu-riscv64 ${other.path}`).cpu / childTime(`qemu-riscv64 ${one.path}`).cpu);
}

function start(program: BenchProgram, isInstalled: boolean): Timed {
  const marks: number[] = [];
  let [before, spent] = [0, 0];
  const host = {
    write: () => void marks.push(spent + now() - before),
    read: () => 'end' as const,
    note: (message: string) => console.error(message),
  };
  const read = readProgram(readBytes(program), program.name);
  const { machine } = LinuxProcess.start(read, { arguments: [program.name], host });
  if (isInstalled && Ftrace.install(machine, read, { model: argsModel }).functions.length === 0) throw new Error('no call sites');
  return {
    machine,
    marks,
    run: () => {
      before = now();
      const stop = machine.run(slice);
      spent += now() - before;
      if (stop.kind !== 'budget' && stop.kind !== 'exit') throw new Error(`the program ended with ${stop.kind}`);
      return stop.kind === 'budget';
    },
  };
}

function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The median as a percentage of more time, and the order statistics that enclose the true one (sign test). */
function summary(ratios: readonly number[]): string {
  if (ratios.length === 0) return 'not measured';
  const sorted = [...ratios].sort((one, other) => one - other);
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)}`;
  const half = Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2);
  const outer = Math.max(0, half);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return `${percent(median)} % (${percent(sorted[outer]!)} to ${percent(sorted[sorted.length - 1 - outer]!)})`;
}

function share(one: BenchProgram, other: BenchProgram): string {
  const [few, more] = [one, other].map((program) => {
    const { machine, run } = start(program, false);
    while (run());
    return Number(machine.instret);
  }) as [number, number];
  return `+${((more / few - 1) * 100).toFixed(1)} %`;
}
