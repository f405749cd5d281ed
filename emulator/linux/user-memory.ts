import type { FlatMemory } from '../flat-memory';
import { permissionBits } from '../linear-memory';
import { LinuxError } from './errno';
import { decodeName } from './files/names';

const { read, write } = permissionBits;
/** PATH_MAX, with the final zero (include/uapi/linux/limits.h). */
const longestPath = 4096;
/** Bytes of a structure, of which that of a signal's frame is the largest. */
const largestStruct = 2048;

/**
 * The guest's memory as the kernel reads and writes it for a system call, with the program's own permissions: copy_from_user and
 * copy_to_user. Everything throws EFAULT where a byte cannot be reached.
 */
export class UserMemory {
  /** What structures are made in: an engine takes longer to make a buffer than most calls otherwise. */
  readonly #struct = new DataView(new ArrayBuffer(largestStruct));
  readonly #bytes = new Uint8Array(this.#struct.buffer);

  constructor(readonly memory: FlatMemory) {}

  /** A copy of all `length` bytes. */
  read(address: bigint, length: number): Uint8Array {
    const bytes = this.memory.readAllowed(address, length, read);
    if (bytes.length < length) throw new LinuxError('EFAULT');
    return bytes;
  }

  /** All `length` bytes, to be read at once: they are the guest's own, and change as it writes. */
  view(address: bigint, length: number): DataView {
    const bytes = this.memory.viewAllowed(address, length, read);
    if (bytes.length < length) throw new LinuxError('EFAULT');
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  write(address: bigint, bytes: Uint8Array): void {
    this.requireWritable(address, bytes.length);
    this.memory.writeAllowed(address, bytes, write);
  }

  /** Fills `size` bytes, at most `largestStruct`, with what `fill` writes to the first of a view; the rest is zero. */
  writeStruct(address: bigint, size: number, fill: (view: DataView) => void): void {
    this.#bytes.fill(0, 0, size);
    fill(this.#struct);
    this.write(address, this.#bytes.subarray(0, size));
  }

  writeU32(address: bigint, value: number): void {
    this.writeStruct(address, 4, (view) => view.setUint32(0, value, true));
  }

  writeU64(address: bigint, value: bigint): void {
    this.writeStruct(address, 8, (view) => view.setBigUint64(0, value, true));
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
    return this.memory.loadWord(address, read) ?? unreadable();
  }

  u64(address: bigint): bigint {
    return this.memory.load(address, 8, read) ?? unreadable();
  }

  /** A path's bytes, up to its zero: one of 4096 bytes or more is ENAMETOOLONG. */
  path(address: bigint): string {
    const bytes = this.memory.viewAllowed(address, longestPath, read);
    const end = bytes.indexOf(0);
    if (end < 0) throw new LinuxError(bytes.length < longestPath ? 'EFAULT' : 'ENAMETOOLONG');
    return decodeName(bytes.subarray(0, end));
  }
}

function unreadable(): never {
  throw new LinuxError('EFAULT');
}
