import { resolve } from 'node:path';
import type { Mount } from '../emulator/linux/host-folder';
import * as errors from './errors';
import { openHostFolder } from './node-host-folder';

/** The launch option `mounts`: a host's folder for each path in the guest, read-only where it is only a path. */
export type MountArguments = Readonly<Record<string, string | { readonly folder: string; readonly writable?: boolean }>>;

/** Opens the folders that a launch names, relative ones from `base`. Throws `badArguments` where one cannot be. */
export function openMounts(mounts: MountArguments | undefined, base: string): Mount[] {
  return Object.entries(mounts ?? {}).map(([path, value]) => {
    const mount = typeof value === 'string' ? { folder: value } : value;
    const { folder, writable = false } = (mount ?? {}) as { folder?: unknown; writable?: unknown };
    const problem = (text: string) => errors.badArguments('launch', `"mounts": ${path}: ${text}`);
    if (typeof folder !== 'string' || typeof writable !== 'boolean') {
      throw problem('a folder is needed, or an object with "folder" and "writable"');
    }
    if (!path.startsWith('/')) throw problem('the path in the guest must start with /');
    try {
      return { path, folder: openHostFolder(resolve(base, folder)), writable };
    } catch (error) {
      throw problem((error as Error).message);
    }
  });
}
