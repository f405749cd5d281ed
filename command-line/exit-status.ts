import { signalNumber } from '../emulator/linux/signals/signal-names';
import type { ExceptionCause, GuestException } from '../emulator/machine';

/** The command could not do what it was asked: bad options, no such program, no such function. */
export const failed = 2;

/** What a shell reports of a process that a signal ended. */
export function statusOfSignal(signal: string): number {
  return 128 + signalNumber(signal);
}

/** The signal that an exception has become or, where no system made one of it, that Linux would have sent (arch/riscv/kernel/traps.c). */
export function signalOf({ signal, cause }: GuestException): string {
  return signal ?? signals[cause];
}

const signals: Readonly<Record<ExceptionCause, string>> = {
  'instruction-misaligned': 'SIGBUS',
  'load-misaligned': 'SIGBUS',
  'store-misaligned': 'SIGBUS',
  'illegal-instruction': 'SIGILL',
  breakpoint: 'SIGTRAP',
  'environment-call': 'SIGSYS',
  signal: 'SIGKILL',
  'instruction-access-fault': 'SIGSEGV',
  'load-access-fault': 'SIGSEGV',
  'store-access-fault': 'SIGSEGV',
};
