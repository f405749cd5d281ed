import type { Segment } from '../program';
import { ProgramError } from '../program-error';
import { bytesOf, type ElfFile, type ProgramHeader, PT_GNU_STACK, PT_LOAD } from './elf-file';

/**
 * The loadable segments, sorted by address; empty ones are left out. Throws ProgramError where there is none, where one lies
 * outside the file or the address space, and where two overlap.
 */
export function readSegments(file: ElfFile): Segment[] {
  const headers = file.programHeaders.filter(({ type, memorySize }) => type === PT_LOAD && memorySize > 0n);
  if (headers.length === 0) throw new ProgramError(`${file.name} has nothing to load: no PT_LOAD segment`);
  headers.sort((a, b) => (a.address < b.address ? -1 : 1));
  headers.forEach((header, position) => {
    checkHeader(file, header);
    const before = headers[position - 1];
    if (before && before.address + before.memorySize > header.address) {
      throw new ProgramError(
        `${describe(file, header)} overlaps segment ${before.index}, which ends at ${hex(before.address + before.memorySize)}`,
      );
    }
  });
  return headers.map((header) => ({
    address: header.address,
    loadAddress: header.physicalAddress,
    bytes: bytesOf(file.image, header.offset, header.fileSize, describe(file, header)),
    size: header.memorySize,
    permissions: { read: (header.flags & 4) !== 0, write: (header.flags & 2) !== 0, execute: (header.flags & 1) !== 0 },
  }));
}

/** Whether the program runs code on its stack, as GCC has nested functions do whose address is taken. */
export function needsExecutableStack({ programHeaders }: ElfFile): boolean {
  return programHeaders.some(({ type, flags }) => type === PT_GNU_STACK && (flags & 1) !== 0);
}

function checkHeader(file: ElfFile, header: ProgramHeader): void {
  if (BigInt(header.fileSize) > header.memorySize) {
    throw new ProgramError(`${describe(file, header)} has ${header.fileSize} bytes in the file but only ${header.memorySize} in memory`);
  }
  if (header.address + header.memorySize > 1n << 64n) {
    throw new ProgramError(`${describe(file, header)} with its 0x${header.memorySize.toString(16)} bytes leaves the address space`);
  }
}

function describe(file: ElfFile, { index, address }: ProgramHeader): string {
  return `${file.name}: segment ${index} at ${hex(address)}`;
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}
