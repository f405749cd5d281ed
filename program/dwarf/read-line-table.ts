import { ByteReader } from '../elf/byte-reader';
import { type ElfFile, SHF_COMPRESSED, sectionBytes } from '../elf/elf-file';
import { joinPath } from '../paths';
import type { LineRow, LineTable, Segment } from '../program';
import { ProgramError } from '../program-error';
import { readCompilationFolders } from './compilation-folders';
import { type LineHeader, readLineHeader, readUnitLength, type StringSections } from './line-header';
import { type RawRow, runLineProgram, type Sequence } from './line-program';
import { type CodePlaces, makeLineTable, type RowSequence } from './line-table';

/** What line tables are read against. */
export interface LineContext extends CodePlaces {
  readonly segments: readonly Segment[];
  /** Where relative paths start. */
  readonly sourceFolder: string | undefined;
}

/** Reads `.debug_line`. What of it is corrupt or unknown is told in `notes` and left out. */
export function readLineTable(file: ElfFile, context: LineContext, notes: string[]): LineTable {
  const sequences: RowSequence[] = [];
  try {
    const reader = sectionReader(file, '.debug_line');
    const folders = reader ? compilationFolders(file, notes) : new Map();
    if (reader) readUnits(reader, readStrings(file), folders, context, sequences, notes);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    notes.push(`${error.message}; source lines are missing`);
  }
  return makeLineTable(sequences, context);
}

/** Without them, relative paths of old line tables start at the source folder. */
function compilationFolders(file: ElfFile, notes: string[]): ReadonlyMap<number, string> {
  try {
    const info = sectionReader(file, '.debug_info');
    return readCompilationFolders({
      info,
      abbreviations: sectionReader(file, '.debug_abbrev'),
      strings: sectionReader(file, '.debug_str'),
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

/** A path of a line table is relative to its folder, that to the compilation folder, and that, where it was made relative, to ours. */
function pathOf({ files, folders }: LineHeader, index: number, compilationFolder = '', sourceFolder = ''): string | undefined {
  const file = files[index];
  if (!file) return undefined;
  const folder = folders[file.folder] ?? '';
  return joinPath(sourceFolder, joinPath(joinPath(folders[0] ?? compilationFolder, folder), file.name));
}

function readStrings(file: ElfFile): StringSections {
  return { lineStrings: sectionReader(file, '.debug_line_str'), strings: sectionReader(file, '.debug_str') };
}

function sectionReader(file: ElfFile, name: string): ByteReader | undefined {
  const section = file.sections.find((each) => each.name === name);
  if (!section) return undefined;
  if ((section.flags & SHF_COMPRESSED) !== 0n) {
    throw new ProgramError(`${file.name}: section ${name} is compressed: link with --compress-debug-sections=none`);
  }
  return new ByteReader(sectionBytes(file, section), `${file.name}: section ${name}`);
}
