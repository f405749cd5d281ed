import { spawnSync } from 'node:child_process';
import { LinuxProcess } from '../emulator/linux/linux-process';
import type { Machine } from '../emulator/machine';
import { usuallyHotAfter } from '../emulator/translator/hot-code';
import { Ftrace } from '../ftrace/ftrace';
import { argsModel } from '../ftrace/models/args';
import { readProgram } from '../program/read-program';
import './engine';
import { type BenchProgram, buildPrograms, readBytes } from './build-programs';
import { childTime } from './child-time';

/**
 * What a call site costs that is off: programs built with call sites beside the same without. Each is run by several machines, slice by
 * slice in turn; of each slice, which is the same work in all machines, the least time counts. Code is hot a little later in each than in
 * the last one, so that its regions may begin elsewhere. So neither what disturbs the processor, nor how an engine happens to lay out code,
 * nor where a region happens to begin, which alone make some percent, is taken for a cost. In brackets: the same by groups of the machines,
 * the lowest and the highest. Arguments: `quick` for few machines, and names of programs.
 */
const words = process.argv.slice(2).filter((word) => word !== '--');
const names = words.filter((word) => word !== 'quick');
const usual = ['fib', 'ackermann', 'callbacks', 'mixture', 'text', 'bytecode'];
const rounds = 10;
const warmUp = 3;
const machines = words.includes('quick') ? 3 : 12;
const groups = 3;
const slices = 100;

/** The call sites of `args`: two instructions of 4 bytes, which are compressed nops in the file. */
const callSites = argsModel.flags.compressed;

/** A program as it is measured, with what is retired before its warm-up is over and between that and the end of its last round. */
interface Kind {
  readonly program: BenchProgram;
  readonly isInstalled: boolean;
  readonly before: number;
  readonly measured: number;
}

/** Milliseconds of CPU time, by slices. */
type Times = readonly number[];

const wanted = names.length > 0 ? names : usual;
const without = buildPrograms(rounds, wanted);
const withSites = new Map(buildPrograms(rounds, wanted, [callSites]).map((program) => [program.name, program]));
const hasQemu = spawnSync('qemu-riscv64', ['--version']).status === 0;
if (withSites.size === 0) console.log('untraced functions      not measured: no RISC-V compiler on PATH');
else {
  const all: number[][] = [[], [], []];
  for (const program of without) {
    const other = withSites.get(program.name)!;
    const kinds = [kindOf(program, false), kindOf(other, false), kindOf(other, true)] as const;
    const [plain, nops, sites] = measure(kinds) as [Times[], Times[], Times[]];
    const ratios = [ratiosOf(nops, plain), ratiosOf(sites, plain), hasQemu ? compareInQemu(program, other) : []];
    ratios.forEach(([ratio], index) => void (ratio && all[index]!.push(ratio)));
    const [one, two, three] = ratios.map(summary);
    const more = kinds[1].measured / kinds[0].measured;
    console.log(
      `untraced, ${program.name.padEnd(14)}nops ${one}, auipc + nop ${two}, nops in QEMU ${three}; instructions +${percent(more)} %`,
    );
  }
  const [nops, sites, qemu] = all.map((ratios) => (ratios.length > 0 ? `${percent(mean(ratios))} %` : 'not measured'));
  console.log(`untraced, all           nops ${nops}, auipc + nop ${sites}, nops in QEMU ${qemu}`);
}

/** The times of each kind, by machines. */
function measure(kinds: readonly Kind[]): Times[][] {
  const times: number[][][] = kinds.map(() => []);
  for (let count = 0; count < machines; count += 1) {
    const started = kinds.map((kind) => {
      const { machine } = start(kind.program, kind.isInstalled, usuallyHotAfter + count);
      run(machine, kind.before);
      return { ...kind, machine, times: [] as number[] };
    });
    for (let slice = 1; slice <= slices; slice += 1) {
      // Each of them comes first as often as the others: what ran before has filled the processor's caches.
      for (let place = 0; place < started.length; place += 1) {
        const { machine, before, measured, times } = started[(slice + place) % started.length]!;
        const length = before + Math.round((measured * slice) / slices) - Number(machine.instret);
        const began = now();
        run(machine, length);
        times.push(now() - began);
      }
    }
    started.forEach((one, index) => void times[index]!.push(one.times));
  }
  return times;
}

/** How much more time the one takes than the other: by all machines, and by groups of them. */
function ratiosOf(ones: readonly Times[], others: readonly Times[]): number[] {
  const ratio = (group?: number) => {
    const chosen = (all: readonly Times[]) => all.filter((_, machine) => group === undefined || machine % groups === group);
    return least(chosen(ones)) / least(chosen(others));
  };
  return [ratio(), ...Array.from({ length: groups }, (_, group) => ratio(group))];
}

function least(times: readonly Times[]): number {
  let sum = 0;
  for (let slice = 0; slice < slices; slice += 1) sum += Math.min(...times.map((one) => one[slice]!));
  return sum;
}

function compareInQemu(one: BenchProgram, other: BenchProgram): number[] {
  const times = Array.from({ length: machines }, () => [other, one].map(({ path }) => childTime(`qemu-riscv64 ${path}`).cpu * 1000));
  const best = (index: number) => Math.min(...times.map((pair) => pair[index]!));
  return [best(0) / best(1)];
}

function kindOf(program: BenchProgram, isInstalled: boolean): Kind {
  const { machine, marks } = start(program, isInstalled);
  while (machine.run(20_000_000).kind === 'budget');
  const [before, end] = [marks[warmUp - 1]!, marks[rounds - 1]!];
  return { program, isInstalled, before, measured: end - before };
}

/** A machine, and how much was retired at the end of each round of work. */
function start(program: BenchProgram, isInstalled: boolean, hotAfter = usuallyHotAfter): { machine: Machine; marks: readonly number[] } {
  const marks: number[] = [];
  const host = {
    write: () => void marks.push(Number(machine.instret)),
    read: () => 'end' as const,
    note: (message: string) => console.error(message),
  };
  const read = readProgram(readBytes(program), program.name);
  const { machine } = LinuxProcess.start(read, { arguments: [program.name], host, hotAfter });
  if (isInstalled && Ftrace.install(machine, read, { model: argsModel }).functions.length === 0) throw new Error('no call sites');
  return { machine, marks };
}

function run(machine: Machine, length: number): void {
  const stop = machine.run(length);
  if (stop.kind !== 'budget') throw new Error(`the program ended with ${stop.kind}`);
}

function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function percent(ratio: number): string {
  return ((ratio - 1) * 100).toFixed(1);
}

function summary([ratio, ...others]: readonly number[]): string {
  if (ratio === undefined) return 'not measured';
  const range = others.length > 0 ? ` (${percent(Math.min(...others))} to ${percent(Math.max(...others))})` : '';
  return `${percent(ratio)} %${range}`;
}

function mean(list: readonly number[]): number {
  return Math.exp(list.reduce((sum, one) => sum + Math.log(one), 0) / list.length);
}
