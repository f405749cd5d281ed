import type { DebugSections } from '../dwarf/debug-sections';
import type { ByteReader } from '../elf/byte-reader';
import { ProgramError } from '../program-error';
import { countAtOrBelow } from '../sorted';
import { type CommonEntry, type FrameSection, readAugmented, readCommonEntry, readExtent, readPointer } from './call-frame-entries';
import { type CallFrameRules, registersSavedBy, runCallFrameProgram } from './call-frame-program';

/** The rules of `.debug_frame` and `.eh_frame`: how to find a function's caller at each of its instructions. */
export interface CallFrameTable {
  /** The rules before the instruction at an address is executed; undefined where no table covers it. */
  rulesAt(address: bigint): CallFrameRules | undefined;
  /** Whether the code there is not called, but entered when a signal's handler returns: what it has interrupted is its caller. */
  isSignalFrameAt(address: bigint): boolean;
  /** The code that the rules for an address are of. */
  rangeAt(address: bigint): CodeRange | undefined;
  /** The code of all entries whose rules save each of these registers somewhere in it. */
  rangesSaving(registers: readonly number[]): readonly CodeRange[];
}

/** Code from `start` up to `end`. */
export interface CodeRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** Sections are indexed when first asked. What is corrupt in them counts as not there. */
export function makeCallFrameTable(sections: DebugSections): CallFrameTable {
  let made: FrameIndex | undefined;
  const index = () => {
    made ??= new FrameIndex(sections);
    return made;
  };
  const entryAt = (address: bigint) => index().entryAt(address);
  return {
    rangeAt: entryAt,
    rangesSaving: (registers) => [...index().entries()].filter((entry) => saves(entry, registers)),
    isSignalFrameAt: (address) => entryAt(address)?.common.isSignalFrame ?? false,
    rulesAt(address) {
      const entry = entryAt(address);
      if (!entry) return undefined;
      try {
        return runCallFrameProgram(entry.common, entry.program(), entry.start, address);
      } catch (error) {
        if (!(error instanceof ProgramError)) throw error;
        return undefined;
      }
    },
  };
}

function saves({ common, program }: Entry, registers: readonly number[]): boolean {
  try {
    const saved = registersSavedBy(common, program());
    return registers.every((register) => saved.has(register));
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return false;
  }
}

/** What one FDE says, its instructions not yet run. */
interface Entry extends CodeRange {
  readonly common: CommonEntry;
  readonly program: () => Uint8Array;
}

interface EntryPlace {
  /** The start of its code, as a number. */
  readonly start: number;
  readonly section: SectionReader;
  readonly offset: number;
}

/** Where the entries are, by the start of their code; they are read when asked for, for a program has ten thousands of them. */
class FrameIndex {
  /** Ascending by start. */
  private readonly places: readonly EntryPlace[];

  constructor(sections: DebugSections) {
    const places: EntryPlace[] = [];
    for (const name of ['.eh_frame', '.debug_frame'] as const) SectionReader.open(sections, name)?.survey(places);
    this.places = places.sort((a, b) => a.start - b.start);
  }

  *entries(): Generator<Entry> {
    for (const { section, offset } of this.places) {
      const entry = section.entryAt(offset);
      if (entry) yield entry;
    }
  }

  /** The entry with the code at an address: of those that contain it the one that starts last. */
  entryAt(address: bigint): Entry | undefined {
    // Two addresses above 2^53 may be the same number: the bigints decide.
    for (let index = countAtOrBelow(this.places, Number(address), startOf) - 1; index >= 0; index--) {
      const { section, offset } = this.places[index]!;
      const entry = section.entryAt(offset);
      if (entry && entry.start <= address) return address < entry.end ? entry : undefined;
    }
    return undefined;
  }
}

interface EntryLength {
  readonly end: number;
  readonly offsetSize: 4 | 8;
}

function startOf({ start }: { readonly start: number }): number {
  return start;
}

class SectionReader {
  private readonly commons = new Map<number, CommonEntry>();

  private constructor(
    private readonly reader: ByteReader,
    private readonly section: FrameSection,
  ) {}

  static open(sections: DebugSections, name: FrameSection['name']): SectionReader | undefined {
    try {
      const reader = sections.reader(name);
      return reader && new SectionReader(reader, { name, address: sections.address(name) });
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      return undefined;
    }
  }

  /** Adds all entries, up to where the section is corrupt; what one says but for its start is read when it is asked for. */
  survey(places: EntryPlace[]): void {
    const { reader } = this;
    try {
      while (!reader.atEnd) {
        const { offset } = reader;
        const length = this.readLength();
        if (!length) break;
        const start = this.startOf(length);
        if (start) places.push({ start: Number(start), section: this, offset });
        reader.seek(length.end);
      }
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
    }
  }

  /** The entry at an offset; undefined where it is a common entry, has no code or is corrupt. */
  entryAt(offset: number): Entry | undefined {
    const { reader, section } = this;
    try {
      reader.seek(offset);
      const length = this.readLength();
      const common = length && this.commonOf(length);
      if (!common) return undefined;
      const { end } = length;
      const start = readPointer(reader, section, common.pointerEncoding);
      const range = readExtent(reader, common.pointerEncoding);
      if (common.isAugmented) readAugmented(reader);
      const at = reader.offset;
      if (range === 0n || start === common.bias || at > end) return undefined;
      return { start, end: start + range, common, program: () => reader.sliceAt(at, end - at) };
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      return undefined;
    }
  }

  /** Where the code starts of the entry that the reader is in; undefined where it is a common entry or corrupt. */
  private startOf(length: EntryLength): bigint | undefined {
    try {
      const common = this.commonOf(length);
      return common && readPointer(this.reader, this.section, common.pointerEncoding);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      return undefined;
    }
  }

  /** The common entry of the one that the reader is in, which is left behind the reference to it; undefined where it is one itself. */
  private commonOf({ end, offsetSize }: EntryLength): CommonEntry | undefined {
    const { reader, section } = this;
    const idOffset = reader.offset;
    if (end - idOffset < offsetSize) return undefined;
    const id = reader.offsetOf(offsetSize);
    const isCommon = section.name === '.eh_frame' ? id === 0 : id === 0xffffffff || id === Number.MAX_SAFE_INTEGER;
    if (isCommon) return undefined;
    const common = this.commonAt(section.name === '.eh_frame' ? idOffset - id : id);
    reader.seek(idOffset + offsetSize);
    return common;
  }

  /** Where the entry at the reader ends; undefined at the zero that ends `.eh_frame`. */
  private readLength(): EntryLength | undefined {
    const { reader } = this;
    const length = reader.u32();
    if (length === 0 && this.section.name === '.eh_frame') return undefined;
    const offsetSize = length === 0xffffffff ? 8 : 4;
    const end = (offsetSize === 8 ? reader.u64AsNumber() : length) + reader.offset;
    if (end > reader.size) throw reader.error('an entry is longer than its section');
    return { end, offsetSize };
  }

  private commonAt(offset: number): CommonEntry {
    let common = this.commons.get(offset);
    if (!common) {
      this.reader.seek(offset);
      common = readCommonEntry(this.reader, this.section);
      this.commons.set(offset, common);
    }
    return common;
  }
}
