import { writeSync } from 'node:fs';

const bytesPerWrite = 1 << 16;
const retryMilliseconds = 2;

/**
 * Writes to a descriptor until all is written, waiting where a reader is slow. Returns false where nobody reads any more (EPIPE),
 * as when it is piped into `head`.
 */
export function writeAll(descriptor: number, bytes: Uint8Array): boolean {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written, Math.min(bytesPerWrite, bytes.length - written));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      sleep(retryMilliseconds);
    }
  }
  return true;
}

/** Prints a line about what the command itself has to say. */
export function complain(message: string): void {
  writeAll(2, Buffer.from(`${message}\n`));
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
