import { LinuxError } from '../errno';
import type { Directory, Node } from './node';

/** Where a path leads: the directory that holds it, the last name, and what is there if anything is. */
export interface Place {
  readonly directory: Directory;
  /** Empty where the path ends in `/`, `.` or `..`, or is a link's without a name of its own. */
  readonly name: string;
  readonly node: Node | undefined;
  /** The path ended in `/`: it means a directory. */
  readonly wantsDirectory: boolean;
}

/** NAME_MAX, in bytes, and the symbolic links that one path may go through (fs/namei.c, MAXSYMLINKS). */
const longestName = 255;
const mostLinks = 40;

/** Follows a path as fs/namei.c does. Throws LinuxError where a directory on the way is missing or may not be searched. */
export function walk(root: Directory, from: Directory, path: string, followLast: boolean): Place {
  if (path === '') throw new LinuxError('ENOENT');
  let links = 0;
  let directory = path.startsWith('/') ? root : from;
  let parts = partsOf(path);
  let wantsDirectory = /\/\.{0,2}$|^\.{1,2}$/.test(path);
  let place: Place = { directory, name: '', node: directory, wantsDirectory };
  while (parts.length > 0) {
    const [part, ...rest] = parts as [string, ...string[]];
    if (part.length > longestName) throw new LinuxError('ENAMETOOLONG');
    requireSearch(directory);
    const node = part === '.' ? directory : part === '..' ? directory.parent : directory.lookup(part);
    const isLast = rest.length === 0;
    if (node?.type === 'link' && (!isLast || followLast || wantsDirectory)) {
      links += 1;
      if (links > mostLinks) throw new LinuxError('ELOOP');
      const { target } = node;
      if (target === '') throw new LinuxError('ENOENT');
      if (target.startsWith('/')) directory = root;
      if (isLast && target.endsWith('/')) wantsDirectory = true;
      parts = [...partsOf(target), ...rest];
      place = { directory, name: '', node: directory, wantsDirectory };
      continue;
    }
    if (isLast) {
      const name = part === '.' || part === '..' ? '' : part;
      if (node && wantsDirectory && node.type !== 'directory') throw new LinuxError('ENOTDIR');
      return { directory: name === '' && node?.type === 'directory' ? node : directory, name, node, wantsDirectory };
    }
    if (!node) throw new LinuxError('ENOENT');
    if (node.type !== 'directory') throw new LinuxError('ENOTDIR');
    directory = node;
    parts = rest;
  }
  return place;
}

/** The path of a directory from the root. */
export function pathOf(directory: Directory): string {
  const names: string[] = [];
  for (let each = directory; each.parent !== each; each = each.parent) names.unshift(each.name);
  return `/${names.join('/')}`;
}

export function requireSearch(directory: Directory): void {
  if ((directory.status().mode & 0o100) === 0) throw new LinuxError('EACCES');
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
