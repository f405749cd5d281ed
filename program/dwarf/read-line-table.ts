import type { ByteReader } from '../elf/byte-reader';
import type { LineTable, Segment } from '../program';
import { ProgramError } from '../program-error';
import type { CodePlaces } from './breakpoint-places';
import type { DebugSections } from './debug-sections';
import { At } from './entries/constants';
import type { DebugEntries } from './entries/debug-entries';
import { orNothing } from './entries/or-nothing';
import { readLineHeader, readUnitLength, type StringSections } from './line-header';
import { pathOf } from './line-paths';
import { type LineIndex, makeLineTable } from './line-table';
import { LineUnit } from './line-unit';

/** What line tables are read against. */
export interface LineContext extends CodePlaces {
  readonly segments: readonly Segment[];
  readonly entries: DebugEntries;
  /** Where relative paths start. */
  readonly sourceFolder: string | undefined;
}

/** The lines of a program. What is corrupt or unknown in them is told in `notes` and left out. */
export function readLineTable(sections: DebugSections, context: LineContext, notes: string[]): LineTable {
  return makeLineTable(indexLines(sections, context, notes), context);
}

/** Indexes `.debug_line`: what code and which sources each unit has. Rows are read when asked for. */
export function indexLines(
  sections: DebugSections,
  context: Pick<LineContext, 'segments' | 'entries' | 'sourceFolder'>,
  notes: string[],
): LineIndex {
  const index: LineIndex = { sequences: [], byPath: new Map() };
  try {
    const reader = sections.reader('.debug_line');
    if (reader) indexUnits(reader, readStrings(sections), context, index, notes);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    notes.push(`${error.message}; source lines are missing`);
  }
  return index;
}

function indexUnits(
  reader: ByteReader,
  strings: StringSections,
  context: Pick<LineContext, 'segments' | 'entries' | 'sourceFolder'>,
  index: LineIndex,
  notes: string[],
): void {
  const folders = new CompilationFolders(context.entries);
  const isCode = (start: bigint, end: bigint) => isInCode(context.segments, start, end);
  while (!reader.atEnd) {
    const offset = reader.offset;
    const { end, offsetSize } = readUnitLength(reader);
    try {
      const header = readLineHeader(reader, offset, end, offsetSize, strings);
      const folder = header.version < 5 ? folders.of(offset) : undefined;
      const unit = new LineUnit(reader, header, (file) => pathOf(header, file, folder, context.sourceFolder));
      unit.survey(isCode, (sequence, paths) => {
        index.sequences.push(sequence);
        for (const path of paths) {
          const known = index.byPath.get(path);
          if (known) known.push(sequence);
          else index.byPath.set(path, [sequence]);
        }
      });
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      notes.push(`${error.message}; source lines of that unit are missing`);
    }
    reader.seek(end);
  }
}

/** Linkers leave the sequences of functions they dropped, at address 0 or thereabouts. */
function isInCode(segments: readonly Segment[], start: bigint, end: bigint): boolean {
  return segments.some(({ address, size, permissions }) => permissions.execute && start >= address && end <= address + size);
}

/** Where a compiler was started: line tables before version 5 do not say it, but their units in `.debug_info` do. */
class CompilationFolders {
  private byTable: ReadonlyMap<number, string> | undefined;

  constructor(private readonly entries: DebugEntries) {}

  /** The folder of the line table at an offset. */
  of(table: number): string | undefined {
    this.byTable ??= this.read();
    return this.byTable.get(table);
  }

  private read(): ReadonlyMap<number, string> {
    const folders = new Map<number, string>();
    for (const unit of this.entries.units) {
      const root = orNothing(() => unit.root);
      const table = root?.number(At.stmt_list);
      const folder = root?.text(At.comp_dir);
      if (table !== undefined && folder !== undefined) folders.set(table, folder);
    }
    return folders;
  }
}

function readStrings(sections: DebugSections): StringSections {
  return { lineStrings: sections.reader('.debug_line_str'), strings: sections.reader('.debug_str') };
}
