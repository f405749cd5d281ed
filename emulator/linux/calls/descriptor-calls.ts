import { LinuxError } from '../errno';
import { mostDescriptors } from '../files/file-table';
import { encodeName } from '../files/names';
import { OpenDirectory, OpenStream, openFlag } from '../files/open-file';
import { Pipe } from '../files/pipe';
import { type CallArguments, int, long, type ProcessState, type SystemCall, unsignedInt } from '../process-state';
import { ioctl } from './ioctl';
import { dtypeOf } from './status-layout';

export const descriptorCalls: Record<string, SystemCall> = {
  close: ({ files }, [fd]) => {
    files.close(int(fd));
    return 0;
  },
  close_range: ({ files }, [first, last, flags]) => {
    if (unsignedInt(first) > unsignedInt(last) || flags !== 0n) throw new LinuxError('EINVAL');
    files.closeRange(unsignedInt(first), unsignedInt(last));
    return 0;
  },
  dup: ({ files }, [fd]) => files.add(files.get(int(fd))),
  dup3: ({ files }, [from, to, flags]) => {
    if ((unsignedInt(flags) & ~openFlag.closeOnExec) !== 0 || int(from) === int(to)) throw new LinuxError('EINVAL');
    const file = files.get(int(from));
    files.set(int(to), file, flags !== 0n);
    return int(to);
  },
  fcntl,
  flock: ({ files }, [fd]) => {
    files.get(int(fd));
    return 0;
  },
  getdents64: readEntries,
  ioctl,
  lseek: ({ files }, [fd, offset, whence]) => files.get(int(fd)).seek(Number(long(offset)), unsignedInt(whence)),
  pipe2: makePipe,
};

const F_DUPFD = 0;
const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const F_GETLK = 5;
const F_SETLK = 6;
const F_SETLKW = 7;
const F_DUPFD_CLOEXEC = 1030;
/** What F_SETFL changes (fs/fcntl.c, SETFL_MASK), of what has a meaning here. */
const settable = openFlag.append | openFlag.nonBlock;

function fcntl({ files, memory }: ProcessState, [fd, command, argument]: CallArguments): number {
  const descriptor = int(fd);
  const file = files.get(descriptor);
  switch (unsignedInt(command)) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      if (int(argument) < 0 || int(argument) >= mostDescriptors) throw new LinuxError('EINVAL');
      return files.add(file, unsignedInt(command) === F_DUPFD_CLOEXEC, int(argument));
    case F_GETFD:
      return files.closesOnExec(descriptor) ? 1 : 0;
    case F_SETFD:
      files.setClosesOnExec(descriptor, (argument & 1n) !== 0n);
      return 0;
    case F_GETFL:
      return file.flags;
    case F_SETFL:
      file.flags = (file.flags & ~settable) | (unsignedInt(argument) & settable);
      return 0;
    case F_GETLK:
      // Nobody else holds a lock: F_UNLCK.
      memory.write(argument, new Uint8Array(new Uint16Array([2]).buffer));
      return 0;
    case F_SETLK:
    case F_SETLKW:
      memory.read(argument, 32);
      return 0;
    default:
      throw new LinuxError('EINVAL');
  }
}

/** Records of struct linux_dirent64: inode, the next position, the record's size, the type, the name and a zero, padded to 8. */
function readEntries({ files, memory }: ProcessState, [fd, address, size]: CallArguments): number {
  const file = files.get(int(fd));
  if (!(file instanceof OpenDirectory)) throw new LinuxError('ENOTDIR');
  const room = unsignedInt(size);
  let used = 0;
  let count = 0;
  const entries = file.next();
  for (const { name, type, inode, position } of entries) {
    const length = Math.ceil((19 + name.length + 1) / 8) * 8;
    if (used + length > room) break;
    memory.writeStruct(address + BigInt(used), length, (view) => {
      view.setBigUint64(0, inode, true);
      view.setBigInt64(8, BigInt(position), true);
      view.setUint16(16, length, true);
      view.setUint8(18, dtypeOf(type));
      new Uint8Array(view.buffer).set(encodeName(name), 19);
    });
    used += length;
    count += 1;
  }
  if (count === 0 && entries.length > 0) throw new LinuxError('EINVAL');
  file.take(count);
  return used;
}

function makePipe(process: ProcessState, [address, flags]: CallArguments): number {
  const wanted = unsignedInt(flags);
  if ((wanted & ~(openFlag.closeOnExec | openFlag.nonBlock)) !== 0) throw new LinuxError('EINVAL');
  process.memory.requireWritable(address, 8);
  const pipe = new Pipe(process.nextInode());
  const closes = (wanted & openFlag.closeOnExec) !== 0;
  const status = () => pipe.status();
  const reader = process.files.add(new OpenStream(undefined, wanted & openFlag.nonBlock, pipe.reader, status), closes);
  const writerFlags = (wanted & openFlag.nonBlock) | openFlag.writeOnly;
  const writer = process.files.add(new OpenStream(undefined, writerFlags, pipe.writer, status), closes);
  process.memory.writeStruct(address, 8, (view) => {
    view.setInt32(0, reader, true);
    view.setInt32(4, writer, true);
  });
  return 0;
}
