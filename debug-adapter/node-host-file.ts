import * as fs from 'node:fs';
import { type ErrorName, errno } from '../emulator/linux/errno';
import { HostError, type HostFile } from '../emulator/linux/host-folder';

/**
 * Up to so many bytes a read has room for all that it asks for, without a look at how large the file is, and in one buffer: to make one
 * takes as long as the read.
 */
const smallRead = 1 << 16;
let smallBuffer: Uint8Array | undefined;

/** A file of this computer, by its descriptor. */
export class NodeHostFile implements HostFile {
  constructor(private readonly descriptor: number) {}

  get size(): number {
    return asHostError(() => fs.fstatSync(this.descriptor).size);
  }

  read(position: number, length: number): Uint8Array {
    return asHostError(() => {
      const isSmall = length <= smallRead;
      const room = isSmall ? length : Math.min(length, Math.max(this.size - position, smallRead));
      smallBuffer ??= new Uint8Array(smallRead);
      const bytes = isSmall ? smallBuffer : new Uint8Array(room);
      let done = 0;
      while (done < room) {
        const count = fs.readSync(this.descriptor, bytes, done, room - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    });
  }

  write(position: number, bytes: Uint8Array): number {
    return asHostError(() => fs.writeSync(this.descriptor, bytes, 0, bytes.length, position));
  }

  truncate(size: number): void {
    asHostError(() => fs.ftruncateSync(this.descriptor, size));
  }

  close(): void {
    asHostError(() => fs.closeSync(this.descriptor));
  }
}

/** What a call gives; where it fails, Linux's name for why. */
export function asHostError<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    if (error instanceof HostError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new HostError(code in errno ? (code as ErrorName) : 'EIO');
  }
}
