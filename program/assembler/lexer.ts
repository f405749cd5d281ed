import { readString } from './string-escapes';

/** `local` is a reference such as `1f`; `problem` is something that is no token, and the text says why. */
export type TokenKind = 'name' | 'number' | 'real' | 'local' | 'string' | 'punctuator' | 'problem';

/** One word of a line. Columns count from 1, in UTF-16 code units as editors count them. */
export class Token {
  private known: bigint | Uint8Array | undefined;

  constructor(
    readonly kind: TokenKind,
    readonly text: string,
    readonly column: number,
    readonly length: number,
  ) {}

  /** The value of a number. */
  get value(): bigint | undefined {
    if (this.kind !== 'number') return undefined;
    this.known ??= numberValue(this.text);
    return this.known as bigint;
  }

  /** The bytes of a string, escapes resolved. */
  get bytes(): Uint8Array | undefined {
    if (this.kind !== 'string') return undefined;
    this.known ??= readString(this.text.slice(1, -1));
    return this.known as Uint8Array;
  }
}

const [tab, space, quote, hash, apostrophe, dot, slash, backslash] = [0x09, 0x20, 0x22, 0x23, 0x27, 0x2e, 0x2f, 0x5c];

/** What a UTF-16 code unit may be part of. */
const [nameStart, digit, blank] = [1, 2, 4];
const classes = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_.$]/.test(character)) return nameStart;
  if (/\d/.test(character)) return digit;
  return code === 0 || /\s/.test(character) ? blank : 0;
});
const classOf = (code: number) => (code < 128 ? classes[code]! : /\s/.test(String.fromCharCode(code)) ? blank : nameStart);
const isWord = (code: number) => (classOf(code) & (nameStart | digit)) !== 0;

const real = /(?:\d+\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)(?!\w)/y;
const character = /'(?:\\([0-7]{1,3}|.)|([^']))('?)/uy;
const pairs: ReadonlySet<string> = new Set(['<<', '>>', '<=', '>=', '==', '!=', '<>', '&&', '||']);
const singles = '-+*/%&|^~!<>=(),;:@\\?[]{}';

/** The tokens of the line being read, before they are copied to an array of their number. */
const tokens: Token[] = [];

/** The words of one line without its comment (`#` or `//` to the end of the line). */
export function tokenize(line: string): readonly Token[] {
  tokens.length = 0;
  const { length } = line;
  let position = 0;
  while (position < length) {
    const first = line.charCodeAt(position);
    if (first === space || first === tab) {
      position++;
      continue;
    }
    const start = position;
    const kind = classOf(first);
    if (kind === nameStart) {
      do position++;
      while (position < length && isWord(line.charCodeAt(position)));
      tokens.push(new Token('name', line.slice(start, position), start + 1, position - start));
    } else if (kind === blank) {
      position++;
    } else if (kind === digit) {
      const token = numberAt(line, start);
      tokens.push(token);
      position += token.length;
    } else if (first === hash || (first === slash && line.charCodeAt(position + 1) === slash)) {
      break;
    } else {
      const token = first === quote ? stringAt(line, start) : first === apostrophe ? characterAt(line, start) : punctuatorAt(line, start);
      tokens.push(token);
      position += token.length;
    }
  }
  return tokens.slice();
}

function numberAt(line: string, start: number): Token {
  let end = start + 1;
  while (end < line.length && isWord(line.charCodeAt(end)) && line.charCodeAt(end) !== dot) end++;
  const text = line.slice(start, end);
  if (isDecimal(text) && line.charCodeAt(end) !== dot) return new Token('number', text, start + 1, text.length);
  real.lastIndex = start;
  const fraction = real.exec(line)?.[0];
  if (fraction !== undefined) return new Token('real', fraction, start + 1, fraction.length);
  if (/^(?:0x[\da-f]+|0b[01]+|0[0-7]*|[1-9]\d*)(?:u|u?ll?)?$/i.test(text)) return new Token('number', text, start + 1, text.length);
  if (/^\d+[fb]$/.test(text)) return new Token('local', text, start + 1, text.length);
  return new Token('problem', `'${text.length > 40 ? `${text.slice(0, 40)}...` : text}' is not a number`, start + 1, text.length);
}

function isDecimal(text: string): boolean {
  if (text.length > 1 && text.charCodeAt(0) === 0x30) return false;
  for (let index = 0; index < text.length; index++) if (classOf(text.charCodeAt(index)) !== digit) return false;
  return true;
}

function stringAt(line: string, start: number): Token {
  let end = start + 1;
  while (end < line.length && line.charCodeAt(end) !== quote) end += line.charCodeAt(end) === backslash ? 2 : 1;
  if (end >= line.length) return new Token('problem', 'this string is not closed', start + 1, line.length - start);
  return new Token('string', line.slice(start, end + 1), start + 1, end + 1 - start);
}

function characterAt(line: string, start: number): Token {
  character.lastIndex = start;
  const match = character.exec(line);
  return match
    ? new Token('number', match[0], start + 1, match[0].length)
    : new Token('problem', "expected a character after '", start + 1, 1);
}

function punctuatorAt(line: string, start: number): Token {
  const pair = line.slice(start, start + 2);
  if (pairs.has(pair)) return new Token('punctuator', pair, start + 1, 2);
  const single = line[start]!;
  if (singles.includes(single)) return new Token('punctuator', single, start + 1, 1);
  const { length } = String.fromCodePoint(line.codePointAt(start)!);
  return new Token('problem', `the character '${line.slice(start, start + length)}' has no meaning here`, start + 1, length);
}

/** The value of a number as it is written, or of a character such as `'a'`. */
function numberValue(text: string): bigint {
  if (text.startsWith("'")) {
    character.lastIndex = 0;
    const match = character.exec(text)!;
    return match[1] === undefined ? BigInt(match[2]!.codePointAt(0)!) : BigInt(readString(`\\${match[1]}`)[0] ?? 0);
  }
  const digits = text.replace(/u?l{0,2}$/i, '');
  return BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
}
