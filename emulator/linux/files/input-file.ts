import type { InputFile } from '../process-host';
import { ask } from './host-files';
import type { FileBytes } from './node';
import { ReadOnlyFile } from './read-only-file';

/** Standard input that is a file of the host's: its bytes and its size reach the program, and neither its name nor its times. */
export class InputFileNode extends ReadOnlyFile {
  constructor(
    private readonly file: InputFile,
    inode: bigint,
  ) {
    super(inode, 5);
  }

  protected get size(): number {
    return ask(() => this.file.size);
  }

  protected contents(): Pick<FileBytes, 'size' | 'read'> {
    const { file } = this;
    return {
      get size() {
        return ask(() => file.size);
      },
      read: (position, length) => ask(() => file.read(position, length)),
    };
  }
}
