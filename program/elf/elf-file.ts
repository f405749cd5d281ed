import type { FileImage } from '../program';
import { ProgramError } from '../program-error';
import { ByteReader } from './byte-reader';
import { checkHeader } from './elf-header';

/** A file and its sections. */
export interface ElfSections {
  readonly name: string;
  readonly image: FileImage;
  readonly sections: readonly ElfSection[];
  /** What has been added to the addresses in the image: where a position-independent program is put. */
  readonly bias: bigint;
}

/** The parts of a static riscv64 ELF executable, not yet interpreted (System V gABI, chapters 4 and 5). */
export interface ElfFile extends ElfSections {
  readonly entry: bigint;
  readonly programHeaders: readonly ProgramHeader[];
}

export interface ProgramHeader {
  readonly index: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: bigint;
  readonly physicalAddress: bigint;
  readonly fileSize: number;
  readonly memorySize: bigint;
}

export interface ElfSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** Program header types. */
export const PT_LOAD = 1;
export const PT_INTERP = 3;
export const PT_GNU_STACK = 0x6474e551;
/** Section types and flags. */
export const SHT_SYMTAB = 2;
export const SHT_RELA = 4;
const SHT_NOBITS = 8;
export const SHF_ALLOC = 2n;
export const SHF_EXECINSTR = 4n;
export const SHF_COMPRESSED = 0x800n;

/** Where a static position-independent program is put, which relocates itself when it starts. */
const loadAddress = 0x10000n;

const programHeaderSize = 56;
const sectionHeaderSize = 64;

/**
 * Reads the headers. Throws ProgramError where the file is not a static riscv64 executable; a section table that cannot be read
 * is told in `notes` and taken as empty, because running a program needs none.
 */
export function readElfFile(image: FileImage, name: string, notes: string[]): ElfFile {
  const header = checkHeader(image, name);
  const programHeaders = readProgramHeaders(image, name, header.programHeaderOffset, header.programHeaderCount);
  const interpreter = programHeaders.find(({ type }) => type === PT_INTERP);
  if (interpreter)
    throw new ProgramError(`${name} is dynamically linked (needs ${interpreterName(image, interpreter)}): link it with -static`);
  if (header.positionIndependent && header.entry === 0n) throw new ProgramError(`${name} is a shared library, not a program`);
  const bias = header.positionIndependent ? loadAddress : 0n;
  const file = { name, image, entry: header.entry + bias, programHeaders: programHeaders.map((one) => movedHeader(one, bias)), bias };
  try {
    const sections = readSections(image, name, header.sectionHeaderOffset, header.sectionCount, header.sectionNamesIndex);
    return { ...file, sections: sections.map((one) => moved(one, bias)) };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    notes.push(`${error.message}; the program has no symbols and no source lines`);
    return { ...file, sections: [] };
  }
}

/** The sections of any riscv64 ELF file. Throws ProgramError where it is none. */
export function readElfSections(image: FileImage, name: string): ElfSections {
  const header = checkHeader(image, name, true);
  const sections = readSections(image, name, header.sectionHeaderOffset, header.sectionCount, header.sectionNamesIndex);
  return { name, image, sections, bias: 0n };
}

function movedHeader(header: ProgramHeader, bias: bigint): ProgramHeader {
  return { ...moved(header, bias), physicalAddress: header.physicalAddress + bias };
}

function moved<Placed extends { readonly address: bigint }>(one: Placed, bias: bigint): Placed {
  return { ...one, address: one.address + bias };
}

/** The bytes of a section. Throws ProgramError where they lie outside the file. */
export function sectionBytes(file: ElfSections, section: ElfSection): Uint8Array {
  const { start, end } = sectionPlace(file, section);
  return file.image.subarray(start, end);
}

/** Where the bytes of a section are in the file. Throws ProgramError where they lie outside. */
export function sectionPlace({ image, name }: ElfSections, section: ElfSection): { readonly start: number; readonly end: number } {
  const { type, offset, size } = section;
  if (type === SHT_NOBITS) return { start: 0, end: 0 };
  requireWithin(image, offset, size, `${name}: section ${section.name}`);
  return { start: offset, end: offset + size };
}

/** `size` bytes of the image from `offset` on. Throws ProgramError, naming them as `what`, where they lie outside. */
export function bytesOf(image: FileImage, offset: number, size: number, what: string): Uint8Array {
  requireWithin(image, offset, size, what);
  return image.subarray(offset, offset + size);
}

function requireWithin(image: FileImage, offset: number, size: number, what: string): void {
  if (offset + size <= image.length) return;
  const place = `bytes 0x${offset.toString(16)} to 0x${(offset + size).toString(16)}`;
  throw new ProgramError(`${what} (${place}) lies beyond the end of the file, which has 0x${image.length.toString(16)} bytes`);
}

function readProgramHeaders(image: FileImage, name: string, offset: number, count: number): ProgramHeader[] {
  const reader = new ByteReader(bytesOf(image, offset, count * programHeaderSize, `${name}: the program header table`), name);
  return Array.from({ length: count }, (_, index) => {
    const type = reader.u32();
    const flags = reader.u32();
    const fileOffset = reader.u64AsNumber();
    const address = reader.u64();
    const physicalAddress = reader.u64();
    const fileSize = reader.u64AsNumber();
    const memorySize = reader.u64();
    reader.u64();
    return { index, type, flags, offset: fileOffset, address, physicalAddress, fileSize, memorySize };
  });
}

function readSections(image: FileImage, name: string, offset: number, count: number, namesIndex: number): ElfSection[] {
  const reader = new ByteReader(bytesOf(image, offset, count * sectionHeaderSize, `${name}: the section header table`), name);
  const headers = Array.from({ length: count }, (_, index) => {
    const nameOffset = reader.u32();
    const type = reader.u32();
    const flags = reader.u64();
    const address = reader.u64();
    const fileOffset = reader.u64AsNumber();
    const size = reader.u64AsNumber();
    const link = reader.u32();
    reader.take(sectionHeaderSize - 44);
    return { index, nameOffset, type, flags, address, offset: fileOffset, size, link };
  });
  const namesHeader = headers[namesIndex];
  if (!namesHeader) return headers.map(({ nameOffset: _, ...section }) => ({ ...section, name: '' }));
  const names = bytesOf(image, namesHeader.offset, namesHeader.size, `${name}: the table of section names`);
  const nameReader = new ByteReader(names, `${name}: the table of section names`);
  return headers.map(({ nameOffset, ...section }) => {
    nameReader.seek(nameOffset);
    return { ...section, name: nameReader.atEnd ? '' : nameReader.text() };
  });
}

function interpreterName(image: FileImage, { offset, fileSize }: ProgramHeader): string {
  return new TextDecoder().decode(image.subarray(offset, offset + Math.min(fileSize, 200))).replace(/\0.*$/s, '');
}
