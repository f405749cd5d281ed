import { LinuxError } from '../errno';

import type { Access, Directory, DirectoryEntry, FileBytes, FileNode, FileStatus, Node, SymbolicLink } from './node';
import type { Quota } from './quota';

/** What the nodes of a tree in memory share. */
export interface Tree {
  readonly quota: Quota;
  /** The guest's clock, in nanoseconds. */
  now(): bigint;
  nextInode(): bigint;
}

/** The user and group that every guest process runs as, and that its files belong to. */
export const userId = 1000;
/** The number of the device that the tree is on. */
export const memoryDevice = 1;
/** What a node takes of the quota beside its bytes. */
const nodeSize = 1024;

abstract class MemoryNode {
  links = 1;
  protected readonly inode: bigint;
  protected accessed: bigint;
  protected modified: bigint;
  protected changed: bigint;

  constructor(
    protected readonly tree: Tree,
    protected mode: number,
  ) {
    tree.quota.charge(nodeSize);
    this.inode = tree.nextInode();
    this.accessed = this.modified = this.changed = tree.now();
  }

  setMode(mode: number): void {
    this.mode = mode;
    this.changed = this.tree.now();
  }

  setTimes(accessed: bigint | undefined, modified: bigint | undefined): void {
    this.accessed = accessed ?? this.accessed;
    this.modified = modified ?? this.modified;
    this.changed = this.tree.now();
  }

  /** A name of it is gone. */
  unlinked(): void {
    this.links -= 1;
    this.changed = this.tree.now();
    this.releaseIfUnused();
  }

  protected releaseIfUnused(): void {
    if (this.links === 0) this.tree.quota.release(nodeSize);
  }

  protected touch(): void {
    this.modified = this.changed = this.tree.now();
  }

  protected statusOf(type: FileStatus['type'], size: number): FileStatus {
    const { mode, inode, links, accessed, modified, changed } = this;
    const [user, group, device, deviceNumber] = [userId, userId, memoryDevice, 0];
    return { type, mode, inode, links, user, group, size, device, deviceNumber, accessed, modified, changed };
  }
}

const chunkSize = 65536;

/** A file in memory, in chunks; what was never written takes none. */
export class MemoryFile extends MemoryNode implements FileNode {
  readonly type = 'file';
  private readonly chunks = new Map<number, Uint8Array>();
  private length = 0;
  private opens = 0;

  constructor(tree: Tree, mode: number, bytes?: Uint8Array) {
    super(tree, mode);
    if (bytes) this.write(0, bytes);
  }

  get size(): number {
    return this.length;
  }

  status(): FileStatus {
    return this.statusOf('file', this.length);
  }

  open(_access: Access): FileBytes {
    this.opens += 1;
    const file = this;
    return {
      get size() {
        return file.length;
      },
      read: (position, length) => this.read(position, length),
      write: (position, bytes) => this.write(position, bytes),
      truncate: (size) => this.truncate(size),
      close: () => {
        this.opens -= 1;
        this.releaseIfUnused();
      },
    };
  }

  private read(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.length - position)));
    for (const { chunk, start, from, to } of this.parts(position, bytes.length)) {
      const source = this.chunks.get(chunk);
      if (source) bytes.set(source.subarray(start, start + to - from), from);
    }
    return bytes;
  }

  /** Writes as much as the quota has room for; throws ENOSPC where that is nothing. */
  private write(position: number, bytes: Uint8Array): number {
    let written = 0;
    for (const { chunk, start, from, to } of this.parts(position, bytes.length)) {
      if (!this.chunks.has(chunk)) {
        if (!this.tree.quota.tryCharge(chunkSize)) {
          if (written === 0) throw new LinuxError('ENOSPC');
          break;
        }
        this.chunks.set(chunk, new Uint8Array(chunkSize));
      }
      this.chunks.get(chunk)!.set(bytes.subarray(from, to), start);
      written = to;
    }
    this.length = Math.max(this.length, written > 0 ? position + written : 0);
    this.touch();
    return written;
  }

  private truncate(size: number): void {
    const last = Math.floor(size / chunkSize);
    for (const chunk of [...this.chunks.keys()]) {
      if (chunk > last || (chunk === last && size % chunkSize === 0)) this.drop(chunk);
    }
    if (size < this.length) this.chunks.get(last)?.fill(0, size % chunkSize);
    this.length = size;
    this.touch();
  }

  protected override releaseIfUnused(): void {
    if (this.links > 0 || this.opens > 0) return;
    super.releaseIfUnused();
    for (const chunk of [...this.chunks.keys()]) this.drop(chunk);
  }

  private drop(chunk: number): void {
    this.chunks.delete(chunk);
    this.tree.quota.release(chunkSize);
  }

  /** The chunks that [position, position + length) lies in: where in the chunk, and from where to where in the range. */
  private *parts(position: number, length: number): Generator<{ chunk: number; start: number; from: number; to: number }> {
    for (let from = 0; from < length; ) {
      const start = (position + from) % chunkSize;
      const to = Math.min(length, from + chunkSize - start);
      yield { chunk: Math.floor((position + from) / chunkSize), start, from, to };
      from = to;
    }
  }
}

