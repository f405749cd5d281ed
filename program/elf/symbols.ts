import type { ProgramSymbol } from '../program';
import { ProgramError } from '../program-error';
import { ByteReader } from './byte-reader';
import { type ElfFile, type ElfSection, SHF_ALLOC, SHF_EXECINSTR, SHT_SYMTAB, sectionBytes } from './elf-file';
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
    const table = openTable(file, section);
    if (namesEnd(table)) return () => readTable(table, file.bias);
    const symbols = readTable(table, file.bias);
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
  readonly entries: SectionBytes;
  readonly names: SectionBytes;
}

interface SectionBytes {
  readonly bytes: Uint8Array;
  /** What they are, in messages. */
  readonly what: string;
}

function openTable(file: ElfFile, section: ElfSection): Table {
  const bytesOf = (one: ElfSection) => ({ bytes: sectionBytes(file, one), what: `${file.name}: section ${one.name}` });
  const entries = bytesOf(section);
  const names = file.sections[section.link];
  if (!names)
    throw new ByteReader(entries.bytes, entries.what).error(`its string table is section ${section.link}, which does not exist`, 0);
  return { entries, names: bytesOf(names) };
}

/** Whether the name of every symbol has an end, so that nothing can be wrong with the table. */
function namesEnd({ entries: { bytes }, names }: Table): boolean {
  const end = names.bytes.lastIndexOf(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + symbolSize <= bytes.length; at += symbolSize) if (view.getUint32(at, true) > end) return false;
  return true;
}

function readTable(table: Table, bias: bigint): FileSymbols {
  const reader = new ByteReader(table.entries.bytes, table.entries.what);
  const names = new ByteReader(table.names.bytes, table.names.what);
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
    const placed = section === undefined ? address : address + bias;
    let own = symbols.get(section);
    if (!own) {
      own = [];
      symbols.set(section, own);
    }
    own.push({ name, address: placed, size, kind, global: info >> 4 !== 0 });
  }
  return { bySection: symbols, threadLocals };
}
