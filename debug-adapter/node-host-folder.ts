import * as fs from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { HostError, type HostFile, type HostFolder, type HostStatus } from '../emulator/linux/host-folder';
import { asHostError, NodeHostFile } from './node-host-file';

const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_RDWR, O_WRONLY } = fs.constants;

/** A folder that cannot be mounted; the message says which and why. */
export class MountError extends Error {
  override readonly name = 'MountError';
}

/** A folder of this computer for a guest to reach. Throws MountError where there is none. */
export function openHostFolder(path: string): HostFolder {
  let root: string;
  try {
    root = fs.realpathSync(path);
    if (!fs.statSync(root).isDirectory()) throw new Error('it is no folder');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new MountError(`${path} cannot be mounted: ${code === 'ENOENT' ? 'there is no such folder' : message}`);
  }
  return new NodeHostFolder(root);
}

/** Every path is taken below the root, its last part as it is: a link on the way, or one that is opened, is refused. */
class NodeHostFolder implements HostFolder {
  constructor(private readonly root: string) {}

  status(path: string): HostStatus {
    return this.at(path, (full) => statusOf(fs.lstatSync(full, { bigint: true })));
  }

  entries(path: string) {
    return this.at(path, (full) => {
      const found = fs.readdirSync(full).sort();
      return found.flatMap((name) => {
        try {
          const { type, inode } = statusOf(fs.lstatSync(join(full, name), { bigint: true }));
          return [{ name, type, inode }];
        } catch {
          // It has gone meanwhile.
          return [];
        }
      });
    });
  }

  target(path: string): string {
    return this.at(path, (full) => fs.readlinkSync(full));
  }

  open(path: string, { write }: { readonly write: boolean }): HostFile {
    return this.at(path, (full) => {
      const descriptor = fs.openSync(full, (write ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK);
      if (fs.fstatSync(descriptor).isFile()) return new NodeHostFile(descriptor);
      fs.closeSync(descriptor);
      throw new HostError('EACCES');
    });
  }

  create(path: string, mode: number): void {
    this.at(path, (full) => fs.closeSync(fs.openSync(full, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode & 0o777)));
  }

  makeDirectory(path: string, mode: number): void {
    this.at(path, (full) => fs.mkdirSync(full, mode & 0o777));
  }

  makeLink(path: string, target: string): void {
    this.at(path, (full) => fs.symlinkSync(target, full));
  }

  link(path: string, target: string): void {
    this.at(path, (from) => this.at(target, (to) => fs.linkSync(from, to)));
  }

  remove(path: string): void {
    this.at(path, (full) => fs.unlinkSync(full));
  }

  removeDirectory(path: string): void {
    this.at(path, (full) => fs.rmdirSync(full));
  }

  rename(path: string, target: string): void {
    this.at(path, (from) => this.at(target, (to) => fs.renameSync(from, to)));
  }

  setMode(path: string, mode: number): void {
    this.onFile(path, (descriptor) => fs.fchmodSync(descriptor, mode & 0o777));
  }

  setTimes(path: string, accessed: bigint, modified: bigint): void {
    this.onFile(path, (descriptor) => fs.futimesSync(descriptor, secondsOf(accessed), secondsOf(modified)));
  }

  /** Through a descriptor, so that no link is followed. */
  private onFile(path: string, change: (descriptor: number) => void): void {
    this.at(path, (full) => {
      const descriptor = fs.openSync(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        change(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    });
  }

  private at<Result>(path: string, use: (full: string) => Result): Result {
    return asHostError(() => {
      if (path.split('/').some(isNoName)) throw new HostError('ENOENT');
      const full = path === '' ? this.root : join(this.root, ...path.split('/'));
      if (path !== '' && fs.realpathSync(dirname(full)) !== dirname(full)) throw new HostError('ELOOP');
      return use(full);
    });
  }
}

/** What a host could take for something else than the name of one file. */
function isNoName(part: string, _index: number, parts: readonly string[]): boolean {
  if (part === '') return parts.length > 1;
  return part === '.' || part === '..' || part.includes('\0') || (sep !== '/' && /[\\:]/.test(part));
}

/** Node takes seconds and cuts them, until 22 to microseconds, later to nanoseconds: a trifle more keeps what is whole. */
function secondsOf(nanoseconds: bigint): number {
  const seconds = Number(nanoseconds) / 1e9;
  return seconds + Math.max(5e-10, Math.abs(seconds) * Number.EPSILON);
}

function statusOf(stats: fs.BigIntStats): HostStatus {
  const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'other';
  return {
    type,
    mode: Number(stats.mode) & 0o7777,
    inode: stats.ino,
    links: Number(stats.nlink),
    size: Number(stats.size),
    accessed: stats.atimeNs,
    modified: stats.mtimeNs,
    changed: stats.ctimeNs,
  };
}
