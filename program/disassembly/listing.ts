import { ComputedAddresses } from '../../riscv/computed-addresses';
import { type Decode, decoderFor } from '../../riscv/decode';
import { disassembleWord } from '../../riscv/disassemble';
import { type ElfFile, type ElfSection, readElfFile, SHF_EXECINSTR, sectionBytes } from '../elf/elf-file';
import type { LineTable } from '../program';
import { lastAtOrBelow } from '../sorted';
import { dataAt } from './listing-data';
import { ListingSymbols } from './listing-symbols';
import { isaOf, programIsa } from './program-isa';

export interface ListingOptions {
  /** Whether to show aliases and the base forms of compressed instructions. True unless given. */
  readonly aliases?: boolean;
  /** Puts the source lines before the code that they have become, where the line table and `sourceLine` know them. */
  readonly lines?: LineTable;
  readonly sourceLine?: (path: string, line: number) => string | undefined;
}

/**
 * The disassembly of a program's code sections, line by line, as `objdump -d` prints it, with `aliases: false` as with
 * `-M no-aliases`. Instructions of extensions that the program does not say to use are data, as there. Throws ProgramError where the
 * file cannot be read.
 */
export function* listing(image: Uint8Array, name: string, options: ListingOptions = {}): Generator<string> {
  const file = readElfFile(image, name, []);
  const symbols = new ListingSymbols(file);
  const context: Context = {
    symbols,
    options,
    decode: decoderFor(programIsa(file)),
    addresses: new ComputedAddresses(symbols.named('__global_pointer$')?.address),
    chunk: 1,
  };
  yield* ['', `${name}:     file format elf64-littleriscv`, ''];
  for (const section of file.sections) {
    if ((section.flags & SHF_EXECINSTR) !== 0n && section.size > 0) yield* listSection(file, section, context);
  }
}

interface Context {
  readonly symbols: ListingSymbols;
  readonly options: ListingOptions;
  /** For the extensions that the file, or the last mapping symbol that named any, says to use. */
  decode: Decode;
  readonly addresses: ComputedAddresses;
  /** Bytes of the last instruction, by which objdump cuts the bytes of objects. */
  chunk: number;
}

function* listSection(file: ElfFile, section: ElfSection, context: Context): Generator<string> {
  const bytes = sectionBytes(file, section);
  const end = section.address + BigInt(bytes.length);
  yield* ['', `Disassembly of section ${section.name}:`];
  const own = context.symbols.all.filter((symbol) => symbol.section === section.index && symbol.address < end);
  const starts = [...new Set([section.address, ...own.map(({ address }) => address)])].filter((address) => address >= section.address);
  for (const [index, start] of starts.entries()) {
    const stop = starts[index + 1] ?? end;
    const name = context.symbols.describe(start, section.index) ?? section.name;
    yield* ['', `${start.toString(16).padStart(16, '0')} <${name}>:`];
    const isObject = context.symbols.isObjectAt(start, section.index);
    yield* isObject ? listObject(section, bytes, start, stop, context) : listRegion(section, bytes, start, stop, context);
  }
}

/** The bytes of an object among code, 16 a line with their characters. */
function* listObject(section: ElfSection, bytes: Uint8Array, start: bigint, stop: bigint, { chunk }: Context): Generator<string> {
  const all = bytes.subarray(Number(start - section.address), Number(stop - section.address));
  for (let at = 0; at < all.length; ) {
    const skipped = zerosToSkip(all.subarray(at));
    if (skipped > 0) {
      yield '\t...';
      at += skipped;
      continue;
    }
    yield `${(start + BigInt(at)).toString(16).padStart(8)}:\t${bytesText(all.subarray(at, at + bytesInLine), chunk)}`;
    at += bytesInLine;
  }
}

/** Zeros in a row that are left out, and as many at the end of a region (binutils, objdump.c, DEFAULT_SKIP_ZEROES). */
const skippedZeros = 8;
const skippedZerosAtEnd = 3;

function* listRegion(section: ElfSection, bytes: Uint8Array, start: bigint, stop: bigint, context: Context): Generator<string> {
  const { symbols, addresses, options } = context;
  const mapping = symbols.mappingOf(section.index);
  const symbolAt = (address: bigint) => symbols.describe(address, section.index);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let lastLine = '';
  for (let address = start; address < stop; ) {
    const at = Number(address - section.address);
    const region = bytes.subarray(at, Number(stop - section.address));
    const skipped = zerosToSkip(region);
    if (skipped > 0) {
      yield '\t...';
      address += BigInt(skipped);
      continue;
    }
    const source = sourceOf(address, options);
    if (source && source.place !== lastLine) yield source.text;
    lastLine = source?.place ?? lastLine;
    const state = lastAtOrBelow(mapping, address, (symbol) => symbol.address);
    if (state?.address === address && state.name.startsWith('$xrv')) context.decode = decoderFor(isaOf(state.name.slice(2)));
    const data = state?.name.startsWith('$d') ? dataAt(mapping, address, region.length) : undefined;
    const low = at + 2 <= bytes.length ? view.getUint16(at, true) : bytes[at]!;
    const high = at + 4 <= bytes.length ? view.getUint16(at + 2, true) : 0;
    const shown = data
      ? data(view, at)
      : disassembleWord((low | (high << 16)) >>> 0, address, { ...options, decode: context.decode, symbolAt, addresses });
    yield `${address.toString(16).padStart(8)}:\t${wordText(bytes.subarray(at, at + shown.length)).padEnd(16)}    \t${shown.text}`;
    context.chunk = shown.length;
    address += BigInt(shown.length);
  }
}

/** How many of the zeros at the start are left out; all but the last few, where other bytes follow. */
function zerosToSkip(bytes: Uint8Array): number {
  const zeros = countZeros(bytes);
  if (zeros < skippedZeros && (zeros < bytes.length || zeros >= skippedZerosAtEnd)) return 0;
  return zeros === bytes.length ? zeros : zeros - (zeros % 4);
}

function countZeros(bytes: Uint8Array): number {
  const end = bytes.findIndex((byte) => byte !== 0);
  return end < 0 ? bytes.length : end;
}

/** Bytes of an object in one line. */
const bytesInLine = 16;

/** Chunks of bytes as numbers, room for those that the line has not, and the characters (binutils, objdump.c, disassemble_bytes). */
function bytesText(bytes: Uint8Array, chunk: number): string {
  let digits = '';
  let at = 0;
  for (; at < bytes.length; at += chunk) digits += `${at + chunk <= bytes.length ? wordText(bytes.subarray(at, at + chunk)) : ''} `;
  for (at = bytes.length; at < bytesInLine; at += chunk) digits += `${'  '.repeat(chunk)} `;
  const characters = [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${digits}    ${characters}`;
}

/** The digits of a little-endian number. */
function wordText(bytes: Uint8Array): string {
  return [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function sourceOf(address: bigint, { lines, sourceLine }: ListingOptions): { place: string; text: string } | undefined {
  const row = lines?.at(address)?.row;
  const text = row && sourceLine?.(row.path, row.line);
  return row && text !== undefined ? { place: `${row.path}:${row.line}`, text } : undefined;
}
