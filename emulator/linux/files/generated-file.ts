import type { Tree } from './memory-files';
import type { FileBytes } from './node';
import { ReadOnlyFile } from './read-only-file';

/** A file of /proc: its text is made when it is opened, and its size is told as 0. */
export class GeneratedFile extends ReadOnlyFile {
  protected readonly size = 0;

  constructor(
    tree: Tree,
    private readonly text: () => string,
  ) {
    super(tree.nextInode(), 4);
  }

  protected contents(): Pick<FileBytes, 'size' | 'read'> {
    const bytes = new TextEncoder().encode(this.text());
    return { size: bytes.length, read: (position, length) => bytes.slice(position, position + length) };
  }
}
