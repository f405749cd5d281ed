import { LinuxError } from '../errno';
import type { Directory, DirectoryEntry, FileBytes, FileNode, FileStatus, Node, Stream } from './node';

/** Flags of open (include/uapi/asm-generic/fcntl.h). */
export const openFlag = {
  accessMode: 0o3,
  writeOnly: 0o1,
  readWrite: 0o2,
  create: 0o100,
  exclusive: 0o200,
  truncate: 0o1000,
  append: 0o2000,
  nonBlock: 0o4000,
  directory: 0o200000,
  noFollow: 0o400000,
  closeOnExec: 0o2000000,
  path: 0o10000000,
} as const;

/** What descriptors lead to, several to the same where they were duplicated (struct file). */
export abstract class OpenFile {
  private descriptors = 0;

  constructor(
    /** What it was opened by; undefined for a pipe. */
    readonly node: Node | undefined,
    public flags: number,
  ) {}

  get readable(): boolean {
    return (this.flags & openFlag.path) === 0 && (this.flags & openFlag.accessMode) !== openFlag.writeOnly;
  }

  get writable(): boolean {
    return (this.flags & openFlag.path) === 0 && (this.flags & openFlag.accessMode) !== 0;
  }

  get isTerminal(): boolean {
    return false;
  }

  /** Whether a read would find something, or the end. */
  get hasInput(): boolean {
    return true;
  }

  status(): FileStatus {
    return this.node!.status();
  }

  /** The next bytes, at most `length`; none at the end. */
  abstract read(length: number): Uint8Array | 'wait';
  abstract write(bytes: Uint8Array): number | 'wait';

  readAt(_position: number, _length: number): Uint8Array {
    throw new LinuxError('ESPIPE');
  }

  writeAt(_position: number, _bytes: Uint8Array): number {
    throw new LinuxError('ESPIPE');
  }

  seek(_offset: number, _whence: number): number {
    throw new LinuxError('ESPIPE');
  }

  truncate(_size: number): void {
    throw new LinuxError('EINVAL');
  }

  /** The bytes to map into memory. */
  contents(_position: number, _length: number): Uint8Array {
    throw new LinuxError('ENODEV');
  }

  acquire(): this {
    this.descriptors += 1;
    return this;
  }

  release(): void {
    this.descriptors -= 1;
    if (this.descriptors === 0) this.close();
  }

  protected close(): void {}
}

/** The largest position in a file, which a host's number holds exactly. */
const largestPosition = 2 ** 53 - 1;

export class OpenRegularFile extends OpenFile {
  private readonly bytes: FileBytes;

  constructor(
    node: FileNode,
    flags: number,
    /** Where the next read or write begins. */
    private readonly offset: { position: number } = { position: 0 },
  ) {
    super(node, flags);
    this.bytes = node.open({ read: this.readable, write: this.writable });
  }

  read(length: number): Uint8Array {
    const bytes = this.bytes.read(this.offset.position, length);
    this.offset.position += bytes.length;
    return bytes;
  }

  write(bytes: Uint8Array): number {
    if (this.flags & openFlag.append) this.offset.position = this.bytes.size;
    const written = this.writeAt(this.offset.position, bytes);
    this.offset.position += written;
    return written;
  }

  override readAt(position: number, length: number): Uint8Array {
    return this.bytes.read(position, length);
  }

  override writeAt(position: number, bytes: Uint8Array): number {
    if (position + bytes.length > largestPosition) throw new LinuxError('EFBIG');
    return bytes.length === 0 ? 0 : this.bytes.write(this.flags & openFlag.append ? this.bytes.size : position, bytes);
  }

  override seek(offset: number, whence: number): number {
    this.offset.position = seekTarget(offset, whence, this.offset.position, () => this.bytes.size);
    return this.offset.position;
  }

  /** How many bytes there are from the position on; below 0 where that is beyond the end. */
  get unread(): number {
    return this.bytes.size - this.offset.position;
  }

  override truncate(size: number): void {
    if (!this.writable) throw new LinuxError('EINVAL');
    if (size > largestPosition) throw new LinuxError('EFBIG');
    this.bytes.truncate(size);
  }

