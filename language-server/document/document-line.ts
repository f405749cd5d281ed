import type { LineProblem } from './line-problem';
import type { LineState } from './line-state';
import { type ParsedLine, parsedLine } from './parsed-line';

/**
 * One line of an open document; it keeps its identity while others are edited. Of what its text says it keeps only the part that the
 * next line needs: parsing a line takes microseconds, and the parts of all lines of a long file are many times its text.
 */
export class DocumentLine {
  /** Its place in the document, from 0; kept by the document. */
  number = 0;
  /** What the next line begins in. */
  readonly next: LineState;
  /** What a check of the whole document found here last; undefined where none has seen this line. */
  problems: readonly LineProblem[] | undefined;

  constructor(
    readonly text: string,
    readonly state: LineState,
    private readonly isPreprocessed: boolean,
    { next }: ParsedLine,
  ) {
    this.next = next;
  }

  get parsed(): ParsedLine {
    return parsedLine(this.text, this.state, this.isPreprocessed);
  }
}
