import { permissionBits } from '../linear-memory';
import type { Stop } from '../machine';
import { errno } from './errno';
import type { CallContext, SystemCall } from './system-calls';

/** What Linux transfers at most in one call (include/linux/fs.h, MAX_RW_COUNT). */
const maximumTransfer = 0x7fff_f000n;
/** What is taken out of guest memory at once. */
const chunkSize = 65536;
const maximumVectors = 1024n;

const EBADF = BigInt(-errno.EBADF);
const EFAULT = BigInt(-errno.EFAULT);
const EINVAL = BigInt(-errno.EINVAL);

export const write: SystemCall = (context, [fd, address, length]) => {
  const stream = outputOf(fd!);
  if (!stream) return EBADF;
  return writeBytes(context, stream, address!, length!);
};

/** Writes one vector after the other until one cannot be written whole. */
export const writev: SystemCall = (context, [fd, vectors, vectorCount]) => {
  const stream = outputOf(fd!);
  const count = BigInt.asUintN(32, vectorCount!);
  if (!stream) return EBADF;
  if (count > maximumVectors) return EINVAL;
  const bytes = context.memory.readAllowed(vectors!, Number(count) * 16, permissionBits.read);
  if (bytes.length < Number(count) * 16) return EFAULT;
  const list = new BigUint64Array(bytes.buffer);
  if (list.some((value, index) => index % 2 === 1 && value >= 2n ** 63n)) return EINVAL;
  let written = 0n;
  for (let index = 0; index < list.length; index += 2) {
    const done = writeBytes(context, stream, list[index]!, list[index + 1]!);
    if (done < 0n) return written > 0n ? written : done;
    written += done;
    if (done < list[index + 1]!) break;
  }
  return written;
};

export const read: SystemCall = ({ memory, host }, [fd, address, length]) => {
  if (BigInt.asUintN(32, fd!) !== 0n) return EBADF;
  if (length === 0n) return 0n;
  const space = memory.allowedAt(address!, transferOf(length!), permissionBits.write);
  if (space === 0) return EFAULT;
  const input = host.read(space);
  if (input === 'end') return 0n;
  if (input === 'wait') return { kind: 'input' } satisfies Stop;
  return BigInt(memory.writeAllowed(address!, input.subarray(0, space), permissionBits.write));
};

function writeBytes({ memory, host }: CallContext, stream: 1 | 2, address: bigint, length: bigint): bigint {
  const end = memory.allowedAt(address, transferOf(length), permissionBits.read);
  if (end === 0 && length > 0n) return EFAULT;
  for (let done = 0; done < end; done += chunkSize) {
    host.write(stream, memory.readAllowed(address + BigInt(done), Math.min(chunkSize, end - done), permissionBits.read));
  }
  return BigInt(end);
}

function outputOf(fd: bigint): 1 | 2 | undefined {
  const number = Number(BigInt.asUintN(32, fd));
  return number === 1 || number === 2 ? number : undefined;
}

function transferOf(length: bigint): number {
  return Number(length < maximumTransfer ? length : maximumTransfer);
}
