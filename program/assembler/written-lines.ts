import { codesOf } from './quick/quick-scanner';
import type { SourceLine } from './source-line';

/** The lines of a text as they are written, one after the other. Where it stands may be moved on by who reads the characters. */
export class WrittenLines implements Iterator<SourceLine, void> {
  readonly codes: Uint8Array;
  /** Where the next line begins, and how many lines were before it. */
  position = 0;
  line = 0;
  /** What is before this position of the next line has been assembled. */
  private done = 0;
  private readonly result: { done: false; value: SourceLine };

  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    this.codes = codesOf(text);
    this.result = { done: false, value: { path, text: '', line: 0 } };
  }

  /** Notes that the next line has been assembled whole; the one after it begins at a position. */
  pass(position: number): void {
    this.position = position;
    this.line++;
  }

  /** Notes that the next line has been assembled up to a position and no further. */
  leave(position: number): void {
    this.done = position;
  }

  next(): IteratorResult<SourceLine, void> {
    const { text, position } = this;
    const done = this.done;
    if (position > text.length) return { done: true, value: undefined };
    const newline = text.indexOf('\n', position);
    const end = newline < 0 ? text.length : newline;
    let line = text.slice(position, end > position && text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end);
    if (done > position) line = ' '.repeat(done - position) + line.slice(done - position);
    this.pass(end + 1);
    this.result.value = { path: this.path, text: line, line: this.line };
    return this.result;
  }
}

const carriageReturn = 0x0d;
