import { readString } from './string-escapes';

/** One word of a line. Columns count from 1, in UTF-16 code units as editors count them. */
export interface Token {
  /** `local` is a reference such as `1f`; `problem` is something that is no token, and `text` says why. */
  readonly kind: 'name' | 'number' | 'real' | 'local' | 'string' | 'punctuator' | 'problem';
  readonly text: string;
  readonly column: number;
  readonly length: number;
  /** The value of a number. */
  readonly value?: bigint;
  /** The bytes of a string, escapes resolved. */
  readonly bytes?: Uint8Array;
}

const blank = /[\s\0]+/y;
const name = /[A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*/y;
const real = /(?:\d+\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)(?!\w)/y;
const number = /\d\w*/y;
const string = /"(?:[^"\\]|\\.)*("?)/y;
const character = /'(?:\\([0-7]{1,3}|.)|([^']))('?)/uy;
const punctuator = /<<|>>|<=|>=|==|!=|<>|&&|\|\||[-+*/%&|^~!<>=(),;:@\\?[\]{}]/y;

/** The words of one line without its comment (`#` or `//` to the end of the line). */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    return pattern.exec(line);
  };
  const push = (kind: Token['kind'], length: number, more?: Partial<Token>) => {
    tokens.push({ kind, text: line.slice(position, position + length), column: position + 1, length, ...more });
    position += length;
  };
  while (position < line.length) {
    const blanks = take(blank);
    if (blanks) {
      position += blanks[0].length;
      continue;
    }
    const first = line.charCodeAt(position);
    if (first === 0x23 || (first === 0x2f && line.charCodeAt(position + 1) === 0x2f)) break;
    let match = take(name);
    if (match) {
      push('name', match[0].length);
    } else if (first >= 0x30 && first <= 0x39) {
      match = take(real);
      if (match) push('real', match[0].length);
      else pushNumber(take(number)![0], push);
    } else if (first === 0x22) {
      match = take(string)!;
      if (match[1]) push('string', match[0].length, { bytes: readString(match[0].slice(1, -1)) });
      else push('problem', match[0].length, { text: 'this string is not closed' });
    } else if (first === 0x27) {
      match = take(character);
      if (match) push('number', match[0].length, { value: characterValue(match) });
      else push('problem', 1, { text: "expected a character after '" });
    } else {
      match = take(punctuator);
      const length = match ? match[0].length : String.fromCodePoint(line.codePointAt(position)!).length;
      if (match) push('punctuator', length);
      else push('problem', length, { text: `the character '${line.slice(position, position + length)}' has no meaning here` });
    }
  }
  return tokens;
}

function pushNumber(text: string, push: (kind: Token['kind'], length: number, more?: Partial<Token>) => void): void {
  if (/^(0x[\da-f]+|0b[01]+|0[0-7]*|[1-9]\d*)$/i.test(text)) {
    push('number', text.length, { value: BigInt(/^0\d/.test(text) ? `0o${text.slice(1)}` : text) });
  } else if (/^\d+[fb]$/.test(text)) {
    push('local', text.length);
  } else {
    push('problem', text.length, { text: `'${text.length > 40 ? `${text.slice(0, 40)}...` : text}' is not a number` });
  }
}

function characterValue(match: RegExpExecArray): bigint {
  if (match[1] === undefined) return BigInt(match[2]!.codePointAt(0)!);
  return BigInt(readString(`\\${match[1]}`)[0] ?? 0);
}
