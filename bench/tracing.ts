import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinuxProcess } from '../emulator/linux/linux-process';
import type { Machine } from '../emulator/machine';
import { Ftrace } from '../ftrace/ftrace';
import { argsModel } from '../ftrace/models/args';
import { allModels, type Model } from '../ftrace/models/models';
import { TracefsShell } from '../ftrace/tracefs/shell';
import { Tracefs } from '../ftrace/tracefs/tracefs';
import { assemble } from '../program/assembler/assemble';
import { readProgram } from '../program/read-program';
import { fastest } from './slices';

/**
 * What a traced call costs, whole, in nanoseconds of CPU time; beside uftrace on the same function natively, where it is installed.
 * Arguments: `quick` for a tenth of the calls, and names of rows (`call`, `traced`, `filter`, `uftrace`, and those of `others`); without any,
 * all.
 */
const words = process.argv.slice(2).filter((word) => word !== '--');
const names = words.filter((word) => word !== 'quick');
const million = 1_000_000;
/** Calls before those that are measured, and calls measured. */
const scale = words.includes('quick') ? 0.1 : 1;
const warmUp = scale * 2 * million;
const measured = scale * 10 * million;

/** Calls a function with eight arguments for ever. */
const calls = `
        .globl _start
_start: li s0, 0
again:  mv a0, s0
        li a1, 1
        li a7, 7
        call traced
        add s1, s1, a0
        addi s0, s0, 1
        j again
        .type traced, @function
traced: add a0, a0, a7
        xor a0, a0, a1
        ret
        .size traced, .-traced
        .data
text:   .string "${'0123456789'.repeat(6)}"
        .align 3
texts:  .dword text, text + 40
`;

const host = {
  write: () => {},
  read: () => 'end' as const,
  note: (message: string) => console.error(message),
};

measureCalls();
measureOthers();
if (isWanted('filter')) measureFilter(50_000);
if (isWanted('uftrace')) measureUftrace();

function isWanted(name: string): boolean {
  return names.length === 0 || names.includes(name);
}

function measureCalls(): void {
  if (isWanted('call')) {
    const plain = callCost(start(calls, { callSites: false }).machine, 7 + 3);
    console.log(`call, no call site      ${plain.toFixed(2)} ns`);
  }
  if (!isWanted('traced')) return;
  for (const model of allModels) {
    const { machine, ftrace, address } = start(calls, { model });
    const instructions = instructionsOfCall(machine, address);
    ftrace!.enable(address);
    const withTrace = instructionsOfCall(machine, address);
    const before = process.memoryUsage.rss();
    const cost = callCost(machine, withTrace);
    const grown = ((process.memoryUsage.rss() - before) / 2 ** 20).toFixed(0);
    const { written, entries, overrun } = ftrace!.trace;
    if (entries + overrun !== written) throw new Error('records are missing');
    const { hook } = machine.statistics.exits;
    console.log(
      `traced, ${`${model.name} ${model.patching}`.padEnd(16)}${cost.toFixed(2)} ns, ${withTrace - instructions} instructions more; ${written} records, WebAssembly left ${hook} times; ${entries} records kept, the process grew by ${grown} MiB`,
    );
  }
}

