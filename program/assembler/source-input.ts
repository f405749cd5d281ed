import type { Diagnostics } from './diagnostics';
import { splitLines } from './source-lines';
import { parseLine, type Statement } from './statement';

const preprocessing = /^\s*(#(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|error|warning|pragma))\b/;

/** The statements of a source in order. */
export class SourceInput {
  /** The line of the statement that `next` gave last. */
  line = 0;
  private readonly lines: readonly string[];
  private pending: Statement[] = [];

  constructor(
    private readonly path: string,
    text: string,
    private readonly diagnostics: Diagnostics,
  ) {
    const { lines, openComment } = splitLines(text);
    this.lines = lines;
    if (openComment) diagnostics.error({ path, ...openComment, length: 2 }, 'this comment is not closed');
  }

  /** The next statement; undefined at the end of the source. */
  next(): Statement | undefined {
    while (this.pending.length === 0) {
      const text = this.lines[this.line];
      if (text === undefined) return undefined;
      this.line++;
      this.refusePreprocessing(text);
      this.pending = parseLine(text).reverse();
    }
    return this.pending.pop();
  }

  /** What would be a comment in a `.s` asks for the C preprocessor in a `.S`, and must not be dropped. */
  private refusePreprocessing(text: string): void {
    const match = this.path.endsWith('.S') ? preprocessing.exec(text) : null;
    if (!match) return;
    const span = { path: this.path, line: this.line, column: match[0].length - match[1]!.length + 1, length: match[1]!.length };
    this.diagnostics.error(span, `'${match[1]}' needs the C preprocessor: run 'cpp' first and assemble what it writes`);
  }
}
