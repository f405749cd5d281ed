import type { Place, Section } from './section';

/** A row of the line table before the addresses are known. */
export interface SourceRow {
  /** Where its code starts. */
  readonly at: Place;
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly isStatement: boolean;
  readonly prologueEnd: boolean;
}

/** Which line each instruction comes from: that of the source itself, or what `.loc` says where the source has `.loc`. */
export class LineRecorder {
  readonly rows: SourceRow[] = [];
  /** The files that `.file` numbers. */
  readonly files = new Map<number, string>();
  /** The line of the statement being assembled. */
  line = 1;
  private location: Omit<SourceRow, 'at'> | undefined;
  private usesLocations = false;

  /** Notes that an instruction follows at the end of the section. */
  instruction(section: Section): void {
    if (this.location) {
      this.rows.push({ at: section.here(), ...this.location });
      this.location = undefined;
      return;
    }
    if (this.usesLocations) return;
    const last = this.rows.at(-1);
    if (last && last.line === this.line && last.at.section === section) return;
    this.rows.push({ at: section.here(), file: 1, line: this.line, column: 0, isStatement: true, prologueEnd: false });
  }

  /** Takes a `.loc`, which is about the next instruction. From the first one on the lines of the source itself no longer count. */
  locate(location: Omit<SourceRow, 'at'>): void {
    if (!this.usesLocations) this.rows.length = 0;
    this.usesLocations = true;
    this.location = location;
  }

  /** Whether the rows are about other files than the source. */
  get followsLocations(): boolean {
    return this.usesLocations;
  }
}
