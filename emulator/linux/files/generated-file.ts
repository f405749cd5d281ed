import { LinuxError } from '../errno';
import { type Tree, userId } from './memory-files';
import type { Access, FileBytes, FileNode, FileStatus } from './node';

/** A file of /proc: its text is made when it is opened, and its size is told as 0. */
export class GeneratedFile implements FileNode {
  readonly type = 'file';
  private readonly inode: bigint;

  constructor(
    tree: Tree,
    private readonly text: () => string,
  ) {
    this.inode = tree.nextInode();
  }

  open({ write }: Access): FileBytes {
    if (write) throw new LinuxError('EACCES');
    const bytes = new TextEncoder().encode(this.text());
    return {
      size: bytes.length,
      read: (position, length) => bytes.slice(position, position + length),
      write: () => 0,
      truncate: () => {},
      close: () => {},
    };
  }

  status(): FileStatus {
    return {
      type: 'file',
      mode: 0o444,
      inode: this.inode,
      links: 1,
      user: userId,
      group: userId,
      size: 0,
      device: 4,
      deviceNumber: 0,
      accessed: 0n,
      modified: 0n,
      changed: 0n,
    };
  }
}
