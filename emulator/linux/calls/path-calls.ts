import { nanosecondsPerSecond } from '../clock';
import { LinuxError } from '../errno';
import { type Place, pathOf, requireSearch, walk } from '../files/file-system';
import { encodeName } from '../files/names';
import type { Directory, Node } from '../files/node';
import { OpenDirectory, type OpenFile, OpenRegularFile, OpenStream, openFlag } from '../files/open-file';
import { type CallArguments, int, long, type ProcessState, type SystemCall, unsignedInt } from '../process-state';
import { statSize, statxSize, writeStat, writeStatx } from './status-layout';

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_REMOVEDIR = 0x200;
const AT_SYMLINK_FOLLOW = 0x400;
const AT_EMPTY_PATH = 0x1000;
const AT_EACCESS = 0x200;
/** AT_NO_AUTOMOUNT and what statx says of synchronizing: they change nothing here. */
const withoutMeaning = 0x800 | 0x6000;

export const pathCalls: Record<string, SystemCall> = {
  openat: (process, [at, path, flags, mode]) => open(process, at, path, unsignedInt(flags), unsignedInt(mode)),
  openat2: (process, [at, path, how, size]) => {
    if (size < 24n) throw new LinuxError('EINVAL');
    return open(process, at, path, Number(process.memory.u64(how) & 0xffff_ffffn), Number(process.memory.u64(how + 8n) & 0xfffn));
  },
  mkdirat: (process, [at, path, mode]) => {
    const place = resolve(process, at, process.memory.path(path), false);
    requireFree(place);
    place.directory.makeDirectory(place.name, unsignedInt(mode) & 0o1777 & ~process.umask);
    return 0;
  },
  unlinkat: unlink,
  symlinkat: (process, [target, at, path]) => {
    const text = process.memory.path(target);
    if (text === '') throw new LinuxError('ENOENT');
    const place = resolve(process, at, process.memory.path(path), false);
    requireFree(place);
    if (place.wantsDirectory) throw new LinuxError('ENOENT');
    place.directory.makeLink(place.name, text);
    return 0;
  },
  linkat: (process, [at, path, toAt, to, flags]) => {
    if ((unsignedInt(flags) & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) !== 0) throw new LinuxError('EINVAL');
    const node = nodeAt(process, at, path, (unsignedInt(flags) & AT_SYMLINK_FOLLOW) !== 0);
    const place = resolve(process, toAt, process.memory.path(to), false);
    requireFree(place);
    if (node.type === 'directory') throw new LinuxError('EPERM');
    if (place.wantsDirectory) throw new LinuxError('ENOENT');
    place.directory.link(place.name, node);
    return 0;
  },
  renameat: (process, args) => rename(process, [...args.slice(0, 4), 0n, 0n] as unknown as CallArguments),
  renameat2: rename,
  readlinkat: (process, [at, path, address, size]) => {
    if (int(size) <= 0) throw new LinuxError('EINVAL');
    const { node } = resolve(process, at, process.memory.path(path), false);
    if (!node) throw new LinuxError('ENOENT');
    if (node.type !== 'link') throw new LinuxError('EINVAL');
    const bytes = encodeName(node.target).subarray(0, int(size));
    process.memory.write(address, bytes);
    return bytes.length;
  },
  faccessat: (process, [at, path, mode]) => access(process, at, path, unsignedInt(mode), 0),
  faccessat2: (process, [at, path, mode, flags]) => access(process, at, path, unsignedInt(mode), unsignedInt(flags)),
  chdir: (process, [path]) => changeDirectory(process, nodeAt(process, BigInt(AT_FDCWD), path, true)),
  fchdir: (process, [fd]) => {
    const file = process.files.get(int(fd));
    return changeDirectory(process, file.node);
  },
  getcwd: (process, [address, size]) => {
    const bytes = encodeName(`${pathOf(process.directory)}\0`);
    if (size < BigInt(bytes.length)) throw new LinuxError('ERANGE');
    process.memory.write(address, bytes);
    return bytes.length;
  },
  umask: (process, [mask]) => {
    const before = process.umask;
    process.umask = unsignedInt(mask) & 0o777;
    return before;
  },
  fstat: (process, [fd, address]) => {
    const status = process.files.get(int(fd)).status();
    process.memory.writeStruct(address, statSize, (view) => writeStat(view, status));
    return 0;
  },
  newfstatat: (process, [at, path, address, flags]) => {
    if ((unsignedInt(flags) & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | withoutMeaning)) !== 0) throw new LinuxError('EINVAL');
    const status = statusAt(process, at, path, unsignedInt(flags));
    process.memory.writeStruct(address, statSize, (view) => writeStat(view, status));
    return 0;
  },
  statx: (process, [at, path, flags, , address]) => {
    if ((unsignedInt(flags) & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | withoutMeaning)) !== 0) throw new LinuxError('EINVAL');
    const status = statusAt(process, at, path, unsignedInt(flags));
    process.memory.writeStruct(address, statxSize, (view) => writeStatx(view, status));
    return 0;
  },
  truncate: (process, [path, size]) => {
    if (long(size) < 0n) throw new LinuxError('EINVAL');
    const node = nodeAt(process, BigInt(AT_FDCWD), path, true);
    if (node.type === 'directory') throw new LinuxError('EISDIR');
    const file = openNode(node, openFlag.writeOnly);
    file.acquire();
    try {
      file.truncate(Number(size));
    } finally {
      file.release();
    }
    return 0;
  },
  ftruncate: (process, [fd, size]) => {
    if (long(size) < 0n) throw new LinuxError('EINVAL');
    const file = process.files.get(int(fd));
    if (!(file instanceof OpenRegularFile) || !file.writable) throw new LinuxError('EINVAL');
    file.truncate(Number(size));
    return 0;
  },
  fallocate: ({ files }, [fd, mode, offset, length]) => {
    const file = files.get(int(fd));
    if (long(offset) < 0n || long(length) <= 0n) throw new LinuxError('EINVAL');
    if (mode !== 0n) throw new LinuxError('EOPNOTSUPP');
    if (!file.writable) throw new LinuxError('EBADF');
    const end = Number(offset + length);
    if (end > file.status().size) file.truncate(end);
    return 0;
  },
  fchmod: ({ files }, [fd, mode]) => setMode(files.get(int(fd)).node, unsignedInt(mode)),
  fchmodat: (process, [at, path, mode]) => setMode(nodeAt(process, at, path, true), unsignedInt(mode)),
  // The only user owns everything already.
  fchown: ({ files }, [fd]) => {
    files.get(int(fd));
    return 0;
  },
  fchownat: (process, [at, path]) => {
    nodeAt(process, at, path, true);
    return 0;
  },
  utimensat: setTimes,
  fsync: synchronize,
  fdatasync: synchronize,
  sync: () => 0,
  syncfs: synchronize,
  statfs: (process, [path, address]) => {
    nodeAt(process, BigInt(AT_FDCWD), path, true);
    return writeFileSystem(process, address);
  },
  fstatfs: (process, [fd, address]) => {
    process.files.get(int(fd));
    return writeFileSystem(process, address);
  },
  fadvise64: synchronize,
};

