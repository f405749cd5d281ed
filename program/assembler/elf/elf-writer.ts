import { ByteBuffer } from '../byte-buffer';
import { isThreadZeros, type OutputSection, pageSize, segmentOf } from '../output-sections';
import { SHT_RISCV_ATTRIBUTES } from '../riscv-attributes';
import { SHF_EXECINSTR, SHF_TLS, SHF_WRITE } from '../section';
import type { ElfSymbol } from './elf-symbols';

export interface ElfContents {
  readonly entry: bigint;
  /** e_flags. */
  readonly flags: number;
  /** Sorted by address; those without bytes in the file are the last of their segment. */
  readonly loaded: readonly OutputSection[];
  readonly unloaded: readonly OutputSection[];
  readonly contents: ReadonlyMap<OutputSection, Uint8Array>;
  /** Local symbols first. */
  readonly symbols: readonly ElfSymbol[];
}

const headerSize = 64;
const programHeaderSize = 56;
const sectionHeaderSize = 64;
const symbolSize = 24;

const [PT_LOAD, PT_TLS, PT_GNU_STACK, PT_RISCV_ATTRIBUTES] = [1, 7, 0x6474e551, 0x70000003];
const [PF_X, PF_W, PF_R] = [1, 2, 4];
const [SHT_SYMTAB, SHT_STRTAB] = [2, 3];
const EM_RISCV = 243;
const SHN_ABS = 0xfff1;

interface ProgramHeader {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: bigint;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly alignment: number;
}

interface PlacedSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
}

/** A static ELF64 executable for RISC-V (System V gABI, chapters 4 and 5; RISC-V ELF psABI). */
export function writeElf({ entry, flags, loaded, unloaded, contents, symbols }: ElfContents): Uint8Array {
  const file = new ByteBuffer();
  const segments = segmentsOf(loaded);
  const attributes = unloaded.find(({ type }) => type === SHT_RISCV_ATTRIBUTES);
  const threadSections = loaded.filter(({ flags, size }) => flags & SHF_TLS && size > 0);
  const headerCount = segments.length + 1 + (attributes ? 1 : 0) + (threadSections.length > 0 ? 1 : 0);
  file.skip(headerSize + headerCount * programHeaderSize);

  const sections: PlacedSection[] = [];
  const put = (output: OutputSection) => {
    sections.push({ ...output, offset: file.length, link: 0, info: 0 });
    file.append(contents.get(output) ?? new Uint8Array(0));
  };
  const programHeaders: ProgramHeader[] = [];
  for (const segment of segments) {
    const { address } = segment[0]!;
    padTo(file, address);
    const offset = file.length;
    for (const output of segment) {
      if (output.hasBits) file.skip(Number(output.address - address) - (file.length - offset));
      put(output);
    }
    const last = segment.filter((output) => !isThreadZeros(output)).at(-1) ?? segment[0]!;
    const memorySize = Number(last.address - address) + last.size;
    programHeaders.push({
      type: PT_LOAD,
      flags: flagsOf(segment),
      offset,
      address,
      fileSize: file.length - offset,
      memorySize,
      alignment: pageSize,
    });
  }
  if (threadSections.length > 0) programHeaders.push(threadHeader(threadSections, sections));
  for (const output of unloaded) put(output);
  if (attributes) {
    const { offset, size } = sections.find(({ type }) => type === SHT_RISCV_ATTRIBUTES)!;
    programHeaders.push({ type: PT_RISCV_ATTRIBUTES, flags: PF_R, offset, address: 0n, fileSize: size, memorySize: 0, alignment: 1 });
  }
  programHeaders.push({ type: PT_GNU_STACK, flags: PF_R | PF_W, offset: 0, address: 0n, fileSize: 0, memorySize: 0, alignment: 16 });

  const outputs = [...loaded, ...unloaded];
  sections.push(...writeSymbols(file, symbols, (output) => outputs.indexOf(output) + 1, outputs.length + 2));
  writeHeaders(file, entry, flags, programHeaders, sections);
  return file.bytes;
}

/** What each thread gets a copy of: the bytes of `.tdata`, and behind them the zeros of `.tbss`. */
function threadHeader(threadSections: readonly OutputSection[], placed: readonly PlacedSection[]): ProgramHeader {
  const first = threadSections[0]!;
  const end = (outputs: readonly OutputSection[]) => {
    const last = outputs.at(-1);
    return last ? Number(last.address - first.address) + last.size : 0;
  };
  return {
    type: PT_TLS,
    flags: PF_R,
    offset: placed.find(({ name, address }) => name === first.name && address === first.address)!.offset,
    address: first.address,
    fileSize: end(threadSections.filter(({ hasBits }) => hasBits)),
    memorySize: end(threadSections),
    alignment: Math.max(...threadSections.map(({ alignment }) => alignment)),
  };
}

