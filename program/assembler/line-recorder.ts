import type { Section } from './section';

/** What a row of the line table says of the code that starts at it. */
export interface Location {
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly isStatement: boolean;
  readonly prologueEnd: boolean;
}

/** Numbers of a row: fragment and offset of its place (see `Place`), file, line, column, flags. */
const stride = 6;
export const rowFlags = { statement: 1, prologueEnd: 2 } as const;

/** The rows of one section before the addresses are known, in the order in which they were written. */
export class LineRows {
  private numbers = new Int32Array(stride * 4);
  length = 0;

  /** Whether the last row is about that line. */
  endsWith(file: number, line: number): boolean {
    const at = (this.length - 1) * stride;
    return at >= 0 && this.numbers[at + 3] === line && this.numbers[at + 2] === file;
  }

  add(fragment: number, offset: number, { file, line, column, isStatement, prologueEnd }: Location): void {
    const flags = (isStatement ? rowFlags.statement : 0) | (prologueEnd ? rowFlags.prologueEnd : 0);
    this.append(fragment, offset, file, line, column, flags);
  }

  append(fragment: number, offset: number, file: number, line: number, column: number, flags: number): void {
    const at = this.length++ * stride;
    if (at === this.numbers.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[at] = fragment;
    this.numbers[at + 1] = offset;
    this.numbers[at + 2] = file;
    this.numbers[at + 3] = line;
    this.numbers[at + 4] = column;
    this.numbers[at + 5] = flags;
  }

  /** Appends the rows of code that came to the end of the section after so many fragments and bytes. */
  join(other: LineRows, fragments: number, bytes: number): void {
    for (let row = 0; row < other.length; row++) {
      const [fragment, offset] = [other.fragmentOf(row) + fragments, other.offsetOf(row) + bytes];
      this.append(fragment, offset, other.fileOf(row), other.lineOf(row), other.columnOf(row), other.flagsOf(row));
    }
  }

  fragmentOf(row: number): number {
    return this.numbers[row * stride]!;
  }

  offsetOf(row: number): number {
    return this.numbers[row * stride + 1]!;
  }

  fileOf(row: number): number {
    return this.numbers[row * stride + 2]!;
  }

  lineOf(row: number): number {
    return this.numbers[row * stride + 3]!;
  }

  columnOf(row: number): number {
    return this.numbers[row * stride + 4]!;
  }

  /** Of `rowFlags`. */
  flagsOf(row: number): number {
    return this.numbers[row * stride + 5]!;
  }
}

/** Which line each instruction comes from: that of the source itself, or what `.loc` says where the source has `.loc`. */
export class LineRecorder {
  readonly rows = new Map<Section, LineRows>();
  /** The files that `.file` numbers. */
  readonly files = new Map<number, string>();
  /** The file and line of the statement being assembled. */
  path: string;
  line = 1;
  private location: Location | undefined;
  private usesLocations = false;
  private section: Section | undefined;
  private current = new LineRows();
  private readonly numbers = new Map<string, number>();
  private lastPath = '';
  private lastNumber = 0;

  constructor(path: string) {
    this.path = path;
    this.numberOf(path);
  }

  /** The paths of the files whose own lines are recorded, the first with the number 1. */
  get paths(): readonly string[] {
    return [...this.numbers.keys()];
  }

  /** The number of a file whose own lines are recorded. */
  numberOf(path: string): number {
    if (path === this.lastPath) return this.lastNumber;
    const number = this.numbers.get(path) ?? this.numbers.size + 1;
    this.numbers.set(path, number);
    this.lastPath = path;
    this.lastNumber = number;
    return number;
  }

  /** Notes that an instruction follows at the end of the section. */
  instruction(section: Section): void {
    if (this.usesLocations && !this.location) return;
    const changed = section !== this.section;
    if (changed) this.enter(section);
    if (this.location) {
      this.current.add(section.fragments.length, section.fixed.length, this.location);
      this.location = undefined;
    } else {
      const file = this.numberOf(this.path);
      if (!changed && this.current.endsWith(file, this.line)) return;
      this.current.append(section.fragments.length, section.fixed.length, file, this.line, 0, rowFlags.statement);
    }
  }

  /** Takes a `.loc`, which is about the next instruction. From the first one on the lines of the source itself no longer count. */
  locate(location: Location): void {
    if (!this.usesLocations) {
      this.rows.clear();
      this.section = undefined;
    }
    this.usesLocations = true;
    this.location = location;
  }

  /** Whether the rows are about other files than the source. */
  get followsLocations(): boolean {
    return this.usesLocations;
  }

  /** Moves the rows of a subsection to its section, which has so many fragments and bytes before it. */
  join(section: Section, subsection: Section): void {
    const rows = this.rows.get(subsection);
    if (!rows) return;
    this.rows.delete(subsection);
    const known = this.rows.get(section) ?? new LineRows();
    known.join(rows, section.fragments.length, section.fixed.length);
    this.rows.set(section, known);
  }

  private enter(section: Section): void {
    this.section = section;
    const known = this.rows.get(section);
    this.current = known ?? new LineRows();
    if (!known) this.rows.set(section, this.current);
  }
}
