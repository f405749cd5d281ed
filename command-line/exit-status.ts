import { constants } from 'node:os';
import type { ExceptionCause } from '../emulator/machine';

/** The command could not do what it was asked: bad options, no such program, no such function. */
export const failed = 2;

/** What a shell reports of a process that a signal ended. */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** The signal that Linux sends for an exception (arch/riscv/kernel/traps.c). */
export function signalOf(cause: ExceptionCause): NodeJS.Signals {
  switch (cause) {
    case 'instruction-misaligned':
    case 'load-misaligned':
    case 'store-misaligned':
      return 'SIGBUS';
    case 'illegal-instruction':
      return 'SIGILL';
    case 'breakpoint':
      return 'SIGTRAP';
    case 'environment-call':
      return 'SIGSYS';
    case 'signal':
      return 'SIGKILL';
    case 'instruction-access-fault':
    case 'load-access-fault':
    case 'store-access-fault':
      return 'SIGSEGV';
  }
}