function segmentsOf(loaded: readonly OutputSection[]): OutputSection[][] {
  const segments: OutputSection[][] = [];
  for (const output of loaded) {
    const last = segments.at(-1);
    if (last && segmentOf(last[0]!.flags) === segmentOf(output.flags)) last.push(output);
    else segments.push([output]);
  }
  return segments.filter((segment) => segment.some(({ size }) => size > 0));
}

function flagsOf(segment: readonly OutputSection[]): number {
  const { flags } = segment[0]!;
  return PF_R | (flags & SHF_WRITE ? PF_W : 0) | (flags & SHF_EXECINSTR ? PF_X : 0);
}

/** Pads so that the file offset is the address modulo the page size, as loaders need it. */
function padTo(file: ByteBuffer, address: bigint): void {
  file.skip(Number((((address - BigInt(file.length)) % BigInt(pageSize)) + BigInt(pageSize)) % BigInt(pageSize)));
}

function writeSymbols(
  file: ByteBuffer,
  symbols: readonly ElfSymbol[],
  indexOf: (output: OutputSection) => number,
  link: number,
): PlacedSection[] {
  const common = { flags: 0, address: 0n, info: 0, entrySize: 0 };
  const names = new StringTable();
  file.skip((8 - (file.length % 8)) % 8);
  const offset = file.length;
  file.skip(symbolSize);
  for (const { name, value, size, type, binding, visibility, section } of symbols) {
    file.append32(names.add(name));
    file.appendByte((binding << 4) | type);
    file.appendByte(visibility);
    file.append16(section === 'absolute' ? SHN_ABS : section === 'undefined' ? 0 : indexOf(section));
    file.appendValue(value, 8);
    file.appendValue(size, 8);
  }
  const size = file.length - offset;
  const info = 1 + symbols.filter(({ binding }) => binding === 0).length;
  const table = { ...common, name: '.symtab', type: SHT_SYMTAB, offset, size, link, info, alignment: 8, entrySize: symbolSize };
  const strings = { ...common, name: '.strtab', type: SHT_STRTAB, offset: file.length, size: names.bytes.length, link: 0, alignment: 1 };
  file.append(names.bytes);
  return [table, strings];
}

function writeHeaders(
  file: ByteBuffer,
  entry: bigint,
  flags: number,
  programHeaders: readonly ProgramHeader[],
  sections: PlacedSection[],
): void {
  const names = new StringTable();
  const nameOffsets = [...sections.map(({ name }) => name), '.shstrtab'].map((name) => names.add(name));
  const common = { flags: 0, address: 0n, link: 0, info: 0, alignment: 1, entrySize: 0 };
  sections.push({ ...common, name: '.shstrtab', type: SHT_STRTAB, offset: file.length, size: names.bytes.length });
  file.append(names.bytes);
  file.skip((8 - (file.length % 8)) % 8);
  const sectionsOffset = file.length;
  file.skip(sectionHeaderSize);
  for (const [index, section] of sections.entries()) {
    file.append32(nameOffsets[index]!);
    file.append32(section.type);
    file.appendValue(BigInt(section.flags >>> 0), 8);
    file.appendValue(section.address, 8);
    file.appendValue(BigInt(section.offset), 8);
    file.appendValue(BigInt(section.size), 8);
    file.append32(section.link);
    file.append32(section.info);
    file.appendValue(BigInt(section.alignment), 8);
    file.appendValue(BigInt(section.entrySize), 8);
  }
  const head = new ByteBuffer();
  head.append(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0));
  head.skip(8);
  head.append16(2);
  head.append16(EM_RISCV);
  head.append32(1);
  head.appendValue(entry, 8);
  head.appendValue(BigInt(headerSize), 8);
  head.appendValue(BigInt(sectionsOffset), 8);
  head.append32(flags);
  for (const value of [headerSize, programHeaderSize, programHeaders.length, sectionHeaderSize, sections.length + 1, sections.length])
    head.append16(value);
  for (const { type, flags, offset, address, fileSize, memorySize, alignment } of programHeaders) {
    head.append32(type);
    head.append32(flags);
    for (const value of [BigInt(offset), address, address, BigInt(fileSize), BigInt(memorySize), BigInt(alignment)])
      head.appendValue(value, 8);
  }
  file.bytes.set(head.bytes);
}

/** Names one after the other, each once; offset 0 is the empty name. */
class StringTable {
  private readonly buffer = new ByteBuffer();
  private readonly offsets = new Map<string, number>([['', 0]]);

  constructor() {
    this.buffer.skip(1);
  }

  get bytes(): Uint8Array {
    return this.buffer.bytes;
  }

  add(name: string): number {
    const known = this.offsets.get(name);
    if (known !== undefined) return known;
    const offset = this.buffer.length;
    this.buffer.appendText(name);
    this.buffer.appendByte(0);
    this.offsets.set(name, offset);
    return offset;
  }
}
