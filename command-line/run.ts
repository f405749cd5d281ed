import { closeSync, openSync } from 'node:fs';
import { MountError, openHostFolder } from '../debug-adapter/node-host-folder';
import { textAddressFor } from '../emulator/machine-kind';
import { startProgram } from '../emulator/start-program';
import { statisticsText } from '../emulator/translator/statistics-text';
import { Ftrace } from '../ftrace/ftrace';
import { FtraceError } from '../ftrace/ftrace-error';
import { selectFunctions } from '../ftrace/select-functions';
import { TracefsShell } from '../ftrace/tracefs/shell';
import { Tracefs } from '../ftrace/tracefs/tracefs';
import type { TracingState } from '../ftrace/tracefs/tracing-state';
import { functionTypes } from '../program/frames/call-arguments';
import type { Program } from '../program/program';
import { failed, signalOf, statusOfSignal } from './exit-status';
import { obituary } from './obituary';
import { openProgram } from './open-program';
import { ProcessStreams } from './process-streams';
import type { RunOptions } from './run-options';
import { type Ending, runToEnd } from './run-to-end';
import { causeOf, complain, OutputError, writeAll } from './standard-output';
import { writeTrace } from './trace-writer';

/** `riscv-ftrace run`: runs a program traced, with this process's standard streams, and prints the trace when it has ended. */
export async function run(options: RunOptions): Promise<number> {
  const { callSites, isa, machine: kind, model } = options;
  const program = await openProgram(options.program, { callSites, callSiteLead: model.lead, textAddress: textAddressFor(kind), isa });
  if (!program) return failed;
  const streams = new ProcessStreams();
  const started = start(program, options, streams);
  if (!started) return failed;
  const { machine, ftrace } = started;

  const { functions, problems, omissions } = selectFunctions(options.patterns, ftrace, program);
  for (const problem of problems) complain(`riscv-ftrace: ${problem}`);
  if (problems.length > 0) return failed;
  for (const omission of omissions) complain(`riscv-ftrace: ${omission}`);
  const tracefs = new Tracefs(ftrace, functionTypes(program));
  streams.onSystemCall = (number, args, result) => tracefs.state.systemCalls.observe(number, args, result);
  streams.onFault = (exception, pc) => tracefs.state.exceptions.observe(exception, pc);
  if (functions.length > 0) ftrace.setTraced(functions);
  if (options.graph) ftrace.top.setTracer('function_graph');
  const pipes = runScripts(tracefs, options.scripts);
  if (!pipes) return failed;
  const output = options.output === undefined ? undefined : openOutput(options.output);
  if (output === false) return failed;

  const readPipes = () => {
    for (const path of pipes) if (tracefs.stat(path)) writeAll(1, Buffer.from(tracefs.read(path)));
  };
  const ending = await runToEnd(machine, streams, readPipes);
  readPipes();
  if (ending.kind === 'exception') complain(`riscv-ftrace: ${obituary(program, ftrace.trampoline, machine.pc, ending.exception)}`);
  if (output !== undefined || options.patterns.length > 0 || options.graph) writeOut(tracefs.state, options, output);
  runScripts(tracefs, options.scriptsAfter);
  if (options.stats) for (const line of statisticsText(machine.statistics, machine.instret)) complain(line);
  return statusOf(ending);
}

/** Prints what the scripts print; the pipes that they wait at, or undefined, which has been said, where one fails. */
function runScripts(tracefs: Tracefs, scripts: readonly string[]): ReadonlySet<string> | undefined {
  const shell = new TracefsShell(tracefs);
  const waited = new Set<string>();
  for (const script of scripts) {
    const { output, status, pipes = [] } = shell.run(script);
    if (status !== 0) {
      complain(output.trimEnd());
      return undefined;
    }
    writeAll(1, Buffer.from(output));
    for (const path of pipes) waited.add(path);
  }
  return waited;
}

/** Loads the program with its call sites ready; undefined where it does not fit, which has been said. */
function start(program: Program, options: RunOptions, host: ProcessStreams) {
  try {
    const { isa, memory, machine: kind } = options;
    const args = [options.program, ...options.arguments];
    const mounts = options.mounts.map(({ host, path, writable }) => ({ path, folder: openHostFolder(host), writable }));
    const { machine } = startProgram(program, { arguments: args, host, isa, memory, mounts, machine: kind });
    return { machine, ftrace: Ftrace.install(machine, program, { kilobytes: options.kilobytes, model: options.model, printk: complain }) };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof FtraceError || error instanceof MountError)) throw error;
    complain(`riscv-ftrace: ${error.message}`);
    return undefined;
  }
}

function writeOut(state: TracingState, { format, output: path }: RunOptions, descriptor = 1): void {
  const { trace } = state.ftrace;
  try {
    writeTrace(state, format, (bytes) => writeAll(descriptor, bytes));
    if (descriptor !== 1) closeSync(descriptor);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    complain(`riscv-ftrace: ${path === undefined ? '' : `${path} `}${error.message}; the trace is lost`);
  }
  if (trace.overrun === 0) return;
  complain(`riscv-ftrace: the oldest ${trace.overrun} of ${trace.written} calls gave way to newer ones; -b KB keeps more`);
}

/** The file's descriptor; false where it cannot be written, which has been said. */
function openOutput(path: string): number | false {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException;
    complain(`riscv-ftrace: -o ${path}: ${causeOf(errno) ?? message}`);
    return false;
  }
}

function statusOf(ending: Ending): number {
  switch (ending.kind) {
    case 'exit':
      return ending.code & 0xff || (ending.code === 0 ? 0 : 255);
    case 'exception':
      return statusOfSignal(signalOf(ending.exception));
    case 'signal':
      return statusOfSignal(ending.signal);
  }
}
