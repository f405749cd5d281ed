import { LinuxError } from '../errno';
import type { InputFile } from '../process-host';
import { ask } from './host-files';
import { userId } from './memory-files';
import type { Access, FileBytes, FileNode, FileStatus } from './node';

/** Standard input that is a file of the host's: its bytes and its size reach the program, to be read, and neither its name nor its times. */
export class InputFileNode implements FileNode {
  readonly type = 'file';

  constructor(
    private readonly file: InputFile,
    private readonly inode: bigint,
  ) {}

  open({ write }: Access): FileBytes {
    if (write) throw new LinuxError('EACCES');
    const { file } = this;
    return {
      get size() {
        return ask(() => file.size);
      },
      read: (position, length) => ask(() => file.read(position, length)),
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
      size: ask(() => this.file.size),
      device: 5,
      deviceNumber: 0,
      accessed: 0n,
      modified: 0n,
      changed: 0n,
    };
  }
}
