/** Reads the letters of a mangled name. */
export class Reader {
  protected at = 0;
  private depth = 0;
  private steps = 0;

  constructor(protected readonly text: string) {}

  protected get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  protected get next(): string {
    return this.text.charAt(this.at);
  }

  protected get afterNext(): string {
    return this.text.charAt(this.at + 1);
  }

  protected take(letters: string): boolean {
    if (!this.text.startsWith(letters, this.at)) return false;
    this.at += letters.length;
    return true;
  }

  protected expect(letters: string): void {
    if (!this.take(letters)) throw new Unknown();
  }

  protected get seesDigit(): boolean {
    const code = this.text.charCodeAt(this.at);
    return code >= 0x30 && code <= 0x39;
  }

  /** Digits, with `n` before those of a negative number. */
  protected number(): number {
    const isNegative = this.take('n');
    let value = 0;
    const start = this.at;
    for (; this.seesDigit; this.at++) value = value * 10 + this.text.charCodeAt(this.at) - 0x30;
    if (value > 0x7fff_ffff || (start === this.at && isNegative)) throw new Unknown();
    return isNegative ? -value : value;
  }

  /** `_` is 0, `0_` is 1, `1_` is 2. */
  protected compactNumber(): number {
    if (this.take('_')) return 0;
    if (!this.seesDigit) throw new Unknown();
    const value = this.number() + 1;
    this.expect('_');
    return value;
  }

  protected nested<Result>(parse: () => Result): Result {
    if (++this.depth > deepest || ++this.steps > mostSteps) throw new Unknown();
    const result = parse();
    this.depth--;
    return result;
  }
}

/** What is no name of the grammar, or is beyond the bounds. */
export class Unknown extends Error {}

const deepest = 250;
const mostSteps = 100_000;