export class MemoryLink extends MemoryNode implements SymbolicLink {
  readonly type = 'link';

  constructor(
    tree: Tree,
    readonly target: string,
  ) {
    super(tree, 0o777);
  }

  status(): FileStatus {
    return this.statusOf('link', this.target.length);
  }
}

export class MemoryDirectory extends MemoryNode implements Directory {
  readonly type = 'directory';
  private readonly children = new Map<string, Node>();
  private place: { parent: Directory; name: string } | undefined;

  constructor(tree: Tree, mode: number, place?: { parent: Directory; name: string }) {
    super(tree, mode);
    this.place = place;
    this.links = 2;
  }

  get parent(): Directory {
    return this.place?.parent ?? this;
  }

  get name(): string {
    return this.place?.name ?? '';
  }

  status(): FileStatus {
    return this.statusOf('directory', 40 + 20 * this.children.size);
  }

  lookup(name: string): Node | undefined {
    return this.children.get(name);
  }

  entries(): readonly DirectoryEntry[] {
    return [...this.children].map(([name, node]) => ({ name, type: node.status().type, inode: node.status().inode }));
  }

  /** Puts a node of any kind there: how the tree is furnished. */
  put(name: string, node: Node): void {
    this.children.set(name, node);
    this.touch();
  }

  create(name: string, mode: number): FileNode {
    this.requireWritable();
    const file = new MemoryFile(this.tree, mode);
    this.put(name, file);
    return file;
  }

  makeDirectory(name: string, mode: number): MemoryDirectory {
    this.requireWritable();
    const directory = new MemoryDirectory(this.tree, mode, { parent: this, name });
    this.links += 1;
    this.put(name, directory);
    return directory;
  }

  makeLink(name: string, target: string): void {
    this.requireWritable();
    this.put(name, new MemoryLink(this.tree, target));
  }

  link(name: string, node: Node): void {
    this.requireWritable();
    if (!(node instanceof MemoryFile || node instanceof MemoryLink)) throw new LinuxError('EXDEV');
    node.links += 1;
    this.put(name, node);
  }

  remove(name: string): void {
    this.requireWritable();
    const node = this.children.get(name);
    if (!(node instanceof MemoryFile || node instanceof MemoryLink)) throw new LinuxError('EPERM');
    this.children.delete(name);
    node.unlinked();
    this.touch();
  }

  removeDirectory(name: string): void {
    this.requireWritable();
    const node = this.children.get(name);
    if (!(node instanceof MemoryDirectory)) throw new LinuxError('EBUSY');
    if (node.children.size > 0) throw new LinuxError('ENOTEMPTY');
    this.children.delete(name);
    node.removed();
    this.links -= 1;
    this.touch();
  }

  rename(name: string, directory: Directory, target: string): void {
    if (!(directory instanceof MemoryDirectory)) throw new LinuxError('EXDEV');
    this.requireWritable();
    directory.requireWritable();
    const node = this.children.get(name)!;
    if (!(node instanceof MemoryNode)) throw new LinuxError('EBUSY');
    const replaced = directory.children.get(target);
    if (replaced === node) return;
    if (replaced instanceof MemoryDirectory) directory.removeDirectory(target);
    else if (replaced) directory.remove(target);
    this.children.delete(name);
    directory.put(target, node);
    if (node instanceof MemoryDirectory) {
      node.place = { parent: directory, name: target };
      this.links -= 1;
      directory.links += 1;
    }
    this.touch();
  }

  private removed(): void {
    this.links = 1;
    this.unlinked();
  }

  private requireWritable(): void {
    if (this.links === 0) throw new LinuxError('ENOENT');
    if ((this.mode & 0o200) === 0) throw new LinuxError('EACCES');
  }
}
