import { LinuxError } from '../errno';
import type { HostFile, HostFolder, HostStatus } from '../host-folder';
import { HostError } from '../host-folder';
import { userId } from './memory-files';
import { bytesOfName, textOfName } from './names';
import type { Access, Directory, DirectoryEntry, FileBytes, FileNode, FileStatus, Node, SymbolicLink } from './node';

/** A mounted folder: how it is reached, and the number of its device. */
export interface HostTree {
  readonly folder: HostFolder;
  readonly writable: boolean;
  readonly device: number;
}

/** The device numbers of mounts count up from here. */
export const firstHostDevice = 16;

abstract class HostNode {
  constructor(
    readonly tree: HostTree,
    /** Relative to the mounted folder, in the host's text. */
    readonly path: string,
  ) {}

  status(): FileStatus {
    const { type, mode, inode, links, size, accessed, modified, changed } = ask(() => this.tree.folder.status(this.path));
    return {
      type: type === 'other' ? 'device' : type,
      mode: this.tree.writable ? mode : mode & ~0o222,
      inode,
      links,
      user: userId,
      group: userId,
      size,
      device: this.tree.device,
      deviceNumber: 0,
      accessed,
      modified,
      changed,
    };
  }

  setMode(mode: number): void {
    this.requireWritable();
    ask(() => this.tree.folder.setMode(this.path, mode));
  }

  setTimes(accessed: bigint | undefined, modified: bigint | undefined): void {
    this.requireWritable();
    const now = this.status();
    ask(() => this.tree.folder.setTimes(this.path, accessed ?? now.accessed, modified ?? now.modified));
  }

  protected requireWritable(): void {
    if (!this.tree.writable) throw new LinuxError('EROFS');
  }
}

class HostRegularFile extends HostNode implements FileNode {
  readonly type = 'file';

  open({ write }: Access): FileBytes {
    if (write) this.requireWritable();
    return new OpenHostFile(ask(() => this.tree.folder.open(this.path, { write })));
  }
}

class OpenHostFile implements FileBytes {
  constructor(private readonly file: HostFile) {}

  get size(): number {
    return ask(() => this.file.size);
  }

  read(position: number, length: number): Uint8Array {
    return ask(() => this.file.read(position, length));
  }

  write(position: number, bytes: Uint8Array): number {
    return ask(() => this.file.write(position, bytes));
  }

  truncate(size: number): void {
    ask(() => this.file.truncate(size));
  }

  close(): void {
    ask(() => this.file.close());
  }
}

class HostLink extends HostNode implements SymbolicLink {
  readonly type = 'link';

  get target(): string {
    return bytesOfName(ask(() => this.tree.folder.target(this.path)));
  }
}

/** A device, pipe or socket of the host: it can be seen and not opened. */
class HostOther extends HostNode {
  readonly type = 'device';

  open(): never {
    throw new LinuxError('ENXIO');
  }
}

export class HostDirectory extends HostNode implements Directory {
  readonly type = 'directory';

  constructor(
    tree: HostTree,
    path: string,
    readonly parent: Directory,
    readonly name: string,
  ) {
    super(tree, path);
  }

  lookup(name: string): Node | undefined {
    const path = this.pathOf(name);
    const type = typeAt(this.tree.folder, path);
    switch (type) {
      case 'file':
        return new HostRegularFile(this.tree, path);
      case 'directory':
        return new HostDirectory(this.tree, path, this, name);
      case 'link':
        return new HostLink(this.tree, path);
      case 'other':
        return new HostOther(this.tree, path);
      default:
        return undefined;
    }
  }

  entries(): readonly DirectoryEntry[] {
    const found = ask(() => this.tree.folder.entries(this.path));
    return found.map(({ name, type, inode }) => ({ name: bytesOfName(name), type: type === 'other' ? 'device' : type, inode }));
  }

  create(name: string, mode: number): FileNode {
    const path = this.change(name, (to) => this.tree.folder.create(to, mode));
    return new HostRegularFile(this.tree, path);
  }

  makeDirectory(name: string, mode: number): void {
    this.change(name, (path) => this.tree.folder.makeDirectory(path, mode));
  }

  makeLink(name: string, target: string): void {
    this.change(name, (path) => this.tree.folder.makeLink(path, textOfName(target)));
  }

  link(name: string, node: Node): void {
    if (!(node instanceof HostNode) || node.tree !== this.tree) throw new LinuxError('EXDEV');
    this.change(name, (path) => this.tree.folder.link(node.path, path));
  }

  remove(name: string): void {
    this.change(name, (path) => this.tree.folder.remove(path));
  }

  removeDirectory(name: string): void {
    this.change(name, (path) => this.tree.folder.removeDirectory(path));
  }

  rename(name: string, directory: Directory, target: string): void {
    if (!(directory instanceof HostDirectory) || directory.tree !== this.tree) throw new LinuxError('EXDEV');
    this.change(name, (path) => this.tree.folder.rename(path, directory.pathOf(target)));
  }

  private change(name: string, make: (path: string) => void): string {
    this.requireWritable();
    const path = this.pathOf(name);
    ask(() => make(path));
    return path;
  }

  private pathOf(name: string): string {
    const text = textOfName(name);
    return this.path === '' ? text : `${this.path}/${text}`;
  }
}

function typeAt(folder: HostFolder, path: string): HostStatus['type'] | undefined {
  try {
    return ask(() => folder.status(path)).type;
  } catch (error) {
    if (error instanceof LinuxError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What the host answers; its failure is the program's. */
export function ask<Answer>(call: () => Answer): Answer {
  try {
    return call();
  } catch (error) {
    throw error instanceof HostError ? new LinuxError(error.code) : error;
  }
}