function open(process: ProcessState, at: bigint, pathAt: bigint, flags: number, mode: number): number {
  const path = process.memory.path(pathAt);
  const named = fileOfDescriptor(process, path);
  const file = named ? openAgain(named, flags) : openNamed(process, at, path, flags, mode);
  try {
    return process.files.add(file, (flags & openFlag.closeOnExec) !== 0);
  } catch (error) {
    file.acquire().release();
    throw error;
  }
}

/** What the first three descriptors are called, by number. */
const standardPaths = ['/dev/stdin', '/dev/stdout', '/dev/stderr'];

/** The open file that a path names by its descriptor, as /dev/stdin and /proc/self/fd/3 do. Throws ENOENT where there is none. */
function fileOfDescriptor({ files }: ProcessState, path: string): OpenFile | undefined {
  if (!path.startsWith('/dev/') && !path.startsWith('/proc/self/fd/')) return undefined;
  const standard = standardPaths.indexOf(path);
  const descriptor = standard >= 0 ? standard : /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1];
  if (descriptor === undefined) return undefined;
  if (!files.has(Number(descriptor))) throw new LinuxError('ENOENT');
  return files.get(Number(descriptor));
}

/** What has a position is opened anew, at its beginning. */
function openAgain(file: OpenFile, flags: number): OpenFile {
  const { node } = file;
  return node?.type === 'file' || node?.type === 'directory' ? openExisting(node, (flags & openFlag.create) !== 0, flags) : file;
}

function openNamed(process: ProcessState, at: bigint, path: string, flags: number, mode: number): OpenFile {
  const creates = (flags & openFlag.create) !== 0;
  const exclusive = creates && (flags & openFlag.exclusive) !== 0;
  const follows = !exclusive && (flags & openFlag.noFollow) === 0;
  const place = resolve(process, at, path, follows);
  if (!place.node) return openNew(place, creates, flags, mode & ~process.umask & 0o7777);
  if (exclusive) throw new LinuxError('EEXIST');
  return openExisting(place.node, creates, flags);
}

