import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { Pace } from '../debug-adapter/pace';
import { LinuxProcess } from '../emulator/linux/linux-process';
import type { Machine, Stop } from '../emulator/machine';
import { Ftrace } from '../ftrace/ftrace';
import { assemble } from '../program/assembler/assemble';
import { readProgram } from '../program/read-program';
import { type BenchProgram, buildPrograms, readBytes } from './build-programs';
import { buildCommand, builtCommand } from './built-command';
import { keptProcess } from './kept-process';
import { manyFunctions } from './many-functions';
import { type Course, type SteadyState, steadyStateOf } from './steady-state';

/** How soon a running program is in hand: pauses, breakpoints and markers while it runs, how soon it is fast, and what memory it takes. */
const million = 1_000_000;
/** How often a program's way to its last speed is to be measured undisturbed, and how often that is tried. */
const rounds = 5;
const tries = 40;
/** The part of a program's slices in which a processor is faster than it is for long, which fixed work shows. */
const exceptional = 1 / 20;
const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => console.error(message) };

const programs = buildPrograms(undefined, ['bytecode', 'mixture', 'sha256', 'text', 'fib']);
/** One of its regions is huge. */
const huge = buildPrograms(undefined, ['states']);
measurePauses();
measureToggles();
measureSteadyState();
measureProcesses();
measureManyRegions();

/**
 * A pause ends a slice, and translating within it; where messages are not seen meanwhile, as in a browser, it takes what is left of the
 * slice and of translating.
 */
function measurePauses(): void {
  const slices: number[] = [];
  const pauses: number[] = [];
  for (const program of programs) {
    const unseeing = new Pace();
    runSlices(program, (machine) => {
      const [start, stop] = [performance.now(), unseeing.run(machine)];
      slices.push(performance.now() - start);
      return stop;
    });
    let wanted = 0;
    const seeing = new Pace(() => performance.now() >= wanted);
    runSlices(program, (machine) => {
      wanted = performance.now() + Math.random() * 5;
      const stop = seeing.run(machine);
      pauses.push(Math.max(0, performance.now() - wanted));
      return stop;
    });
  }
  console.log(`pause where messages are not seen: a slice lasts ${percentiles(slices)}`);
  console.log(`pause in the adapter's thread, from when it was asked for: ${percentiles(pauses)}`);
}

/** The first 150 slices of a program. */
function runSlices(program: BenchProgram, run: (machine: Machine) => Stop): void {
  const { machine } = LinuxProcess.start(readProgram(readBytes(program), program.name), { arguments: [program.name], host });
  for (let count = 0; count < 150 && run(machine).kind === 'budget'; count += 1);
}

function measureToggles(): void {
  const text = Array.from(
    { length: 200 },
    (_, index) => `
        .type f${index}, @function
f${index}: addi a0, a0, ${index}
        li t0, 4
1:      addi t0, t0, -1
        bnez t0, 1b
        ret
`,
  );
  const all = Array.from({ length: 200 }, (_, index) => `        call f${index}\n`);
  const { image } = assemble([{ path: 'many.s', text: `.globl _start\n_start:\n${all.join('')}        j _start\n${text.join('')}` }], {
    callSites: true,
  });
  const program = readProgram(image!, 'many');
  const { machine } = LinuxProcess.start(program, { arguments: ['many'], host });
  const ftrace = Ftrace.install(machine, program);
  machine.run(20 * million);
  const breakpoints: number[] = [];
  const markers: number[] = [];
  let dropped = 0;
  for (let count = 0; count < 1000; count += 1) {
    const address = ftrace.functions[(count * 7) % 200]!.address;
    const before = machine.statistics.dropped['stop changed'];
    breakpoints.push(timeOf(() => machine.setBreakpoint(address + 8n)));
    dropped = Math.max(dropped, machine.statistics.dropped['stop changed'] - before);
    breakpoints.push(timeOf(() => machine.clearBreakpoint(address + 8n)));
    markers.push(timeOf(() => ftrace.enable(address)));
    machine.run(100_000);
    markers.push(timeOf(() => ftrace.disable(address)));
    machine.run(100_000);
  }
  const { regions } = machine.statistics;
  console.log(`breakpoint set or cleared in ${percentiles(breakpoints)}; of ${regions} regions at most ${dropped} dropped by one`);
  console.log(`marker toggled in ${percentiles(markers)}`);
}

