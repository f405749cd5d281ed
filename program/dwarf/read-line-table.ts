import type { ByteReader } from '../elf/byte-reader';
import type { LineRow, LineTable, Segment } from '../program';
import { ProgramError } from '../program-error';
import { readCompilationFolders } from './compilation-folders';
import type { DebugSections } from './debug-sections';
import { readLineHeader, readUnitLength, type StringSections } from './line-header';
import { pathOf } from './line-paths';
import { type RawRow, runLineProgram, type Sequence } from './line-program';
import { type CodePlaces, makeLineTable, type RowSequence } from './line-table';

/** What line tables are read against. */
export interface LineContext extends CodePlaces {
  readonly segments: readonly Segment[];
  /** Where relative paths start. */
  readonly sourceFolder: string | undefined;
}

/** Reads `.debug_line`. What of it is corrupt or unknown is told in `notes` and left out. */
export function readLineTable(sections: DebugSections, context: LineContext, notes: string[]): LineTable {
  const sequences: RowSequence[] = [];
  try {
    const reader = sections.reader('.debug_line');
    const folders = reader ? compilationFolders(sections, notes) : new Map();
    if (reader) readUnits(reader, readStrings(sections), folders, context, sequences, notes);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    notes.push(`${error.message}; source lines are missing`);
  }
  return makeLineTable(sequences, context);
}

/** Without them, relative paths of old line tables start at the source folder. */
function compilationFolders(sections: DebugSections, notes: string[]): ReadonlyMap<number, string> {
  try {
    const info = sections.reader('.debug_info');
    return readCompilationFolders({
      info,
      abbreviations: sections.reader('.debug_abbrev'),
      strings: sections.reader('.debug_str'),
    });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    notes.push(`${error.message}; the folders of source files are missing`);
    return new Map();
  }
}

function readUnits(
  reader: ByteReader,
  strings: StringSections,
  compilationFolders: ReadonlyMap<number, string>,
  context: LineContext,
  sequences: RowSequence[],
  notes: string[],
): void {
  while (!reader.atEnd) {
    const offset = reader.offset;
    const { end, offsetSize } = readUnitLength(reader);
    try {
      const header = readLineHeader(reader, offset, end, offsetSize, strings);
      const paths = header.files.map((_, index) => pathOf(header, index, compilationFolders.get(offset), context.sourceFolder));
      runLineProgram(reader, header, (sequence) => {
        if (isCode(sequence, context.segments)) sequences.push(namedRows(sequence, paths));
      });
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      notes.push(`${error.message}; source lines of that unit are missing`);
    }
    reader.seek(end);
  }
}

/** Linkers leave the sequences of functions they dropped, at address 0 or thereabouts. */
function isCode({ rows, end }: Sequence, segments: readonly Segment[]): boolean {
  const start = rows[0]?.address;
  if (start === undefined || end <= start) return false;
  return segments.some(({ address, size, permissions }) => permissions.execute && start >= address && end <= address + size);
}

function namedRows({ rows, end }: Sequence, paths: readonly (string | undefined)[]): RowSequence {
  const named = rows.map((row) => nameRow(row, paths[row.file] ?? '')).filter(({ address }) => address < end);
  return { rows: named.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0)), end };
}

function nameRow({ address, line, column, isStatement, prologueEnd }: RawRow, path: string): LineRow {
  return { address, path, line: path === '' ? 0 : line, column, isStatement, prologueEnd };
}

function readStrings(sections: DebugSections): StringSections {
  return { lineStrings: sections.reader('.debug_line_str'), strings: sections.reader('.debug_str') };
}
