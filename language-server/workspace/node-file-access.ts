import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FileAccess } from './file-access';

/** In bytes. */
const largestFile = 8 * 2 ** 20;
const sources = /\.(?:s|S|asm|inc)$/;
const passedOver: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'out', 'target']);

/** The file system. Links are not followed, so that no folder is read twice. */
export const nodeFileAccess: FileAccess = {
  read(uri) {
    try {
      const path = fileURLToPath(uri);
      const { size } = statSync(path);
      return size > largestFile ? undefined : readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },

  async list(folder, limit) {
    const found: string[] = [];
    const waiting = pathsOf(folder);
    for (let path = waiting.shift(); path !== undefined && found.length < limit; path = waiting.shift()) {
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        if (entry.isDirectory() && !entry.name.startsWith('.') && !passedOver.has(entry.name)) waiting.push(join(path, entry.name));
        if (entry.isFile() && sources.test(entry.name)) found.push(pathToFileURL(join(path, entry.name)).href);
      }
    }
    return found.slice(0, limit);
  },
};

/** None for a folder that is not in the file system. */
function pathsOf(uri: string): string[] {
  try {
    return [fileURLToPath(uri)];
  } catch {
    return [];
  }
}
