import { writeSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';

const bytesPerWrite = 1 << 16;
const retryMilliseconds = 2;

/** Something cannot be written, for example because the disk is full; the message says what and why. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/**
 * Writes to a descriptor until all is written, waiting where a reader is slow. Returns false where nobody reads any more (EPIPE),
 * as when it is piped into `head`. Throws OutputError where writing fails otherwise.
 */
export function writeAll(descriptor: number, bytes: Uint8Array): boolean {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written, Math.min(bytesPerWrite, bytes.length - written));
    } catch (error) {
      const { code, errno, message } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw new OutputError(`${nameOf(descriptor)}cannot be written: ${causeOf(errno) ?? message}`);
      sleep(retryMilliseconds);
    }
  }
  return true;
}

/** Prints a line about what the command itself has to say. Where that cannot be written there is nobody left to tell. */
export function complain(message: string): void {
  try {
    writeAll(2, Buffer.from(`${message}\n`));
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
  }
}

function nameOf(descriptor: number): string {
  return descriptor === 1 ? 'standard output ' : descriptor === 2 ? 'standard error ' : '';
}

/** What the system says of an error number, for example `no space left on device`. */
export function causeOf(errno: number | undefined): string | undefined {
  return errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
