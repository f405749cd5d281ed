import { LinuxError } from '../errno';
import type { ProcessHost } from '../process-host';
import type { Stream } from './node';

const nothing = new Uint8Array(0);

/** Standard input: what the host has. */
export function standardInput(host: ProcessHost): Stream {
  return {
    isTerminal: host.isTerminal?.(0) ?? false,
    read: (length) => {
      const input = host.read(length);
      return input === 'end' ? nothing : input === 'wait' ? 'wait' : input.subarray(0, length);
    },
    write: () => {
      throw new LinuxError('EBADF');
    },
  };
}

/** Standard output or standard error. */
export function standardOutput(host: ProcessHost, descriptor: 1 | 2): Stream {
  return {
    isTerminal: host.isTerminal?.(descriptor) ?? false,
    read: () => {
      throw new LinuxError('EBADF');
    },
    write: (bytes) => {
      const room = host.room?.(descriptor) ?? bytes.length;
      if (room === 0 && bytes.length > 0) return 'wait';
      host.write(descriptor, bytes.subarray(0, room));
      return Math.min(bytes.length, room);
    },
  };
}

/** The terminal, /dev/tty: what is typed, and standard output. */
export function terminal(host: ProcessHost): Stream {
  return { isTerminal: true, read: standardInput(host).read, write: standardOutput(host, 1).write };
}
