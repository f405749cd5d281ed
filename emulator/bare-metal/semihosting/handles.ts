import type { Console } from '../console';

/** An open file of semihosting. What cannot be throws LinuxError, or says so. */
export interface Handle {
  readonly isTerminal: boolean;
  /** The size in bytes, or undefined where it has none. */
  readonly length: number | undefined;
  /** At most `length` bytes; `wait` when there are none yet. */
  read(length: number): Uint8Array | 'wait' | 'end';
  /** How many of the bytes it took. */
  write(bytes: Uint8Array): number;
  /** False where it cannot be. */
  seek(position: number): boolean;
  close?(): void;
}

/** The terminal: standard input, output or error output. */
export function terminal(console: Console, descriptor: 0 | 1 | 2): Handle {
  return {
    isTerminal: true,
    length: undefined,
    read: (length) => (descriptor === 0 ? console.read(length) : 'end'),
    write: (bytes) => {
      if (descriptor === 0) return 0;
      if (descriptor === 2) console.write(2, bytes);
      else for (const byte of bytes) console.put(byte);
      return bytes.length;
    },
    seek: () => false,
  };
}

/** Bytes that can only be read. */
export function readOnlyBytes(bytes: Uint8Array): Handle {
  let position = 0;
  return {
    isTerminal: false,
    length: bytes.length,
    read: (length) => {
      const read = bytes.subarray(position, position + length);
      position += read.length;
      return read.length === 0 ? 'end' : read;
    },
    write: () => 0,
    seek: (to) => {
      if (to > bytes.length) return false;
      position = to;
      return true;
    },
  };
}
