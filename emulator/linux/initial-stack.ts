import { viewOf } from '../../program/elf/byte-reader';
import type { Executable } from '../../program/program';
import type { Isa } from '../../riscv/isa-string';
import { pageSize } from '../linear-memory';
import { userId } from './files/memory-files';
import { hardwareCapabilities } from './hardware';
import { frame } from './signals/signal-frame';

export interface InitialStack {
  /** The stack pointer at entry, a multiple of 16. */
  readonly pointer: bigint;
  /** What is in memory from there to the top of the stack. */
  readonly bytes: Uint8Array;
}

/** Types of the auxiliary vector (include/uapi/linux/auxvec.h). */
const aux = {
  NULL: 0,
  PHDR: 3,
  PHENT: 4,
  PHNUM: 5,
  PAGESZ: 6,
  BASE: 7,
  FLAGS: 8,
  ENTRY: 9,
  UID: 11,
  EUID: 12,
  GID: 13,
  EGID: 14,
  HWCAP: 16,
  CLKTCK: 17,
  SECURE: 23,
  RANDOM: 25,
  HWCAP2: 26,
  EXECFN: 31,
  MINSIGSTKSZ: 51,
} as const;

/** Runs repeat, so the random bytes are always these. */
const randomBytes = Uint8Array.from({ length: 16 }, (_, index) => (index * 0x9d + 0x35) & 0xff);

/**
 * The stack that Linux gives a new program (fs/binfmt_elf.c, create_elf_tables): from the stack pointer up argc, argv, envp, the
 * auxiliary vector, random bytes, the strings, the file name, and 8 bytes of zeros.
 */
export function makeInitialStack(
  program: Executable,
  { top, argv, environment, isa }: { top: bigint; argv: readonly string[]; environment: readonly string[]; isa: Isa },
): InitialStack {
  const strings = [...argv, ...environment, `/${program.name}`].map((one) => new TextEncoder().encode(`${one}\0`));
  const stringBytes = strings.reduce((sum, one) => sum + one.length, 0);
  const stringsAt = top - 8n - BigInt(stringBytes);
  let next = stringsAt;
  const addresses = strings.map((one) => {
    const address = next;
    next += BigInt(one.length);
    return address;
  });
  const randomAt = (stringsAt - BigInt(randomBytes.length)) & -16n;
  const auxiliary = auxiliaryVector(program, randomAt, addresses.at(-1)!, isa);
  const words = [BigInt(argv.length), ...addresses.slice(0, argv.length), 0n, ...addresses.slice(argv.length, -1), 0n, ...auxiliary.flat()];
  const pointer = (randomAt - BigInt(words.length * 8)) & -16n;
  const bytes = new Uint8Array(Number(top - pointer));
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => {
    view.setBigUint64(index * 8, word, true);
  });
  bytes.set(randomBytes, Number(randomAt - pointer));
  strings.forEach((one, index) => {
    bytes.set(one, Number(addresses[index]! - pointer));
  });
  return { pointer, bytes };
}

function auxiliaryVector(program: Executable, randomAt: bigint, fileNameAt: bigint, isa: Isa): bigint[][] {
  const headers = programHeaders(program);
  return [
    [aux.HWCAP, hardwareCapabilities(isa)],
    [aux.PAGESZ, BigInt(pageSize)],
    [aux.CLKTCK, 100n],
    [aux.PHDR, headers.address],
    [aux.PHENT, headers.entrySize],
    [aux.PHNUM, headers.count],
    [aux.BASE, 0n],
    [aux.FLAGS, 0n],
    [aux.ENTRY, program.entry],
    [aux.UID, userId],
    [aux.EUID, userId],
    [aux.GID, userId],
    [aux.EGID, userId],
    [aux.SECURE, 0n],
    [aux.RANDOM, randomAt],
    [aux.HWCAP2, 0n],
    [aux.EXECFN, fileNameAt],
    [aux.MINSIGSTKSZ, frame.size],
    [aux.NULL, 0n],
  ].map((pair) => pair.map(BigInt));
}

/** Where the program header table is in memory: in the segment loaded from its place in the file, else 0 (as Linux has it). */
function programHeaders({ image, bias = 0n }: Executable): { address: bigint; entrySize: bigint; count: bigint } {
  const header = viewOf(image.subarray(0, 64));
  const offset = header.getBigUint64(32, true);
  const entrySize = header.getUint16(54, true);
  const count = header.getUint16(56, true);
  const table = viewOf(image.subarray(Number(offset), Number(offset) + count * entrySize));
  const isLoaded = 1;
  for (let index = 0; index < count; index += 1) {
    const at = index * entrySize;
    const fileOffset = table.getBigUint64(at + 8, true);
    const fileSize = table.getBigUint64(at + 32, true);
    if (table.getUint32(at, true) !== isLoaded || offset < fileOffset || offset >= fileOffset + fileSize) continue;
    return { address: table.getBigUint64(at + 16, true) + bias + offset - fileOffset, entrySize: BigInt(entrySize), count: BigInt(count) };
  }
  return { address: 0n, entrySize: BigInt(entrySize), count: BigInt(count) };
}
