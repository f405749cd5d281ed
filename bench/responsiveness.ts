import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { LinuxProcess } from '../emulator/linux/linux-process';
import { Ftrace } from '../ftrace/ftrace';
import { assemble } from '../program/assembler/assemble';
import { readProgram } from '../program/read-program';
import { buildPrograms } from './build-programs';
import { buildCommand, builtCommand } from './built-command';
import { keptProcess, newProcess, type Run } from './kept-process';
import { manyFunctions } from './many-functions';
import type { Batch } from './many-regions';
import { type Course, type SteadyState, steadyStateOf } from './steady-state';
import { ofDelay, shortestOf, type Watched, watch } from './watch';

/** How soon a running program is in hand: pauses, breakpoints and markers while it runs, how soon it is fast, and what memory it takes. */
const million = 1_000_000;
/** How often pauses of a program and its way to its last speed are measured, and how often the latter is tried until that was undisturbed. */
const rounds = 5;
const tries = 40;
const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => console.error(message) };

const programs = buildPrograms(undefined, ['bytecode', 'mixture', 'sha256', 'text', 'fib']);
/** One of its regions is huge. */
const huge = buildPrograms(undefined, ['states']);
measurePauses();
measureToggles();
measureSteadyState();
measureProcesses();
measureManyRegions();

/** A pause ends a slice, and translating within it; where messages are not seen meanwhile, as in a browser, it takes what is left of both. */
function measurePauses(): void {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-pauses-'));
  const measure = (run: Run, messages: 'seen' | 'unseen') =>
    programs.flatMap(({ path }) => Array.from({ length: rounds }, () => JSON.parse(run([path, messages])) as Watched[]).flat());
  try {
    const unseen = measure(newProcess('pauses.ts', 'measurePauses', folder), 'unseen');
    console.log(`pause where messages are not seen: a slice lasts ${percentilesOf(unseen)}`);
    const kept = keptProcess('pauses.ts', 'measurePauses', folder, 'seen');
    console.log(`pause in the adapter's thread, from when it was asked for: ${percentilesOf(measure(kept, 'seen'))}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
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
  const measure = watch();
  const breakpoints: Watched[] = [];
  const markers: Watched[] = [];
  let dropped = 0;
  for (let count = 0; count < 1000; count += 1) {
    const address = ftrace.functions[(count * 7) % 200]!.address;
    const before = machine.statistics.dropped['stop changed'];
    breakpoints.push(measure(() => machine.setBreakpoint(address + 8n)));
    dropped = Math.max(dropped, machine.statistics.dropped['stop changed'] - before);
    breakpoints.push(measure(() => machine.clearBreakpoint(address + 8n)));
    markers.push(measure(() => ftrace.enable(address)));
    machine.run(100_000);
    markers.push(measure(() => ftrace.disable(address)));
    machine.run(100_000);
  }
  const { regions } = machine.statistics;
  console.log(`breakpoint set or cleared in ${percentilesOf(breakpoints)}; of ${regions} regions at most ${dropped} dropped by one`);
  console.log(`marker toggled in ${percentilesOf(markers)}`);
}

/** How soon programs run at the speed that they have at last, each in a process of its own, which starts from kept code as users' do. */
function measureSteadyState(): void {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-steady-'));
  try {
    const run = keptProcess('steady-state.ts', 'followCourse', folder, '600');
    for (const { name, path } of programs) {
      const courses: Course[] = [];
      let states: SteadyState[] = [];
      while (states.length < rounds && courses.length < tries) {
        courses.push(JSON.parse(run([path, '400'])) as Course);
        const shortest = shortestOf(courses.flatMap(({ slices }) => slices));
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
      const made = /^made +(.*)$/m.exec(`${statistics}`)?.[1];
      console.log(`${' '.repeat(12)}regions made in a new process, translated and compiled: ${made ?? `${statistics}`}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A program with more hot functions than any of the benchmarks, as a kernel has; the first half of its regions warm the translator up. */
function measureManyRegions(): void {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-many-'));
  const functions = 2000;
  const path = join(folder, 'many');
  writeFileSync(path, manyFunctions(functions));
  try {
    const run = keptProcess('many-regions.ts', 'makeRegions', folder, `${functions}`);
    const batches = JSON.parse(run([path, `${functions}`])) as Batch[];
    const late = batches.slice(batches.findIndex(({ before }) => before >= functions / 2));
    const own = ofDelay(late);
    const each = (batches: readonly Batch[]) =>
      batches.flatMap(({ took, regions }) => Array.from({ length: regions }, () => took / regions));
    console.log(`translating and compiling a region, behind the first ${functions / 2} of a process: ${percentiles(each(own))}`);
    console.log(`(${own.length} of ${late.length} batches undisturbed; of all of them ${percentiles(each(late))})`);
    const together = (each(late).length / late.length).toFixed(1);
    console.log(`these are made ${together} at a time, for which the program waits ${percentiles(own.map(({ took }) => took))}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of what was measured while there was a processor for it, and the longest of all without the time in which there was none. */
function percentilesOf(all: readonly Watched[]): string {
  const own = ofDelay(all);
  const longest = Math.max(...all.map(({ took, away }) => took - away)).toFixed(2);
  const counts = `${own.length} of ${all.length} undisturbed; without the time that its thread did not run none of all took more than ${longest} ms`;
  return `${percentiles(own.map(({ took }) => took))} (${counts})`;
}

function percentiles(all: readonly number[]): string {
  if (all.length === 0) return 'a time that was not measured';
  const sorted = [...all].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(2);
  return `${at(0.5)} ms in the median, ${at(0.9)} at the 90th percentile, ${at(0.99)} at the 99th, ${sorted.at(-1)!.toFixed(2)} at most`;
}
