import type { Permissions } from '../../../program/program';
import { pageSize } from '../../linear-memory';
import { LinuxError } from '../errno';
import type { OpenFile } from '../files/open-file';
import { type Contents, roundUp } from '../memory-map';
import { type CallArguments, int, type ProcessState, type SystemCall, unsignedInt } from '../process-state';

export const memoryCalls: Record<string, SystemCall> = {
  brk: ({ map }, [address]) => map.setBreak(address),
  mmap,
  munmap: ({ map }, [address, length]) => {
    map.unmap(address, length);
    return 0;
  },
  mprotect: ({ map }, [address, length, protection]) => {
    map.protect(address, length, permissionsOf(protection));
    return 0;
  },
  mremap: ({ map }, [address, oldLength, newLength, flags, newAddress]) => {
    const { MREMAP_MAYMOVE, MREMAP_FIXED } = remapFlag;
    const wanted = unsignedInt(flags);
    if ((wanted & ~(MREMAP_MAYMOVE | MREMAP_FIXED)) !== 0) throw new LinuxError('EINVAL');
    const fixed = (wanted & MREMAP_FIXED) !== 0 ? newAddress : undefined;
    return map.remap(address, oldLength, newLength, (wanted & MREMAP_MAYMOVE) !== 0, fixed);
  },
  madvise: advise,
  mincore: ({ map, memory }, [address, length, vector]) => {
    requireMapped({ map }, address, length);
    memory.write(vector, new Uint8Array(Number(roundUp(length) / BigInt(pageSize))).fill(1));
    return 0;
  },
  msync: ({ map }, [address, length, flags]) => {
    if ((unsignedInt(flags) & ~7) !== 0 || (unsignedInt(flags) & 5) === 5) throw new LinuxError('EINVAL');
    requireMapped({ map }, address, length);
    return 0;
  },
  // All of it stays in memory anyway.
  mlock: locked,
  mlock2: locked,
  munlock: locked,
  mlockall: () => 0,
  munlockall: () => 0,
  membarrier: (_, [command]) => membarrier(int(command)),
  riscv_flush_icache: (process, [, , flags]) => {
    if ((flags & ~1n) !== 0n) throw new LinuxError('EINVAL');
    process.memory.memory.synchronizeCode();
    return 0;
  },
};

const remapFlag = { MREMAP_MAYMOVE: 1, MREMAP_FIXED: 2 } as const;

/** Flags of mmap (include/uapi/asm-generic/mman-common.h). */
const mapFlag = { shared: 1, private: 2, sharedValidate: 3, type: 0xf, fixed: 0x10, anonymous: 0x20, fixedNoReplace: 0x10_0000 } as const;

function mmap(process: ProcessState, [address, length, protection, flagBits, fd, offset]: CallArguments): bigint {
  const { map, files } = process;
  const flags = unsignedInt(flagBits);
  if (offset % BigInt(pageSize) !== 0n) throw new LinuxError('EINVAL');
  const file = (flags & mapFlag.anonymous) === 0 ? files.get(int(fd)) : undefined;
  if (length === 0n) throw new LinuxError('EINVAL');
  const type = flags & mapFlag.type;
  if (type !== mapFlag.private && type !== mapFlag.shared && type !== mapFlag.sharedValidate) throw new LinuxError('EINVAL');
  const permissions = permissionsOf(protection);
  const noReplace = (flags & mapFlag.fixedNoReplace) !== 0;
  const placement = noReplace ? 'fixed-noreplace' : (flags & mapFlag.fixed) !== 0 ? 'fixed' : 'hint';
  const contents = file && contentsOf(process, file, type !== mapFlag.private && permissions.write);
  return map.map({ address, length, permissions, placement, name: 'mapping', offset, ...(contents ? { contents } : {}) });
}

/** What a file gives a mapping; undefined for zeros. A shared mapping is a copy too, so it may not be one that is written. */
function contentsOf({ noteOnce }: ProcessState, file: OpenFile, sharesWrites: boolean): Contents | undefined {
  if (!file.readable) throw new LinuxError('EACCES');
  if (sharesWrites && !file.writable) throw new LinuxError('EACCES');
  const { node } = file;
  if (node?.type === 'device') {
    const zero = 1 * 256 + 5;
    if (node.status().deviceNumber !== zero) throw new LinuxError('ENODEV');
    return undefined;
  }
  if (sharesWrites) {
    noteOnce('mmap of a file as shared and writable is not supported: the program gets -ENODEV');
    throw new LinuxError('ENODEV');
  }
  return (offset, length) => file.contents(Number(offset), length);
}

/** PROT_READ, PROT_WRITE and PROT_EXEC; what may be written may be read (arch/riscv/mm/init.c, protection_map). */
function permissionsOf(protection: bigint): Permissions {
  const growsDownOrUp = 0x0300_0000;
  const bits = unsignedInt(protection);
  if ((bits & ~(7 | growsDownOrUp)) !== 0) throw new LinuxError('EINVAL');
  return { read: (bits & 3) !== 0, write: (bits & 2) !== 0, execute: (bits & 4) !== 0 };
}

const MADV_DONTNEED = 4;
/** What changes nothing here: NORMAL to WILLNEED, FREE, DONTFORK to KEEPONFORK, COLD, PAGEOUT, POPULATE. */
const withoutEffect = new Set([0, 1, 2, 3, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);

function advise({ map }: ProcessState, [address, length, advice]: CallArguments): number {
  const wanted = int(advice);
  if (address % BigInt(pageSize) !== 0n) throw new LinuxError('EINVAL');
  if (wanted !== MADV_DONTNEED && !withoutEffect.has(wanted)) throw new LinuxError('EINVAL');
  if (length === 0n) return 0;
  const size = roundUp(length);
  const mapped = map.mappedFrom(address, size);
  if (wanted === MADV_DONTNEED) map.memory.zero(address, mapped);
  if (mapped < size) throw new LinuxError('ENOMEM');
  return 0;
}

function requireMapped({ map }: Pick<ProcessState, 'map'>, address: bigint, length: bigint): void {
  if (address % BigInt(pageSize) !== 0n) throw new LinuxError('EINVAL');
  if (map.mappedFrom(address, roundUp(length)) < roundUp(length)) throw new LinuxError('ENOMEM');
}

function locked({ map }: ProcessState, [address, length]: CallArguments): number {
  const start = address - (address % BigInt(pageSize));
  requireMapped({ map }, start, address - start + length);
  return 0;
}

/** There is one thread, so every barrier has been passed: MEMBARRIER_CMD_QUERY tells the private and global ones. */
function membarrier(command: number): number {
  const known = [1, 2, 4, 8, 16];
  if (command === 0) return known.reduce((all, one) => all | one);
  if (!known.includes(command)) throw new LinuxError('EINVAL');
  return 0;
}
