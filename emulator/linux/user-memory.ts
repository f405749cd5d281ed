import type { FlatMemory } from '../flat-memory';
import { permissionBits } from '../linear-memory';
import { LinuxError } from './errno';
import { decodeName } from './files/names';

const { read, write } = permissionBits;
/** PATH_MAX, with the final zero (include/uapi/linux/limits.h). */
const longestPath = 4096;

/**
 * The guest's memory as the kernel reads and writes it for a system call, with the program's own permissions: copy_from_user and
 * copy_to_user. Everything throws EFAULT where a byte cannot be reached.
 */
export class UserMemory {
  constructor(readonly memory: FlatMemory) {}

  /** A copy of all `length` bytes. */
  read(address: bigint, length: number): Uint8Array {
    const bytes = this.memory.readAllowed(address, length, read);
    if (bytes.length < length) throw new LinuxError('EFAULT');
    return bytes;
  }

  view(address: bigint, length: number): DataView {
    return new DataView(this.read(address, length).buffer);
  }

  write(address: bigint, bytes: Uint8Array): void {
    this.requireWritable(address, bytes.length);
    this.memory.writeAllowed(address, bytes, write);
  }

  /** Fills `size` bytes with what `fill` writes into them; the rest is zero. */
  writeStruct(address: bigint, size: number, fill: (view: DataView) => void): void {
    const bytes = new Uint8Array(size);
    fill(new DataView(bytes.buffer));
    this.write(address, bytes);
  }

  requireWritable(address: bigint, length: number): void {
    if (this.writable(address, length) < length) throw new LinuxError('EFAULT');
  }

  /** How many of `length` bytes the program may read, and write, up to the first that it may not. */
  readable(address: bigint, length: number): number {
    return this.memory.allowedAt(address, length, read);
  }

  writable(address: bigint, length: number): number {
    return this.memory.allowedAt(address, length, write);
  }

  u32(address: bigint): number {
    return this.view(address, 4).getUint32(0, true);
  }

  u64(address: bigint): bigint {
    return this.view(address, 8).getBigUint64(0, true);
  }

  /** A path's bytes, up to its zero: one of 4096 bytes or more is ENAMETOOLONG. */
  path(address: bigint): string {
    const bytes = this.memory.readAllowed(address, longestPath, read);
    const end = bytes.indexOf(0);
    if (end < 0) throw new LinuxError(bytes.length < longestPath ? 'EFAULT' : 'ENAMETOOLONG');
    return decodeName(bytes.subarray(0, end));
  }
}
