import { fstatSync, readFileSync, readSync } from 'node:fs';
import { NodeHostFile } from '../debug-adapter/node-host-file';
import type { InputFile } from '../emulator/linux/process-host';

const bytesPerRead = 1 << 16;
/** Bytes that are read at most to move the position: a tenth of a second or two. */
const farthest = 1 << 30;

/**
 * Standard input that is a file. The position in it is shared with whoever else has the file from the same shell. Node can tell it only
 * where Linux does, and move it only by reading: it is moved when the program has ended, to where that has left it.
 */
export class StandardInputFile extends NodeHostFile implements InputFile {
  private constructor(
    public position: number,
    private readonly first = position,
  ) {
    super(0);
  }

  /** Undefined where standard input is no file, or its position is not known. */
  static open(): StandardInputFile | undefined {
    try {
      if (!fstatSync(0).isFile()) return undefined;
      const position = /^pos:\s*(\d+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'latin1'))?.[1];
      return position === undefined ? undefined : new StandardInputFile(Number(position));
    } catch {
      return undefined;
    }
  }

  /** The next bytes, at most `length`; `end` also where it cannot be read. */
  next(length: number): Uint8Array | 'end' {
    try {
      const bytes = this.read(this.position, length).slice();
      this.position += bytes.length;
      return bytes.length === 0 && length > 0 ? 'end' : bytes;
    } catch {
      return 'end';
    }
  }

  /** Moves the position that others see forward to where the program is. It stays where that is before the first one, or very far away. */
  leave(): void {
    let left = this.position - this.first;
    if (left <= 0 || left > farthest) return;
    const bytes = new Uint8Array(Math.min(left, bytesPerRead));
    try {
      for (let count = 1; left > 0 && count > 0; left -= count) count = readSync(0, bytes, 0, Math.min(left, bytes.length), null);
    } catch {
      // A file that cannot be read any more has no position that anybody would need.
    }
  }
}