  override contents(position: number, length: number): Uint8Array {
    return this.bytes.read(position, length);
  }

  protected override close(): void {
    this.bytes.close();
  }
}

const SEEK_SET = 0;
const SEEK_CUR = 1;
const SEEK_END = 2;
const SEEK_DATA = 3;
const SEEK_HOLE = 4;

function seekTarget(offset: number, whence: number, position: number, sizeOf: () => number): number {
  const target = seekBase(offset, whence, position, sizeOf) + offset;
  if (target < 0 || target > largestPosition) throw new LinuxError('EINVAL');
  return target;
}

/** What an offset counts from. */
function seekBase(offset: number, whence: number, position: number, sizeOf: () => number): number {
  switch (whence) {
    case SEEK_SET:
      return 0;
    case SEEK_CUR:
      return position;
    case SEEK_END:
      return sizeOf();
    case SEEK_DATA:
    case SEEK_HOLE: {
      const size = sizeOf();
      if (offset < 0 || offset >= size) throw new LinuxError('ENXIO');
      return whence === SEEK_DATA ? 0 : size - offset;
    }
    default:
      throw new LinuxError('EINVAL');
  }
}

export class OpenDirectory extends OpenFile {
  private list: readonly DirectoryEntry[] | undefined;
  private position = 0;

  constructor(
    readonly directory: Directory,
    flags: number,
  ) {
    super(directory, flags);
  }

  read(): never {
    throw new LinuxError('EISDIR');
  }

  write(): never {
    throw new LinuxError('EBADF');
  }

  override readAt(): never {
    throw new LinuxError('EISDIR');
  }

  /** Entries are counted; 0 reads the directory anew. */
  override seek(offset: number, whence: number): number {
    this.position = seekTarget(offset, whence, this.position, () => this.all().length);
    if (this.position === 0) this.list = undefined;
    return this.position;
  }

  /** The entries from the position on, and their own positions; `take` says how many were taken. */
  next(): readonly (DirectoryEntry & { readonly position: number })[] {
    return this.all()
      .slice(this.position)
      .map((entry, index) => ({ ...entry, position: this.position + index + 1 }));
  }

  take(count: number): void {
    this.position += count;
  }

  private all(): readonly DirectoryEntry[] {
    this.list ??= [
      { name: '.', type: 'directory', inode: this.directory.status().inode },
      { name: '..', type: 'directory', inode: this.directory.parent.status().inode },
      ...this.directory.entries(),
    ];
    return this.list;
  }
}

/** A device, a standard stream, an end of a pipe. */
export class OpenStream extends OpenFile {
  constructor(
    node: Node | undefined,
    flags: number,
    private readonly stream: Stream,
    private readonly statusOf?: () => FileStatus,
  ) {
    super(node, flags);
  }

  override get isTerminal(): boolean {
    return this.stream.isTerminal ?? false;
  }

  override get hasInput(): boolean {
    return this.stream.hasInput?.() ?? true;
  }

  override status(): FileStatus {
    return this.statusOf ? this.statusOf() : super.status();
  }

  read(length: number): Uint8Array | 'wait' {
    return this.stream.read(length);
  }

  write(bytes: Uint8Array): number | 'wait' {
    return this.stream.write(bytes);
  }

  /** Devices have no position: /dev/null and its kin take any (drivers/char/mem.c, null_lseek). */
  override seek(offset: number, whence: number): number {
    if (this.node?.type !== 'device' || this.isTerminal) return super.seek(offset, whence);
    return 0;
  }

  override readAt(position: number, length: number): Uint8Array {
    if (this.node?.type !== 'device' || this.isTerminal) return super.readAt(position, length);
    const bytes = this.stream.read(length);
    return bytes === 'wait' ? new Uint8Array(0) : bytes;
  }

  override writeAt(position: number, bytes: Uint8Array): number {
    if (this.node?.type !== 'device' || this.isTerminal) return super.writeAt(position, bytes);
    const written = this.stream.write(bytes);
    return written === 'wait' ? 0 : written;
  }

  protected override close(): void {
    this.stream.close?.();
  }
}
