import type { DebugSections } from '../dwarf/debug-sections';
import type { ByteReader } from '../elf/byte-reader';
import { ProgramError } from '../program-error';
import { lastAtOrBelow } from '../sorted';
import { type CommonEntry, type FrameSection, readAugmented, readCommonEntry, readPointer } from './call-frame-entries';
import { type CallFrameRules, runCallFrameProgram } from './call-frame-program';

/** The rules of `.debug_frame` and `.eh_frame`: how to find a function's caller at each of its instructions. */
export interface CallFrameTable {
  /** The rules before the instruction at an address is executed; undefined where no table covers it. */
  rulesAt(address: bigint): CallFrameRules | undefined;
}

/** Sections are indexed when first asked. What is corrupt in them counts as not there. */
export function makeCallFrameTable(sections: DebugSections): CallFrameTable {
  let entries: Entry[] | undefined;
  return {
    rulesAt(address) {
      entries ??= readEntries(sections);
      const entry = lastAtOrBelow(entries, address, ({ start }) => start);
      if (!entry || address >= entry.end) return undefined;
      try {
        return runCallFrameProgram(entry.common, entry.program, entry.start, address);
      } catch (error) {
        if (!(error instanceof ProgramError)) throw error;
        return undefined;
      }
    },
  };
}

/** What one FDE says, its instructions not yet run. */
interface Entry {
  readonly start: bigint;
  readonly end: bigint;
  readonly common: CommonEntry;
  readonly program: Uint8Array;
}

function readEntries(sections: DebugSections): Entry[] {
  const entries = (['.eh_frame', '.debug_frame'] as const).flatMap((name) => readSection(sections, name));
  return entries.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

function readSection(sections: DebugSections, name: FrameSection['name']): Entry[] {
  const entries: Entry[] = [];
  try {
    const reader = sections.reader(name);
    const section = { name, address: sections.address(name) };
    const commons = new Map<number, CommonEntry>();
    while (reader && !reader.atEnd) {
      const end = readEntry(reader, section, commons, entries);
      if (end === undefined) break;
      reader.seek(end);
    }
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
  }
  return entries;
}

/** Reads the entry at the reader and returns where it ends; undefined at the zero that ends `.eh_frame`. */
function readEntry(reader: ByteReader, section: FrameSection, commons: Map<number, CommonEntry>, entries: Entry[]): number | undefined {
  const length = reader.u32();
  if (length === 0 && section.name === '.eh_frame') return undefined;
  const offsetSize = length === 0xffffffff ? 8 : 4;
  const size = offsetSize === 8 ? reader.u64AsNumber() : length;
  const idOffset = reader.offset;
  const end = idOffset + size;
  if (end > reader.size) throw reader.error('an entry is longer than its section', idOffset);
  if (size < offsetSize) return end;
  const id = reader.offsetOf(offsetSize);
  const isCommon = section.name === '.eh_frame' ? id === 0 : id === 0xffffffff || id === Number.MAX_SAFE_INTEGER;
  if (isCommon) return end;
  const commonOffset = section.name === '.eh_frame' ? idOffset - id : id;
  try {
    const common = commonAt(reader, section, commonOffset, commons);
    reader.seek(idOffset + offsetSize);
    const start = readPointer(reader, section, common.pointerEncoding);
    const range = readPointer(reader, section, common.pointerEncoding & 0x0f);
    if (common.isAugmented) readAugmented(reader);
    if (range > 0n && start > 0n && reader.offset <= end) {
      entries.push({ start, end: start + range, common, program: reader.slice(end - reader.offset) });
    }
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
  }
  return end;
}

function commonAt(reader: ByteReader, section: FrameSection, offset: number, commons: Map<number, CommonEntry>): CommonEntry {
  let common = commons.get(offset);
  if (!common) {
    reader.seek(offset);
    common = readCommonEntry(reader, section);
    commons.set(offset, common);
  }
  return common;
}