function openNew({ directory, name, wantsDirectory }: Place, creates: boolean, flags: number, mode: number): OpenFile {
  if (!creates) throw new LinuxError('ENOENT');
  if (wantsDirectory) throw new LinuxError('EISDIR');
  // A file may be made with a mode that would not let it be opened again.
  const node = directory.create(name, mode);
  return new OpenRegularFile(node, keptFlags(flags));
}

function openExisting(node: Node, creates: boolean, flags: number): OpenFile {
  const writes = (flags & openFlag.accessMode) !== 0;
  if (node.type === 'directory' && (creates || writes)) throw new LinuxError('EISDIR');
  if (node.type !== 'directory' && (flags & openFlag.directory) !== 0) throw new LinuxError('ENOTDIR');
  if (node.type === 'link' && (flags & openFlag.path) === 0) throw new LinuxError('ELOOP');
  if ((flags & openFlag.path) === 0) requireAccess(node, flags);
  const file = openNode(node, flags);
  if (flags & openFlag.truncate && writes && node.type === 'file') file.truncate(0);
  return file;
}

function openNode(node: Node, flags: number): OpenFile {
  const kept = keptFlags(flags);
  switch (node.type) {
    case 'file':
      return new OpenRegularFile(node, kept);
    case 'directory':
      return new OpenDirectory(node, kept);
    case 'device': {
      const access = flags & openFlag.accessMode;
      return new OpenStream(node, kept, node.open({ read: access !== openFlag.writeOnly, write: access !== 0 }));
    }
    case 'link':
      return new OpenStream(node, kept, { read: () => new Uint8Array(0), write: () => 0 });
  }
}

/** The flags that fcntl shows: without those that only say how to open. */
function keptFlags(flags: number): number {
  return flags & ~(openFlag.create | openFlag.exclusive | openFlag.truncate | openFlag.closeOnExec | 0o400) & 0o77777777;
}

function requireAccess(node: Node, flags: number): void {
  const { mode } = node.status();
  const access = flags & openFlag.accessMode;
  const wanted = (access !== openFlag.writeOnly ? 0o400 : 0) | (access !== 0 || flags & openFlag.truncate ? 0o200 : 0);
  if ((mode & wanted) !== wanted) throw new LinuxError(mountedReadOnly(node) && (mode & 0o400) !== 0 ? 'EROFS' : 'EACCES');
}

/** A host's file in a mount that is read-only; who may not write to a file of memory's has its mode to blame. */
function mountedReadOnly(node: Node): boolean {
  return node.status().device >= 16;
}