/** How soon programs run at the speed that they have at last, each in a process of its own, which starts from kept code as users' do. */
function measureSteadyState(): void {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-steady-'));
  try {
    const warmUp = join(folder, 'warm-up');
    const source = join(__dirname, '../scripts/warm-up.s');
    writeFileSync(warmUp, assemble([{ path: source, text: readFileSync(source, 'utf8') }]).image!);
    const run = keptProcess('steady-state.ts', 'followCourse', folder, [warmUp, '600']);
    for (const { name, path } of programs) {
      const courses: Course[] = [];
      let states: SteadyState[] = [];
      while (states.length < rounds && courses.length < tries) {
        courses.push(JSON.parse(run([path, '400'])) as Course);
        const fixedWork = courses.flatMap(({ slices }) => slices.map((slice) => slice.fixedWork)).sort((a, b) => a - b);
        const shortest = fixedWork[Math.floor(fixedWork.length * exceptional)]!;
        states = courses.flatMap((course) => steadyStateOf(course, shortest) ?? []);
      }
      const undisturbed = `${states.length} rounds of ${courses.length} undisturbed`;
      if (states.length === 0) {
        console.log(`${name.padEnd(12)}not measured: ${undisturbed}`);
        continue;
      }
      const text = (one: 'steady' | 'behindHot') => {
        const sorted = states.map((each) => each[one]).sort((a, b) => a - b);
        return `${sorted[0]!.toFixed(0)} ms at best, ${sorted[sorted.length >> 1]!.toFixed(0)} in the median`;
      };
      const speed = Math.max(...states.map((each) => each.speed));
      const times = `steady after ${text('steady')}; once hot after ${text('behindHot')}`;
      console.log(`${name.padEnd(12)}${times}; at ${speed.toFixed(0)} MIPS (${undisturbed})`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a process of its own takes for a program: memory, and time for its first regions, of the command as users run it. */
function measureProcesses(): void {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-process-'));
  const outfile = join(folder, 'run.js');
  buildCommand();
  try {
    buildSync({
      ...{ entryPoints: [join(__dirname, 'memory/run-program.ts')], outfile, bundle: true, platform: 'node', loader: { '.S': 'text' } },
      logLevel: 'error',
    });
    for (const { name, path } of [...programs, ...huge]) {
      const { stdout, stderr } = spawnSync(process.execPath, [outfile, path]);
      console.log(`${name.padEnd(12)}${`${stdout}`.trim() || `${stderr}`}`);
      const { stderr: statistics } = spawnSync(process.execPath, [builtCommand, 'run', '--stats', path]);
      const made = /\d+ made, .*/.exec(`${statistics}`)?.[0];
      console.log(`${' '.repeat(12)}regions of a new process, translated and compiled: ${made ?? `${statistics}`}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A program with more hot functions than any of the benchmarks, as a kernel has; the first half of its regions warm the translator up. */
function measureManyRegions(): void {
  const functions = 2000;
  const { machine } = LinuxProcess.start(readProgram(manyFunctions(functions), 'many'), { arguments: ['many'], host });
  const end = performance.now() + 60_000;
  while (machine.statistics.translated < functions && performance.now() < end) machine.run(2 ** 31 - 1, performance.now() + 20);
  const { milliseconds, waits, translated } = machine.statistics;
  const late = milliseconds.slice(milliseconds.length >> 1);
  const lateWaits = waits.slice(waits.length >> 1);
  console.log(`translating and compiling a region, of the ${late.length} last of ${translated} in one process: ${percentiles(late)}`);
  const together = (milliseconds.length / waits.length).toFixed(1);
  console.log(`these are made ${together} at a time, for which the program waits ${percentiles(lateWaits)}`);
}

function timeOf(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function percentiles(all: readonly number[]): string {
  const sorted = [...all].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(2);
  return `${at(0.5)} ms in the median, ${at(0.9)} at the 90th percentile, ${at(0.99)} at the 99th, ${sorted.at(-1)!.toFixed(2)} at most`;
}
