import { inBaseline } from '../debug-adapter/node-engine';
import { MountError, openHostFolder } from '../debug-adapter/node-host-folder';
import { textAddressFor } from '../emulator/machine-kind';
import { startProgram } from '../emulator/start-program';
import { statisticsText } from '../emulator/translator/statistics-text';
import { FtraceError } from '../ftrace/ftrace-error';
import type { Program } from '../program/program';
import { failed, signalOf, statusOfSignal } from './exit-status';
import { obituary } from './obituary';
import { openProgram } from './open-program';
import { ProcessStreams } from './process-streams';
import { asksForTracing, type RunOptions } from './run-options';
import { type Ending, runToEnd } from './run-to-end';
import { complain } from './standard-output';

/** `riscv-ftrace run`: runs a program traced, with this process's standard streams, and prints the trace when it has ended. */
export async function run(options: RunOptions): Promise<number> {
  const { callSites, isa, machine: kind, model } = options;
  const program = await openProgram(options.program, { callSites, callSiteLead: model.lead, textAddress: textAddressFor(kind), isa });
  if (!program) return failed;
  const streams = new ProcessStreams();
  const started = start(program, options, streams);
  if (!started) return failed;
  const { machine, tracing } = started;
  if (tracing && !tracing.begin()) return failed;
  const ending = await runToEnd(machine, streams, () => tracing?.readPipes());
  tracing?.readPipes();
  if (ending.kind === 'exception') complain(`riscv-ftrace: ${obituary(program, tracing?.trampoline, machine.pc, ending.exception)}`);
  tracing?.end();
  if (options.stats) for (const line of statisticsText(machine.statistics, machine.instret)) complain(line);
  return statusOf(ending);
}

/** Loads the program, with its call sites ready where it is to be traced; undefined where it does not fit, which has been said. */
function start(program: Program, options: RunOptions, streams: ProcessStreams) {
  try {
    const { isa, memory, machine: kind } = options;
    const args = [options.program, ...options.arguments];
    const mounts = options.mounts.map(({ host, path, writable }) => ({ path, folder: openHostFolder(host), writable }));
    const { machine } = startProgram(program, { arguments: args, host: streams, isa, memory, mounts, machine: kind, inBaseline });
    if (!asksForTracing(options)) return { machine };
    const { RunTracing } = require('./run-tracing') as typeof import('./run-tracing');
    return { machine, tracing: new RunTracing(machine, program, options, streams) };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof FtraceError || error instanceof MountError)) throw error;
    complain(`riscv-ftrace: ${error.message}`);
    return undefined;
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
