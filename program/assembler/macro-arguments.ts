/** What GNU as keeps of blanks outside of strings: one, and only between two words. */
export function withoutBlanks(text: string): string {
  const pieces = text.trim().match(/"(?:[^"\\]|\\.)*"?|\s+|[^"\s]+/g) ?? [];
  let kept = '';
  for (const [index, piece] of pieces.entries()) {
    if (/\S/.test(piece)) kept += piece;
    else if (wordEnd.test(kept) && wordStart.test(pieces[index + 1] ?? '')) kept += ' ';
  }
  return kept;
}

const wordEnd = /[\w.$"'\\\u0080-\uffff]$/;
const wordStart = /^[\w.$"'\\\u0080-\uffff]/;

/** What the alternate mode (`.altmacro`) does with `%expression`: the number that it is. */
export type Evaluate = (text: string) => bigint;

/**
 * Reads the arguments of a macro or repetition, as GNU as does: apart by commas or blanks, strings without their quotes. In the
 * alternate mode, for which `evaluate` is given, strings keep their quotes, and there are `<strings>` and `%expressions`.
 */
export class ArgumentReader {
  private position = 0;
  private readonly text: string;

  constructor(
    text: string,
    private readonly evaluate?: Evaluate,
  ) {
    this.text = withoutBlanks(text);
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** The next character. */
  get next(): string {
    return this.text[this.position] ?? '';
  }

  /** The argument here, empty at a comma; the comma after it is taken. */
  argument(): string {
    const value = this.value();
    this.skipSeparator();
    return value;
  }

  /** The word here if it is followed by `=`, which is taken too. */
  keyword(): string | undefined {
    const match = /[^\s,"();=]*=/y;
    match.lastIndex = this.position;
    const found = match.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.position += found.length;
    return found.slice(0, -1);
  }

  /** A name here. */
  name(): string | undefined {
    const match = /[A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*/y;
    match.lastIndex = this.position;
    const found = match.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  /** Takes the character if it is next. */
  accept(character: string): boolean {
    if (this.next !== character) return false;
    this.position++;
    return true;
  }

  skipSeparator(): void {
    if (this.next === ' ') this.position++;
    if (this.next === ',') this.position++;
    if (this.next === ' ') this.position++;
  }

  /** All that is left. */
  rest(): string {
    const rest = this.text.slice(this.position);
    this.position = this.text.length;
    return rest;
  }

  private value(): string {
    if (this.evaluate && this.next === '%') {
      this.position++;
      return this.evaluate(this.bare()).toString();
    }
    if (this.evaluate && this.next === '<') return this.bracketed();
    if (this.next !== '"') return this.bare();
    return this.evaluate ? `"${this.quoted()}"` : this.quoted();
  }

  /** `<text>`, in which brackets may be nested and `!` takes the next character as it is. */
  private bracketed(): string {
    let depth = 0;
    let value = '';
    for (; !this.atEnd; this.position++) {
      if (this.next === '!' && this.position + 1 < this.text.length) {
        value += this.text[++this.position];
        continue;
      }
      if (this.next === '<' && depth++ === 0) continue;
      if (this.next === '>' && --depth === 0) {
        this.position++;
        break;
      }
      value += this.next;
    }
    return value;
  }

  /** A string; a quote in it is written twice, or after a backslash, which stays. */
  private quoted(): string {
    const match = /"((?:[^"\\]|\\.|"")*)"?/y;
    match.lastIndex = this.position;
    const [whole, inner] = match.exec(this.text)!;
    this.position += whole.length;
    return inner!.replaceAll(/\\.|""/g, (found) => (found === '""' ? '"' : found));
  }

  /** Up to a comma, or to a blank outside of brackets. */
  private bare(): string {
    const start = this.position;
    const closers: string[] = [];
    for (; !this.atEnd && this.next !== ','; this.position++) {
      const character = this.next;
      if (character === ' ' && closers.length === 0) break;
      if (character === '"' || character === "'") {
        const close = this.text.indexOf(character, this.position + 1);
        this.position = close < 0 ? this.text.length - 1 : close;
      } else if (character === '(' || character === '[') closers.push(character === '(' ? ')' : ']');
      else if (character === closers.at(-1)) closers.pop();
    }
    return this.text.slice(start, this.position);
  }
}

/** The two texts of `.ifc`, in single quotes or bare, apart by a comma; undefined where there is no comma. */
export function splitTexts(text: string): [string, string] | undefined {
  const match = /^(?:'((?:[^']|'')*)'|([^,]*)),(?:'((?:[^']|'')*)'|(.*))$/su.exec(text.replaceAll(/\s*,\s*/g, ',').trim());
  if (!match) return undefined;
  const value = (quoted: string | undefined, bare: string | undefined) => quoted?.replaceAll("''", "'") ?? withoutBlanks(bare ?? '');
  return [value(match[1], match[2]), value(match[3], match[4])];
}
