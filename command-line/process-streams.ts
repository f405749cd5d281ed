import { fstatSync, statSync } from 'node:fs';
import type { ProcessHost } from '../emulator/linux/process-host';
import { StandardInput } from './standard-input';
import { complain, writeAll } from './standard-output';

/** Gives the program the standard streams of this process. */
export class ProcessStreams implements ProcessHost {
  onSystemCall: ProcessHost['onSystemCall'];
  onFault: ProcessHost['onFault'];
  readonly input = new StandardInput();
  /** Somebody has closed the other end of what the program writes to: Linux would have sent SIGPIPE. */
  broken = false;

  write(descriptor: 1 | 2, bytes: Uint8Array): void {
    if (!this.broken) this.broken = !writeAll(descriptor, bytes);
  }

  read(length: number): Uint8Array | 'wait' | 'end' {
    return this.input.read(length);
  }

  isTerminal(descriptor: 0 | 1 | 2): boolean {
    return isTerminal(descriptor);
  }

  note(message: string): void {
    complain(`riscv-ftrace: ${message}`);
  }
}

/**
 * Node's own test comes with its sockets and streams, which take longer than many a program: only a character device may be a terminal,
 * and the null device is none.
 */
function isTerminal(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    if (!status.isCharacterDevice()) return false;
    if (status.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev) return false;
    return (require('node:tty') as typeof import('node:tty')).isatty(descriptor);
  } catch {
    return false;
  }
}
