import { readFileSync, statSync } from 'node:fs';

/** What reads a file with debug information, at once; undefined where there is none. The program names it: a device or pipe is none. */
export function openDebugFile(path: string): (() => Uint8Array | undefined) | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
  } catch {
    return undefined;
  }
  return () => {
    try {
      return readFileSync(path);
    } catch {
      return undefined;
    }
  };
}
