import { fstatSync, statSync } from 'node:fs';
import type { ProcessHost } from '../emulator/linux/process-host';
import { StandardInput } from './standard-input';
import { complain, writeAll } from './standard-output';

/** Bytes of output that are held at most. */
const mostHeld = 1 << 16;

/**
 * Gives the program the standard streams of this process. What it writes is held until `flush`, or until it writes elsewhere: a write takes
 * the host some microseconds, however short it is.
 */
export class ProcessStreams implements ProcessHost {
  onSystemCall: ProcessHost['onSystemCall'];
  onFault: ProcessHost['onFault'];
  readonly input = new StandardInput();
  readonly inputFile = this.input.file;
  /** Somebody has closed the other end of what the program writes to: Linux would have sent SIGPIPE. */
  broken = false;
  /** What is held for a descriptor. */
  readonly #held = new Uint8Array(mostHeld);
  #length = 0;
  #descriptor: 1 | 2 = 1;

  write(descriptor: 1 | 2, bytes: Uint8Array): void {
    if (descriptor !== this.#descriptor || this.#length + bytes.length > mostHeld) this.flush();
    this.#descriptor = descriptor;
    if (bytes.length > mostHeld) this.#writeAll(bytes);
    else {
      this.#held.set(bytes, this.#length);
      this.#length += bytes.length;
    }
  }

  /** Writes what is held. Throws OutputError where it cannot be written. */
  flush(): void {
    const held = this.#held.subarray(0, this.#length);
    this.#length = 0;
    this.#writeAll(held);
  }

  read(length: number): Uint8Array | 'wait' | 'end' {
    return this.input.read(length);
  }

  isTerminal(descriptor: 0 | 1 | 2): boolean {
    return isTerminal(descriptor);
  }

  note(message: string): void {
    this.flush();
    complain(`riscv-ftrace: ${message}`);
  }

  #writeAll(bytes: Uint8Array): void {
    if (!this.broken) this.broken = !writeAll(this.#descriptor, bytes);
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
