import { At } from './entries/constants';
import { orNothing } from './entries/or-nothing';
import type { Unit } from './entries/unit';
import { readLineHeader, readUnitLength } from './line-header';
import { pathOf } from './line-paths';

/** The source files that a unit's entries name by number (DW_AT_decl_file, DW_AT_call_file), by the header of its line table. */
export class LineFiles {
  private readonly known = new Map<Unit, readonly (string | undefined)[]>();

  /** Relative paths are taken from `sourceFolder`, where there is one. */
  constructor(private readonly sourceFolder: string | undefined) {}

  path(unit: Unit, file: number): string | undefined {
    let paths = this.known.get(unit);
    if (!paths) {
      paths = orNothing(() => this.read(unit)) ?? [];
      this.known.set(unit, paths);
    }
    return paths[file];
  }

  private read(unit: Unit): readonly (string | undefined)[] {
    // Types that are split from the program may have files of their own beside them (DWARF 5, section 7.3.2.2).
    const isApart = unit.isSplit && unit.header.type !== undefined && unit.section('.debug_line') !== undefined;
    const linked = isApart ? unit : unit.linked;
    const offset = linked.root.number(At.stmt_list);
    const reader = linked.section('.debug_line');
    if (offset === undefined || !reader) return [];
    reader.seek(offset);
    const { end, offsetSize } = readUnitLength(reader);
    const strings = { lineStrings: linked.section('.debug_line_str'), strings: linked.section('.debug_str') };
    const header = readLineHeader(reader, offset, end, offsetSize, strings);
    const folder = linked.root.text(At.comp_dir);
    return header.files.map((_, index) => pathOf(header, index, folder, this.sourceFolder));
  }
}
