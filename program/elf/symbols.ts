import type { ProgramSymbol } from '../program';
import { ProgramError } from '../program-error';
import { ByteReader, viewOf } from './byte-reader';
import { type ElfFile, type ElfSection, SHF_ALLOC, SHF_EXECINSTR, SHT_SYMTAB, sectionBytes, sectionPlace } from './elf-file';
import type { FileSymbols, SectionRange } from './symbol-table';

/**
 * The symbols for people: defined ones with a name, without sections, files, mapping symbols (`$x`, `$d`: RISC-V ELF psABI,
 * "Mapping Symbol") and the compiler's own `.L` labels. A table that cannot be read is told in `notes` and taken as empty. One that can
 * is read when it is asked for: most runs need none.
 */
export function openSymbols(file: ElfFile, notes: string[]): () => FileSymbols {
  const section = file.sections.find(({ type }) => type === SHT_SYMTAB);
  if (!section) return () => none;
  try {
    const table = tableOf(file, section);
    if (namesEnd(file, table)) return () => readTable(file, table);
    const symbols = readTable(file, table);
    return () => symbols;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    notes.push(`${error.message}; the program has no symbols`);
    return () => none;
  }
}

/** The sections that are in memory when the program runs. */
export function sectionRanges(file: ElfFile): SectionRange[] {
  return file.sections
    .filter(({ flags, size }) => (flags & SHF_ALLOC) !== 0n && size > 0)
    .map(({ index, address, size, flags }) => ({
      index,
      address,
      end: address + BigInt(size),
      execute: (flags & SHF_EXECINSTR) !== 0n,
    }));
}

const none: FileSymbols = { bySection: new Map(), threadLocals: new Map() };
const symbolSize = 24;
/** Bytes of a table that are read at once, whole symbols. */
const pieceSize = symbolSize * 2 ** 14;
/** STT_TLS. */
const threadLocalType = 6;
const firstReservedSection = 0xff00;
const hidden = /^(\$[xd].*|\.L.*|)$/;
const kinds = new Map<number, ProgramSymbol['kind']>([
  [0, 'other'],
  [1, 'object'],
  [2, 'function'],
  [10, 'function'],
]);

/** A symbol table and the texts that it refers to. */
interface Table {
  readonly entries: ElfSection;
  readonly names: ElfSection;
}

function tableOf(file: ElfFile, entries: ElfSection): Table {
  const names = file.sections[entries.link];
  if (names) return { entries, names };
  throw readerOf(file, entries).error(`its string table is section ${entries.link}, which does not exist`, 0);
}

function readerOf(file: ElfFile, section: ElfSection): ByteReader {
  return new ByteReader(sectionBytes(file, section), `${file.name}: section ${section.name}`);
}

/**
 * Whether the name of every symbol has an end, so that nothing can be wrong with the table. Read in pieces, of which none is kept: a table
 * may be larger than all that the program has in memory.
 */
function namesEnd(file: ElfFile, { entries, names }: Table): boolean {
  const last = lastZero(file, names);
  const { start, end } = sectionPlace(file, entries);
  for (let from = start; from < end; from += pieceSize) {
    const piece = file.image.subarray(from, Math.min(from + pieceSize, end));
    const view = viewOf(piece);
    for (let at = 0; at + symbolSize <= piece.length; at += symbolSize) if (view.getUint32(at, true) > last) return false;
  }
  return true;
}

/** Where the last byte of a section is that is 0; -1 without any. */
function lastZero(file: ElfFile, section: ElfSection): number {
  const { start, end } = sectionPlace(file, section);
  for (let to = end; to > start; to -= pieceSize) {
    const from = Math.max(start, to - pieceSize);
    const found = file.image.subarray(from, to).lastIndexOf(0);
    if (found >= 0) return from - start + found;
  }
  return -1;
}

function readTable(file: ElfFile, table: Table): FileSymbols {
  const reader = readerOf(file, table.entries);
  const names = readerOf(file, table.names);
  const symbols = new Map<number | undefined, ProgramSymbol[]>();
  const threadLocals = new Map<string, bigint | undefined>();
  while (reader.size - reader.offset >= symbolSize) {
    const nameOffset = reader.u32();
    const info = reader.u8();
    reader.u8();
    const sectionIndex = reader.u16();
    const address = reader.u64();
    const size = reader.u64();
    const kind = kinds.get(info & 15);
    if ((info & 15) === threadLocalType && sectionIndex !== 0) {
      names.seek(nameOffset);
      const name = names.text();
      threadLocals.set(name, threadLocals.has(name) ? undefined : address);
    }
    if (!kind || sectionIndex === 0 || nameOffset === 0) continue;
    names.seek(nameOffset);
    const name = names.text();
    if (hidden.test(name)) continue;
    const section = sectionIndex < firstReservedSection ? sectionIndex : undefined;
    const placed = section === undefined ? address : address + file.bias;
    let own = symbols.get(section);
    if (!own) {
      own = [];
      symbols.set(section, own);
    }
    own.push({ name, address: placed, size, kind, global: info >> 4 !== 0 });
  }
  return { bySection: symbols, threadLocals };
}
