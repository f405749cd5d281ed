import { LinuxError } from '../errno';
import { userId } from './memory-files';
import type { Access, FileBytes, FileNode, FileStatus } from './node';

/** A file that everybody may read, and nobody can change. */
export abstract class ReadOnlyFile implements FileNode {
  readonly type = 'file';

  constructor(
    private readonly inode: bigint,
    private readonly device: number,
  ) {}

  /** Its bytes, for as long as it is open. */
  protected abstract contents(): Pick<FileBytes, 'size' | 'read'>;

  /** Its size as it is told to who asks for its status. */
  protected abstract readonly size: number;

  open({ write }: Access): FileBytes {
    if (write) throw new LinuxError('EACCES');
    const contents = this.contents();
    return {
      get size() {
        return contents.size;
      },
      read: (position, length) => contents.read(position, length),
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
      size: this.size,
      device: this.device,
      deviceNumber: 0,
      accessed: 0n,
      modified: 0n,
      changed: 0n,
    };
  }
}
