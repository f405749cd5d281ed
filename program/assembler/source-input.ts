import type { Diagnostics } from './diagnostics';
import { splitLines } from './source-lines';
import { parseLine, type Statement } from './statement';

/** The statements of a source in order. */
export class SourceInput {
  /** The line of the statement that `next` gave last. */
  line = 0;
  /** For messages about a statement that comes from elsewhere than its line; empty otherwise. */
  readonly origin = '';
  private readonly lines: readonly string[];
  private pending: Statement[] = [];

  constructor(path: string, text: string, diagnostics: Diagnostics) {
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
      this.pending = parseLine(text).reverse();
    }
    return this.pending.pop();
  }

  /** Throws where something that was begun is not ended. */
  finish(): void {}
}
