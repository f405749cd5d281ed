import { textAddressFor } from '../emulator/machine-kind';
import type { RiscvMachine } from '../emulator/riscv-machine';
import { statisticsText } from '../emulator/translator/statistics-text';
import { FtraceError } from '../ftrace/ftrace-error';
import type { Program } from '../program/program';
import { failed } from './exit-status';
import { openProgram } from './open-program';
import { ProcessStreams } from './process-streams';
import { asksForTracing, type RunOptions } from './run-options';
import { loadProgram, runProgram } from './run-program';
import { RunTracing } from './run-tracing';
import { complain } from './standard-output';

/** `riscv-ftrace run`: runs a program traced, with this process's standard streams, and prints the trace when it has ended. */
export async function run(options: RunOptions): Promise<number> {
  const { callSites, isa, machine: kind, model } = options;
  const program = await openProgram(options.program, { callSites, callSiteLead: model.lead, textAddress: textAddressFor(kind), isa });
  if (!program) return failed;
  const streams = new ProcessStreams();
  const machine = loadProgram(program, options, streams);
  if (!machine) return failed;
  const tracing = asksForTracing(options) ? makeTracing(machine, program, options, streams) : undefined;
  if (tracing === 'failed' || (tracing && !tracing.begin())) return failed;
  const status = await runProgram(program, machine, streams, tracing);
  if (options.stats) for (const line of statisticsText(machine.statistics, machine.instret)) complain(line);
  return status;
}

/** The tracing, with call sites ready; `failed` where there is no room for the trampolines or the ring buffer, which has been said. */
function makeTracing(machine: RiscvMachine, program: Program, options: RunOptions, streams: ProcessStreams): RunTracing | 'failed' {
  try {
    return new RunTracing(machine, program, options, streams);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof FtraceError)) throw error;
    complain(`riscv-ftrace: ${error.message}`);
    return 'failed';
  }
}
