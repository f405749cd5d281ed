import type { Executable } from '../program/program';
import { BareMetal } from './bare-metal/bare-metal';
import { LinuxProcess, type ProcessOptions } from './linux/linux-process';
import { type MachineKind, machineKindOf } from './machine-kind';
import type { RiscvMachine } from './riscv-machine';

export interface StartOptions extends ProcessOptions {
  /** What the program runs on; unless given, what it looks made for. */
  readonly machine?: MachineKind | undefined;
}

export interface StartedProgram {
  readonly machine: RiscvMachine;
  /** Where the system has put code of its own beside the program's, which `vdsoProgram` describes. */
  readonly vdsoAddress?: bigint;
  /** Whether a fault stops the program also where it has a handler for its signal; false unless told. */
  stopAtHandledFaults?(stops: boolean): void;
}

/** Loads a program into the machine that it is for. Throws RangeError, with the cause, where it does not fit. */
export function startProgram(program: Executable, options: StartOptions): StartedProgram {
  const kind = options.machine ?? machineKindOf(program);
  return kind === 'linux' ? LinuxProcess.start(program, options) : BareMetal.start(program, options);
}
