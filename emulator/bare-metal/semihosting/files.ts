import type { Executable } from '../../../program/program';
import { LinuxError } from '../../linux/errno';
import { Randomness } from '../../linux/files/devices';
import { walk } from '../../linux/files/file-system';
import { makeGuestFiles } from '../../linux/files/guest-files';
import type { MemoryDirectory } from '../../linux/files/memory-files';
import type { Node } from '../../linux/files/node';
import { type OpenFile, OpenRegularFile, OpenStream, openFlag } from '../../linux/files/open-file';
import { Quota } from '../../linux/files/quota';
import type { Mount } from '../../linux/host-folder';
import type { ProcessHost } from '../../linux/process-host';
import type { Handle } from './handles';

export interface FilesOptions {
  readonly program: Executable;
  readonly host: ProcessHost;
  readonly mounts: readonly Mount[];
  /** Bytes that the files in memory may take in all. */
  readonly limit: number;
  /** The guest's clock, in nanoseconds. */
  readonly now: () => bigint;
}

const ordinaryMode = 0o644;

/** The files of semihosting: the same tree that Linux programs have, in memory and in the folders that are mounted. */
export class Files {
  readonly #root: MemoryDirectory;

  constructor({ program, host, mounts, limit, now }: FilesOptions) {
    let inodes = 1n;
    const tree = { quota: new Quota(limit), now, nextInode: () => inodes++ };
    this.#root = makeGuestFiles({ tree, host, mounts, randomness: new Randomness(), program, proc: {} });
  }

  /** Opens a file as fopen does: `mode` is 0 to 11, the index in r rb r+ r+b w wb w+ w+b a ab a+ a+b. Throws LinuxError. */
  open(name: string, mode: number): Handle {
    const flags = flagsOf(mode);
    const { node, directory, name: last, wantsDirectory } = walk(this.#root, this.#root, name, true);
    if (!node && (flags & openFlag.create) === 0) throw new LinuxError('ENOENT');
    if (wantsDirectory) throw new LinuxError('EISDIR');
    const file = openNode(node ?? directory.create(last, ordinaryMode), flags).acquire();
    if (flags & openFlag.truncate && node?.type === 'file') file.truncate(0);
    return handleOf(file);
  }
}

function flagsOf(mode: number): number {
  const kinds = [0, openFlag.create | openFlag.truncate, openFlag.create | openFlag.append];
  const kind = kinds[mode >> 2]!;
  return kind | (mode & 2 ? openFlag.readWrite : mode >> 2 === 0 ? 0 : openFlag.writeOnly);
}

function openNode(node: Node, flags: number): OpenFile {
  const access = { read: (flags & openFlag.accessMode) !== openFlag.writeOnly, write: (flags & openFlag.accessMode) !== 0 };
  switch (node.type) {
    case 'file':
      return new OpenRegularFile(node, flags);
    case 'device':
      return new OpenStream(node, flags, node.open(access));
    case 'directory':
      throw new LinuxError('EISDIR');
    case 'link':
      throw new LinuxError('ELOOP');
  }
}

function handleOf(file: OpenFile): Handle {
  return {
    isTerminal: file.isTerminal,
    get length() {
      return file.status().size;
    },
    read: (length) => {
      if (!file.readable) throw new LinuxError('EBADF');
      const bytes = file.read(length);
      return bytes !== 'wait' && bytes.length === 0 ? 'end' : bytes;
    },
    write: (bytes) => {
      if (!file.writable) throw new LinuxError('EBADF');
      const written = file.write(bytes);
      return written === 'wait' ? 0 : written;
    },
    seek: (position) => {
      file.seek(position, 0);
      return true;
    },
    close: () => file.release(),
  };
}
