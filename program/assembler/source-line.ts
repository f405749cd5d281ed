import type { Expansion, Span } from './diagnostics';

/** A line to be assembled: one of the source as it is written, or one that a macro or repetition made of it. */
export interface SourceLine {
  readonly path: string;
  readonly text: string;
  /** Where it is written; for what a macro makes, the line of the macro's body. */
  readonly line: number;
  /** For each character of `text`, and for its end, the column where it is written; absent where that is its own. */
  readonly columns?: readonly number[];
  readonly within?: Expansion;
}

/** A piece of a line that is as it was written. */
class WrittenSpan implements Span {
  constructor(
    private readonly source: SourceLine,
    readonly column: number,
    readonly length: number,
  ) {}

  get path(): string {
    return this.source.path;
  }

  get line(): number {
    return this.source.line;
  }

  get within(): Expansion | undefined {
    return this.source.within;
  }
}

/** How far to look for the end of the use that a piece came from, in characters. */
const mostLookedAt = 100;

/** The place where a piece of a line is written. `column` counts from 1 in its text. */
export function spanIn(source: SourceLine, column: number, length: number): Span {
  const { path, line, columns, within } = source;
  if (!columns) return new WrittenSpan(source, column, length);
  const start = writtenColumn(source, column);
  let end = column + length;
  const furthest = end + mostLookedAt;
  while (end < furthest && writtenColumn(source, end) <= start) end++;
  return { path, line, column: start, length: Math.max(1, writtenColumn(source, end) - start), within };
}

/** The column where the character at a column of the text is written. */
export function writtenColumn({ columns }: SourceLine, column: number): number {
  return columns ? (columns[column - 1] ?? columns.at(-1) ?? 1) : column;
}

/** The line with only the piece between two columns left, at its place, so that its columns stay true. */
export function pieceOf(line: SourceLine, start: number, end: number): SourceLine {
  return { ...line, text: ' '.repeat(start - 1) + line.text.slice(start - 1, end - 1) };
}