/** What else may be done at a call, by the commands that turn it on: its cost, and how often it leaves WebAssembly. */
function measureOthers(): void {
  const others: Readonly<Record<string, readonly string[]>> = {
    function_graph: ['echo function_graph > current_tracer'],
    'graph with limits': ['echo 2 > max_graph_depth', 'echo traced > set_graph_function', 'echo function_graph > current_tracer'],
    'graph, threshold': ['echo 5 > tracing_thresh', 'echo function_graph > current_tracer'],
    'graph, switched by commands': [
      'echo traced:traceoff > set_ftrace_filter',
      'echo traced:traceon >> set_ftrace_filter',
      'echo function_graph > current_tracer',
    ],
    'graph, switched by triggers': [
      "echo 'p:k traced+12 %a0' > dynamic_events",
      "echo 'traceoff if arg1 & 1' > events/kprobes/k/trigger",
      'echo traceon >> events/kprobes/k/trigger',
      'echo function_graph > current_tracer',
    ],
    'graph, no overwriting': ['echo 0 > options/overwrite', 'echo function_graph > current_tracer'],
    'kprobe, text of 60': ["echo 'p:k traced+12 @text:string' > dynamic_events", 'echo 1 > events/kprobes/k/enable'],
    'kprobe, two texts by pointers': ["echo 'p:k traced+12 @texts:string[2]' > dynamic_events", 'echo 1 > events/kprobes/k/enable'],
    profiler: ['echo 1 > function_profile_enabled'],
    'two instances': ['mkdir instances/a', 'echo function > instances/a/current_tracer', 'echo function > current_tracer'],
    'no repeats': ['echo 1 > options/func-no-repeats', 'echo function > current_tracer'],
    'stack tracer': ['echo 1 > /proc/sys/kernel/stack_tracer_enabled'],
    'kprobe, 2 registers': ["echo 'p:k traced+12 %a0 %a1' > dynamic_events", 'echo 1 > events/kprobes/k/enable'],
    'kprobe, memory, filter': [
      "echo 'p:k traced+12 %a0 +0(%sp):u32 @_start:x16' > dynamic_events",
      "echo 'arg1 & 1' > events/kprobes/k/filter",
      'echo 1 > events/kprobes/k/enable',
    ],
    'fprobe, return': ["echo 'f:r traced%return $retval $arg1' > dynamic_events", 'echo 1 > events/fprobes/r/enable'],
    'fprobe, return, memory': [
      "echo 'f:r traced%return $retval +0($stack):u64 @texts:string' > dynamic_events",
      'echo 1 > events/fprobes/r/enable',
    ],
    'fprobe, return, stack': [
      "echo 'f:r traced%return $retval' > dynamic_events",
      'echo 1 > options/stacktrace',
      'echo 1 > events/fprobes/r/enable',
    ],
    'functions with stacks': ['echo 1 > options/func_stack_trace', 'echo function > current_tracer'],
    'stack of a command': ['echo traced:stacktrace > set_ftrace_filter'],
    'on and off by commands': [
      'echo traced:traceoff > set_ftrace_filter',
      'echo traced:traceon >> set_ftrace_filter',
      'echo function > current_tracer',
    ],
    'kprobe, histogram': ["echo 'p:k traced+12 %a0' > dynamic_events", "echo 'hist:keys=arg1 if arg1 < 100' > events/kprobes/k/trigger"],
    'kprobe with its stack': [
      "echo 'p:k traced+12 %a0' > dynamic_events",
      'echo 1 > options/stacktrace',
      'echo 1 > events/kprobes/k/enable',
    ],
    'two kprobes at a place': [
      "echo 'p:k traced+12 %a0' > dynamic_events",
      "echo 'p:l traced+12 %a1' >> dynamic_events",
      'echo 1 > events/kprobes/enable',
    ],
    kretprobe: ["echo 'r:k traced $retval' > dynamic_events", 'echo 1 > events/kprobes/k/enable'],
    'fprobe, 2 arguments': ["echo 'f:p traced $arg1 $arg2' > dynamic_events", 'echo 1 > events/fprobes/p/enable'],
  };
  for (const [name, commands] of Object.entries(others)) {
    if (!isWanted(name)) continue;
    for (const model of allModels) {
      const { machine, ftrace, address } = start(calls, { model });
      const shell = new TracefsShell(new Tracefs(ftrace!));
      const output = commands.map((command) => shell.run(command).output).join('');
      if (output !== '') continue;
      const instructions = instructionsOfCall(machine, address);
      const before = debuggerCalls(machine);
      const { instret } = machine;
      run(machine, Math.ceil(warmUp * instructions * 0.1));
      const cost = fastest(machine, (measured / 500) * instructions, 30) * instructions;
      const left = (debuggerCalls(machine) - before) / (Number(machine.instret - instret) / instructions);
      console.log(
        `${`${name}, ${model.name} ${model.patching}`.padEnd(48)}${cost.toFixed(1)} ns, WebAssembly left ${left.toPrecision(2)} times a call`,
      );
    }
  }
}

function debuggerCalls({ statistics }: Machine): number {
  return Object.values(statistics.hookCalls).reduce((sum, count) => sum + count, 0);
}

/** Nanoseconds of a call, by that many instructions. */
function callCost(machine: Machine, instructions: number): number {
  run(machine, warmUp * instructions);
  return fastest(machine, (measured / 50) * instructions, 50) * instructions;
}

