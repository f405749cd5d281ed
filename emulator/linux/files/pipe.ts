import { LinuxError } from '../errno';
import { userId } from './memory-files';
import type { FileStatus, Stream } from './node';

/** What a pipe holds (man 7 pipe). */
const capacity = 65536;

/**
 * A pipe between two ends of the same thread: what would wait for the other end can never go on, so it is EDEADLK in other systems
 * and here EAGAIN, as for an end that does not block.
 */
export class Pipe {
  private readonly parts: Uint8Array[] = [];
  private size = 0;
  private ends = { read: true, write: true };

  constructor(private readonly inode: bigint) {}

  readonly reader: Stream = {
    read: (length) => this.take(length),
    hasInput: () => this.size > 0 || !this.ends.write,
    write: () => {
      throw new LinuxError('EBADF');
    },
    close: () => {
      this.ends.read = false;
    },
  };

  readonly writer: Stream = {
    read: () => {
      throw new LinuxError('EBADF');
    },
    write: (bytes) => this.put(bytes),
    close: () => {
      this.ends.write = false;
    },
  };

  status(): FileStatus {
    return {
      type: 'pipe',
      mode: 0o600,
      inode: this.inode,
      links: 1,
      user: userId,
      group: userId,
      size: 0,
      device: 3,
      deviceNumber: 0,
      accessed: 0n,
      modified: 0n,
      changed: 0n,
    };
  }

  private take(length: number): Uint8Array {
    if (this.size === 0 && length > 0) {
      if (this.ends.write) throw new LinuxError('EAGAIN');
      return new Uint8Array(0);
    }
    const bytes = new Uint8Array(Math.min(length, this.size));
    for (let at = 0; at < bytes.length; ) {
      const part = this.parts[0]!;
      const taken = part.subarray(0, bytes.length - at);
      bytes.set(taken, at);
      at += taken.length;
      if (taken.length === part.length) this.parts.shift();
      else this.parts[0] = part.subarray(taken.length);
    }
    this.size -= bytes.length;
    return bytes;
  }

  private put(bytes: Uint8Array): number {
    if (!this.ends.read) throw new LinuxError('EPIPE');
    const taken = Math.min(bytes.length, capacity - this.size);
    if (taken === 0 && bytes.length > 0) throw new LinuxError('EAGAIN');
    this.parts.push(bytes.slice(0, taken));
    this.size += taken;
    return taken;
  }
}
