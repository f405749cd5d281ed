import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { Pace } from '../debug-adapter/pace';
import { LinuxProcess } from '../emulator/linux/linux-process';
import { Ftrace } from '../ftrace/ftrace';
import { assemble } from '../program/assembler/assemble';
import { readProgram } from '../program/read-program';
import { buildPrograms, readBytes } from './build-programs';
import { buildCommand, builtCommand } from './built-command';
import { manyFunctions } from './many-functions';

/** How soon a running program is in hand: pauses, breakpoints and markers while it runs, how soon it is fast, and what memory it takes. */
const million = 1_000_000;
const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => console.error(message) };

const programs = buildPrograms(10, ['bytecode', 'mixture', 'sha256', 'text', 'fib']);
measurePauses();
measureToggles();
measureSteadyState();
measureProcesses();
measureManyRegions();

/** A pause takes at most what is left of a slice. */
function measurePauses(): void {
  const slices: number[] = [];
  for (const program of programs) {
    const { machine } = LinuxProcess.start(readProgram(readBytes(program), program.name), { arguments: [program.name], host });
    const pace = new Pace();
    for (let count = 0; count < 150; count += 1) {
      const start = performance.now();
      const stop = pace.run(machine);
      slices.push(performance.now() - start);
      if (stop.kind !== 'budget') break;
    }
  }
  console.log(`pause: a slice lasts ${percentiles(slices)}`);
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

/** The first millisecond from which on the program runs at nine tenths of the speed that it has at last. */
function measureSteadyState(): void {
  for (const program of programs) {
    const { machine } = LinuxProcess.start(readProgram(readBytes(program), program.name), { arguments: [program.name], host });
    const marks: { at: number; instret: number }[] = [];
    const start = performance.now();
    while (performance.now() - start < 600) {
      if (machine.run(2 ** 31 - 1, performance.now() + 5).kind !== 'budget') break;
      marks.push({ at: performance.now() - start, instret: Number(machine.instret) });
    }
    const half = marks[Math.floor(marks.length / 2)]!;
    const last = marks.at(-1)!;
    const speed = (last.instret - half.instret) / (last.at - half.at);
    const from = marks.findIndex(
      ({ at, instret }) =>
        at + 50 < last.at && (last.instret - instret) / (last.at - at) >= 0.9 * speed && fastFrom(marks, at, instret, 0.9 * speed),
    );
    const steady = marks[from]?.at;
    console.log(
      `${program.name.padEnd(12)}steady after ${steady === undefined ? 'more than 550' : steady.toFixed(0)} ms, at ${(speed / 1000).toFixed(0)} MIPS`,
    );
  }
}

/** Whether the next 25 milliseconds are as fast as that. */
function fastFrom(marks: readonly { at: number; instret: number }[], at: number, instret: number, speed: number): boolean {
  const next = marks.find((mark) => mark.at >= at + 25);
  return next !== undefined && (next.instret - instret) / (next.at - at) >= speed;
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
    for (const { name, path } of programs) {
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
