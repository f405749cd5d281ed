import type { ByteReader } from '../elf/byte-reader';
import type { LineRow, StatementPlace } from '../program';
import { ProgramError } from '../program-error';
import type { LineHeader } from './line-header';
import { type LineState, runLineProgram } from './line-program';

/** Code without gaps that one line program describes: addresses from `start` up to, not including, `end`. */
export interface Sequence {
  readonly start: bigint;
  readonly end: bigint;
  readonly unit: LineUnit;
  /** Where its first opcode is in the section. */
  readonly at: number;
}

/** One unit's line program: run through once for what it covers, and again for the rows that are asked for. */
export class LineUnit {
  /** Paths by file number, of the files that have been asked for. */
  private readonly paths: (string | undefined)[] = [];

  /** `pathOf` gives the path of a file number. */
  constructor(
    private readonly reader: ByteReader,
    private readonly header: LineHeader,
    private readonly pathOf: (file: number) => string | undefined,
  ) {}

  /**
   * What the program covers of the code that `isCode` knows: sequences, and the paths of statements in them. Throws ProgramError
   * where it is corrupt, after `found` has been told what is before that.
   */
  survey(isCode: (start: bigint, end: bigint) => boolean, found: (sequence: Sequence, paths: ReadonlySet<string>) => void): void {
    const files = new Set<number>();
    let file = -1;
    let start: bigint | undefined;
    runLineProgram(this.reader, this.header, {
      row: (state) => {
        start ??= state.address;
        if (state.file === file || !state.isStatement || state.line <= 0) return;
        file = state.file;
        files.add(file);
      },
      end: (state) => {
        const end = state.address;
        if (start !== undefined && end > start && isCode(start, end)) {
          const paths = new Set([...files].map((each) => this.path(each)).filter((path) => path !== ''));
          found({ start, end, unit: this, at: state.startsAt }, paths);
        }
        files.clear();
        file = -1;
        start = undefined;
        return false;
      },
    });
  }

  /** The rows of one of its sequences, ascending by address. */
  rowsOf({ at, start, end }: Sequence): LineRow[] {
    const rows: LineRow[] = [];
    let isAscending = true;
    const isContinued = continuation();
    this.run(at, (state) => {
      const continues = isContinued(state);
      const { address, column, isStatement, prologueEnd } = state;
      if (address < start || address >= end) return;
      const path = this.path(state.file);
      if (rows.length > 0 && address < rows[rows.length - 1]!.address) isAscending = false;
      rows.push({ address, path, line: path === '' ? 0 : state.line, column, isStatement, prologueEnd, continues });
    });
    return isAscending ? rows : rows.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  /** Tells where statements of a source start in one of its sequences, and whether they continue the line of the row before. */
  statementsOf(
    { at, start, end }: Sequence,
    path: string,
    found: (place: StatementPlace, address: bigint, continues: boolean) => void,
  ): void {
    const isContinued = continuation();
    this.run(at, (state) => {
      const continues = isContinued(state);
      if (!state.isStatement || state.line <= 0 || this.path(state.file) !== path) return;
      const { address } = state;
      if (address >= start && address < end) found({ line: state.line, column: state.column }, address, continues);
    });
  }

  /** Runs one sequence. The survey has found its end, so nothing in it is corrupt. */
  private run(at: number, row: (state: LineState) => void): void {
    runLineProgram(this.reader, this.header, { row, end: () => true }, at);
  }

  /** Empty where the header has no such file. */
  private path(file: number): string {
    if (!this.header.files[file]) return '';
    this.paths[file] ??= this.read(file);
    return this.paths[file]!;
  }

  private read(file: number): string {
    try {
      return this.pathOf(file) ?? '';
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      return '';
    }
  }
}

/** Tells of each row of a sequence in turn whether it continues the line of the one before, as `LineRow` has it. */
function continuation(): (state: LineState) => boolean {
  let file = -1;
  let line = 0;
  return (state) => {
    const continues = state.file === file && state.line === line && state.hasDiscriminator;
    file = state.file;
    if (state.line > 0) line = state.line;
    return continues;
  };
}