/** Instructions from one stop at the function to the next, in the mean. */
function instructionsOfCall(machine: Machine, address: bigint): number {
  const calls = 1000;
  machine.setBreakpoint(address);
  run(machine, million);
  const { instret } = machine;
  for (let count = 0; count < calls; count += 1) run(machine, million);
  machine.clearBreakpoint(address);
  return Number(machine.instret - instret) / calls;
}

function run(machine: Machine, instructions: number): void {
  const stop = machine.run(instructions);
  if (stop.kind !== 'budget' && stop.kind !== 'breakpoint') throw new Error(`the program ended with ${stop.kind}`);
}

/** Patterns written to `set_ftrace_filter` of a program with very many functions, while the function tracer is on. */
function measureFilter(count: number): void {
  const names = Array.from({ length: count }, (_, index) => `${['vfs', 'page', 'do'][index % 3]}_f${index}`);
  const text = `.globl _start\n_start: ret\n${names.map((name) => `.type ${name}, @function\n${name}: ret\n`).join('')}`;
  for (const model of allModels) {
    const tracefs = new Tracefs(start(text, { model }).ftrace!);
    tracefs.write('set_ftrace_filter', names[0]!);
    tracefs.write('current_tracer', 'function');
    const times = ['*', 'do_*', '*_f*9', '*'].map((pattern) => {
      const begin = process.cpuUsage();
      tracefs.write('set_ftrace_filter', pattern);
      const { user, system } = process.cpuUsage(begin);
      return `${pattern} ${((user + system) / 1000).toFixed(0)} ms`;
    });
    console.log(`filter, ${`${model.name} ${model.patching}`.padEnd(16)}${count} functions: ${times.join(', ')} of CPU time`);
  }
}

/** The same function in C under uftrace, with its arguments recorded and without. */
function measureUftrace(): void {
  const missing = ['uftrace', 'gcc'].find((tool) => spawnSync(tool, ['--version']).status !== 0);
  if (missing !== undefined) {
    console.log(`uftrace                 not measured: no ${missing} on PATH`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-uftrace-'));
  try {
    const parameters = 'abcdefgh';
    const [list, operands] = [
      [...parameters].map((name) => `long ${name}`).join(', '),
      [...parameters].map((name) => `"r"(${name})`).join(', '),
    ];
    writeFileSync(
      join(folder, 'calls.c'),
      `#include <stdio.h>
#include <time.h>
__attribute__((noinline)) long traced(${list}) { __asm__ volatile("" : : ${operands}); return a; }
int main(void) {
  long sum = 0;
  clock_t start = clock();
  for (long i = 0; i < ${million}; i++) sum += traced(i, 1, 2, 3, 4, 5, 6, 7);
  printf("%ld %ld\\n", (long)(clock() - start), sum);
}
`,
    );
    const build = spawnSync('gcc', ['-O2', '-pg', '-o', 'calls', 'calls.c'], { cwd: folder });
    if (build.status !== 0) throw new Error(`${build.stderr}`);
    const all = Array.from(parameters, (_, index) => `arg${index + 1}`).join(',');
    for (const [what, options] of [
      ['', []],
      [', arguments and return value recorded', ['-A', `traced@${all}`, '-R', 'traced@retval']],
    ] as const) {
      const { stdout } = spawnSync('uftrace', ['record', '--no-pager', '-d', 'data', ...options, './calls'], { cwd: folder });
      const ticks = Number.parseInt(`${stdout}`, 10);
      console.log(`uftrace                 ${((ticks * 1000) / million).toFixed(0)} ns a call natively${what}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Started {
  readonly machine: Machine;
  readonly ftrace: Ftrace | undefined;
  readonly address: bigint;
  readonly program: ReturnType<typeof readProgram>;
}

function start(text: string, { callSites = true, model = argsModel }: { callSites?: boolean; model?: Model }): Started {
  const { image, diagnostics } = assemble([{ path: 'calls.s', text }], { callSites, callSiteLead: model.lead });
  if (!image) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  const program = readProgram(image, 'calls');
  const { machine } = LinuxProcess.start(program, { arguments: ['calls'], host });
  const ftrace = callSites ? Ftrace.install(machine, program, { model }) : undefined;
  const traced = program.symbols.named('traced');
  return { machine, ftrace, address: traced?.address ?? program.entry, program };
}
