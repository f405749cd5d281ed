import type { LineProblem } from './line-problem';
import type { LineState } from './line-state';
import { type ParsedLine, parsedLine } from './parsed-line';

/** One line of an open document; it keeps its identity while others are edited. */
export class DocumentLine {
  /** Its place in the document, from 0; kept by the document. */
  number = 0;
  readonly parsed: ParsedLine;
  /** What a check of the whole document found here last; undefined where none has seen this line. */
  problems: readonly LineProblem[] | undefined;

  constructor(
    readonly text: string,
    readonly state: LineState,
    isPreprocessed: boolean,
  ) {
    this.parsed = parsedLine(text, state, isPreprocessed);
  }
}
