import { fstatSync, openSync, readSync } from 'node:fs';
import type { FileImage } from '../program/program';

/**
 * Opens a file of which only what is asked for is read: of a static program most is often its symbols, which it runs without. It stays open
 * to the end of the process. Throws what the system says where it cannot be read.
 */
export function openFileImage(path: string): FileImage {
  const file = openSync(path, 'r');
  const length = fstatSync(file).size;
  return {
    length,
    subarray: (start, end) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, length) - start));
      let done = 0;
      for (let read = -1; read !== 0 && done < bytes.length; done += read) {
        read = readSync(file, bytes, done, bytes.length - done, start + done);
      }
      return bytes.subarray(0, done);
    },
  };
}
