import { lastAtOrBelow } from '../sorted';

/** Lines and columns, from 1, of offsets in a text. */
export class Places {
  private readonly lineStarts: { readonly line: number; readonly offset: number }[] = [{ line: 1, offset: 0 }];

  constructor(text: string) {
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
      this.lineStarts.push({ line: this.lineStarts.length + 1, offset: end + 1 });
    }
  }

  of(offset: number): { line: number; column: number } {
    const start = lastAtOrBelow(this.lineStarts, offset, (each) => each.offset)!;
    return { line: start.line, column: offset - start.offset + 1 };
  }
}
