import { inBaseline } from '../debug-adapter/node-engine';
import { MountError, openHostFolder } from '../debug-adapter/node-host-folder';
import type { RiscvMachine } from '../emulator/riscv-machine';
import { startProgram } from '../emulator/start-program';
import type { Executable, Program } from '../program/program';
import { signalOf, statusOfSignal } from './exit-status';
import { obituary } from './obituary';
import type { ProcessStreams } from './process-streams';
import type { RunOptions } from './run-options';
import { type Ending, runToEnd } from './run-to-end';
import type { RunTracing } from './run-tracing';
import { complain } from './standard-output';

export type MachineOptions = Partial<Pick<RunOptions, 'isa' | 'memory' | 'machine' | 'mounts'>> & Pick<RunOptions, 'program' | 'arguments'>;

/** Loads the program into its machine; undefined where it does not fit, which has been said. */
export function loadProgram(program: Executable, options: MachineOptions, streams: ProcessStreams): RiscvMachine | undefined {
  try {
    const { isa, memory, machine } = options;
    const args = [options.program, ...options.arguments];
    const mounts = (options.mounts ?? []).map(({ host, path, writable }) => ({ path, folder: openHostFolder(host), writable }));
    return startProgram(program, { arguments: args, host: streams, isa, memory, mounts, machine, inBaseline }).machine;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof MountError)) throw error;
    complain(`riscv-ftrace: ${error.message}`);
    return undefined;
  }
}

/** Runs the program to its end, with its tracing, if any, and says how it died; the status that the process is to have. */
export async function runProgram(
  program: Executable | Program,
  machine: RiscvMachine,
  streams: ProcessStreams,
  tracing?: RunTracing,
): Promise<number> {
  const ending = await runToEnd(machine, streams, () => tracing?.readPipes());
  tracing?.readPipes();
  if (ending.kind === 'exception') complain(`riscv-ftrace: ${obituary(program, tracing?.trampoline, machine.pc, ending.exception)}`);
  tracing?.end();
  return statusOf(ending);
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
