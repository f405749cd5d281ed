import type { Stop } from '../../machine';
import { LinuxError } from '../errno';
import { userId } from '../files/memory-files';
import { OpenDirectory, type OpenFile } from '../files/open-file';
import { type CallArguments, int, long, type ProcessState, processId, type SystemCall } from '../process-state';
import { signal } from '../signals/signal-names';
import { signalCode } from '../signals/signal-state';

/** What Linux transfers at most in one call (include/linux/fs.h, MAX_RW_COUNT). */
const maximumTransfer = 0x7fff_f000n;
/** What is taken out of guest memory at once. */
const chunkSize = 65536;
/** UIO_MAXIOV. */
const maximumVectors = 1024;

interface Vector {
  readonly address: bigint;
  readonly length: bigint;
}

export const transferCalls: Record<string, SystemCall> = {
  read: (process, [fd, address, length]) => read(process, readable(process, fd), [{ address, length }]),
  readv: (process, [fd, vectors, count]) => read(process, readable(process, fd), vectorsAt(process, vectors, count)),
  pread64: (process, [fd, address, length, offset]) => read(process, readable(process, fd), [{ address, length }], position(offset)),
  preadv: (process, args) => read(process, readable(process, args[0]), vectorsAt(process, args[1], args[2]), position(args[3])),
  write: (process, [fd, address, length]) => write(process, writable(process, fd), [{ address, length }]),
  writev: (process, [fd, vectors, count]) => write(process, writable(process, fd), vectorsAt(process, vectors, count)),
  pwrite64: (process, [fd, address, length, offset]) => write(process, writable(process, fd), [{ address, length }], position(offset)),
  pwritev: (process, args) => write(process, writable(process, args[0]), vectorsAt(process, args[1], args[2]), position(args[3])),
  sendfile: sendFile,
};

/** Fills one vector after the other until the file has no more for now. */
function read({ memory, wait }: ProcessState, file: OpenFile, vectors: readonly Vector[], from?: number): number | Stop {
  let done = 0;
  for (const { address, length } of vectors) {
    const wanted = transferOf(length);
    const space = memory.writable(address, wanted);
    if (space === 0 && wanted > 0 && !(file instanceof OpenDirectory)) {
      if (done > 0) return done;
      throw new LinuxError('EFAULT');
    }
    const bytes = from === undefined ? file.read(space) : file.readAt(from + done, space);
    if (bytes === 'wait') return done > 0 ? done : wait({ kind: 'input' }, 0);
    memory.write(address, bytes);
    done += bytes.length;
    if (bytes.length < wanted) break;
  }
  return done;
}

/** Writes one vector after the other until one cannot be written whole; goes on where it left off while the host takes no more. */
function write(process: ProcessState, file: OpenFile, vectors: readonly Vector[], from?: number): number | Stop {
  let { done } = process;
  let skipped = done;
  try {
    for (const { address, length } of vectors) {
      const wanted = transferOf(length);
      const readable = process.memory.readable(address, wanted);
      if (readable === 0 && wanted > 0) throw new LinuxError('EFAULT');
      let at = Math.min(skipped, readable);
      skipped -= at;
      while (at < readable || readable === 0) {
        const bytes = process.memory.read(address + BigInt(at), Math.min(chunkSize, readable - at));
        const written = from === undefined ? file.write(bytes) : file.writeAt(from + done, bytes);
        if (written === 'wait') return process.wait({ kind: 'output' }, done);
        at += written;
        done += written;
        if (readable === 0) break;
        if (written === 0) return done;
      }
      if (readable < wanted) return done;
    }
  } catch (error) {
    if (!(error instanceof LinuxError)) throw error;
    if (done > 0) return done;
    if (error.code === 'EPIPE') {
      process.signals.send({ number: signal.SIGPIPE, code: signalCode.user, sender: { process: processId, user: userId } });
    }
    throw error;
  }
  return done;
}

/** sendfile: through memory of ours, in chunks. */
function sendFile(process: ProcessState, [out, input, offsetAt, length]: CallArguments): number {
  const source = readable(process, input);
  const target = writable(process, out);
  let offset = offsetAt === 0n ? undefined : position(process.memory.u64(offsetAt));
  let done = 0;
  const wanted = transferOf(length);
  while (done < wanted) {
    const room = Math.min(chunkSize, wanted - done);
    const bytes = offset === undefined ? source.read(room) : source.readAt(offset, room);
    if (bytes === 'wait' || bytes.length === 0) break;
    const written = target.write(bytes);
    if (written === 'wait') break;
    done += written;
    if (offset !== undefined) offset += written;
    if (written < bytes.length) break;
  }
  if (offset !== undefined) process.memory.writeU64(offsetAt, BigInt(offset));
  return done;
}

function readable({ files }: ProcessState, descriptor: bigint): OpenFile {
  const file = files.get(int(descriptor));
  if (!file.readable) throw new LinuxError('EBADF');
  return file;
}

function writable({ files }: ProcessState, descriptor: bigint): OpenFile {
  const file = files.get(int(descriptor));
  if (!file.writable) throw new LinuxError('EBADF');
  return file;
}

function vectorsAt({ memory }: ProcessState, address: bigint, count: bigint): Vector[] {
  const number = Number(count);
  if (number > maximumVectors) throw new LinuxError('EINVAL');
  const view = memory.view(address, number * 16);
  return Array.from({ length: number }, (_, index) => {
    const length = view.getBigUint64(index * 16 + 8, true);
    if (length >= 2n ** 63n) throw new LinuxError('EINVAL');
    return { address: view.getBigUint64(index * 16, true), length };
  });
}

function position(offset: bigint): number {
  const signed = long(offset);
  if (signed < 0n) throw new LinuxError('EINVAL');
  return Number(signed);
}

function transferOf(length: bigint): number {
  return Number(length < maximumTransfer ? length : maximumTransfer);
}