function unlink(process: ProcessState, [at, path, flags]: CallArguments): number {
  if ((unsignedInt(flags) & ~AT_REMOVEDIR) !== 0) throw new LinuxError('EINVAL');
  const text = process.memory.path(path);
  const place = resolve(process, at, text, false);
  const removesDirectory = (unsignedInt(flags) & AT_REMOVEDIR) !== 0;
  if (place.name === '') throw new LinuxError(removesDirectory ? (/(^|\/)\.\/*$/.test(text) ? 'EINVAL' : endOf(text)) : 'EISDIR');
  if (!place.node) throw new LinuxError('ENOENT');
  if (removesDirectory) {
    if (place.node.type !== 'directory') throw new LinuxError('ENOTDIR');
    place.directory.removeDirectory(place.name);
  } else {
    if (place.node.type === 'directory') throw new LinuxError('EISDIR');
    place.directory.remove(place.name);
  }
  return 0;
}

/** What rmdir says of a path that ends in `..`, and of the root. */
function endOf(path: string): 'ENOTEMPTY' | 'EBUSY' {
  return /(^|\/)\.\.\/*$/.test(path) ? 'ENOTEMPTY' : 'EBUSY';
}

const RENAME_NOREPLACE = 1;

function rename(process: ProcessState, [fromAt, from, toAt, to, flags]: CallArguments): number {
  const wanted = unsignedInt(flags);
  if ((wanted & ~RENAME_NOREPLACE) !== 0) throw new LinuxError('EINVAL');
  const source = resolve(process, fromAt, process.memory.path(from), false);
  const target = resolve(process, toAt, process.memory.path(to), false);
  if (source.name === '' || target.name === '') throw new LinuxError('EBUSY');
  const { node } = source;
  if (!node) throw new LinuxError('ENOENT');
  if (target.node && wanted === RENAME_NOREPLACE) throw new LinuxError('EEXIST');
  const isDirectory = node.type === 'directory';
  if (!isDirectory && (source.wantsDirectory || target.wantsDirectory)) throw new LinuxError('ENOTDIR');
  if (target.node) {
    if (target.node.type === 'directory' && !isDirectory) throw new LinuxError('EISDIR');
    if (target.node.type !== 'directory' && isDirectory) throw new LinuxError('ENOTDIR');
  }
  for (let each = target.directory; ; each = each.parent) {
    if (each === node) throw new LinuxError('EINVAL');
    if (each.parent === each) break;
  }
  source.directory.rename(source.name, target.directory, target.name);
  return 0;
}

function access(process: ProcessState, at: bigint, path: bigint, mode: number, flags: number): number {
  if ((mode & ~7) !== 0 || (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) throw new LinuxError('EINVAL');
  const { mode: has, device } = statusAt(process, at, path, flags);
  const wanted = mode << 6;
  if ((has & wanted) === wanted) return 0;
  throw new LinuxError(mode & 2 && device >= 16 ? 'EROFS' : 'EACCES');
}

function changeDirectory(process: ProcessState, node: Node | undefined): number {
  if (node?.type !== 'directory') throw new LinuxError('ENOTDIR');
  requireSearch(node);
  process.directory = node;
  return 0;
}

function setMode(node: Node | undefined, mode: number): number {
  if (!node?.setMode) throw new LinuxError('EPERM');
  node.setMode(mode & 0o7777);
  return 0;
}

const UTIME_NOW = 0x3fff_ffffn;
const UTIME_OMIT = 0x3fff_fffen;

function setTimes(process: ProcessState, [at, path, times, flags]: CallArguments): number {
  if ((unsignedInt(flags) & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) !== 0) throw new LinuxError('EINVAL');
  const view = times === 0n ? undefined : process.memory.view(times, 32);
  const time = (index: number): bigint | undefined => {
    if (!view) return process.clock.now;
    const nanoseconds = view.getBigInt64(index * 16 + 8, true);
    if (nanoseconds === UTIME_OMIT) return undefined;
    if (nanoseconds === UTIME_NOW) return process.clock.now;
    if (nanoseconds < 0n || nanoseconds >= nanosecondsPerSecond) throw new LinuxError('EINVAL');
    return view.getBigInt64(index * 16, true) * nanosecondsPerSecond + nanoseconds;
  };
  const wanted = [time(0), time(1)] as const;
  const node = path === 0n ? process.files.get(int(at)).node : nodeAt(process, at, path, (unsignedInt(flags) & AT_SYMLINK_NOFOLLOW) === 0);
  if (!node?.setTimes) throw new LinuxError('EPERM');
  node.setTimes(...wanted);
  return 0;
}

function synchronize({ files }: ProcessState, [fd]: CallArguments): number {
  files.get(int(fd));
  return 0;
}

/** struct statfs of the files in memory: TMPFS_MAGIC, the block size, how many blocks there are. */
function writeFileSystem({ memory, map }: ProcessState, address: bigint): number {
  const blocks = BigInt(map.limit / 4096);
  memory.writeStruct(address, 120, (view) => {
    [0x0102_1994n, 4096n, blocks, blocks, blocks, 0n, 0n, 0n, 255n, 4096n].forEach((value, index) => {
      view.setBigUint64(index * 8, value, true);
    });
  });
  return 0;
}

function statusAt(process: ProcessState, at: bigint, pathAt: bigint, flags: number) {
  const path = process.memory.path(pathAt);
  if (path === '' && (flags & AT_EMPTY_PATH) !== 0) {
    return int(at) === AT_FDCWD ? process.directory.status() : process.files.get(int(at)).status();
  }
  const named = fileOfDescriptor(process, path);
  if (named) return named.status();
  const { node } = resolve(process, at, path, (flags & AT_SYMLINK_NOFOLLOW) === 0);
  if (!node) throw new LinuxError('ENOENT');
  return node.status();
}

function nodeAt(process: ProcessState, at: bigint, pathAt: bigint, follow: boolean): Node {
  const { node } = resolve(process, at, process.memory.path(pathAt), follow);
  if (!node) throw new LinuxError('ENOENT');
  return node;
}

/** Follows a path from a directory's descriptor, or from the current directory. */
function resolve(process: ProcessState, at: bigint, path: string, follow: boolean): Place {
  return walk(process.root, path.startsWith('/') ? process.root : startOf(process, int(at), path), path, follow);
}

function startOf({ files, directory }: ProcessState, descriptor: number, path: string): Directory {
  if (path === '') throw new LinuxError('ENOENT');
  if (descriptor === AT_FDCWD) return directory;
  const { node } = files.get(descriptor);
  if (node?.type !== 'directory') throw new LinuxError('ENOTDIR');
  return node;
}

function requireFree({ name, node }: Place): void {
  if (node || name === '') throw new LinuxError('EEXIST');
}
