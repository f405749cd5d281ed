import { ExpressionError } from './expression-error';

export type Token = { readonly at: number; readonly end: number } & (
  | {
      readonly kind: 'integer';
      readonly value: bigint;
      readonly suffix: string;
      readonly isDecimal: boolean;
      readonly isImaginary?: boolean;
    }
  | { readonly kind: 'float'; readonly text: string; readonly suffix: string; readonly isImaginary?: boolean }
  | { readonly kind: 'character'; readonly value: number; readonly prefix: string }
  | { readonly kind: 'string'; readonly text: string; readonly prefix: string }
  /** A name; a leading $ marks a register, quotes a source file. What gdb has in quotes is without them. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'operator'; readonly text: string }
);

/** Characters of an expression. */
const longest = 10_000;
const space = /\s*/y;
const number =
  /(?:0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][-+]?\d+|0[xX][0-9a-fA-F]+|0[bB][01]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/y;
const suffix = /[a-zA-Z_]\w*/y;
const name = /(?:\$\$?[\w.]*|~?[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\.[A-Za-z_][\w.$]*)/y;
/** gdb's name of a source file, before `::`. */
const file = /'[^'\n]{2,}'(?=\s*::)/y;
/** gdb's quotes around a name of C++: `'f(int)'`. */
const quotedName = /'([A-Za-z_(~][^'\n]+)'/y;
const character = /(u8|[uUL])?'(\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.)|[^'\\])'/y;
const text = /(u8|[uUL])?"((?:\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.)|[^"\\])*)"/y;
const operator = /<<=|>>=|->\*|\.\*|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|::|[-+*/%&|^~!<>=?:,.()[\]{}@]/y;

/** The tokens of an expression of C. Throws ExpressionError at what is none. */
export function tokensOf(source: string): Token[] {
  if (source.length > longest) throw new ExpressionError(`An expression has at most ${longest} characters`, longest);
  const tokens: Token[] = [];
  let at = match(space, source, 0)![0].length;
  while (at < source.length) {
    const token = tokenAt(source, at, tokens.at(-1));
    tokens.push(token);
    at = token.end + match(space, source, token.end)![0].length;
  }
  return tokens;
}

function match(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function tokenAt(source: string, at: number, before: Token | undefined): Token {
  const scope = match(file, source, at);
  if (scope) return { kind: 'name', at, end: at + scope[0].length, text: scope[0] };
  const literal = match(character, source, at);
  if (literal) return { kind: 'character', at, end: at + literal[0].length, value: characterOf(literal[2]!, at), prefix: literal[1] ?? '' };
  const whole = match(quotedName, source, at);
  if (whole) return { kind: 'name', at, end: at + whole[0].length, text: whole[1]! };
  const quoted = match(text, source, at);
  if (quoted) return { kind: 'string', at, end: at + quoted[0].length, text: unescaped(quoted[2]!, at), prefix: quoted[1] ?? '' };
  const digits = match(number, source, at);
  if (digits) return numberAt(source, at, digits[0]);
  // A name may start with a dot, as labels of assemblers do, where no member can stand.
  const isMember = before !== undefined && (before.kind === 'name' || (before.kind === 'operator' && /^[\])]$/.test(before.text)));
  const word = (isMember && source[at] === '.') || source[at] === '~' ? null : match(name, source, at);
  if (word) return { kind: 'name', at, end: at + word[0].length, text: word[0] };
  const sign = match(operator, source, at);
  if (sign) return { kind: 'operator', at, end: at + sign[0].length, text: sign[0] };
  throw new ExpressionError('Unexpected text', at);
}

function numberAt(source: string, at: number, digits: string): Token {
  const tail = match(suffix, source, at + digits.length)?.[0] ?? '';
  const end = at + digits.length + tail.length;
  const isImaginary = /^[fFlLuU]*[ij]$/.test(tail);
  const kind = (isImaginary ? tail.slice(0, -1) : tail).toLowerCase();
  if (/^0[xX].*[pP]/.test(digits)) return { kind: 'float', at, end, text: digits, suffix: kind, isImaginary };
  const isHexadecimal = /^0[xXbB]/.test(digits);
  if (!isHexadecimal && /[.eE]/.test(digits)) {
    if (!/^(f|l|)$/.test(kind)) throw new ExpressionError('Unexpected text after a number', at + digits.length);
    return { kind: 'float', at, end, text: digits, suffix: kind, isImaginary };
  }
  if (kind === 'f' && !isHexadecimal) return { kind: 'float', at, end, text: digits, suffix: kind, isImaginary };
  if (!/^(u|l|ul|lu|ll|ull|llu|)$/.test(kind)) throw new ExpressionError('Unexpected text after a number', at + digits.length);
  const isOctal = /^0\d/.test(digits);
  if (isOctal && /[89]/.test(digits)) throw new ExpressionError('An octal number has no digits 8 and 9', at);
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  if (value >= 1n << 64n) throw new ExpressionError('The number does not fit into 64 bits', at);
  return { kind: 'integer', at, end, value, suffix: kind, isDecimal: !isHexadecimal && !isOctal, isImaginary };
}

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, e: 27 };

/** Throws ExpressionError with the place of the literal where an escape is none. */
function characterOf(literal: string, at: number): number {
  if (!literal.startsWith('\\')) return literal.codePointAt(0)!;
  const rest = literal.slice(1);
  if (rest.startsWith('x')) {
    const value = Number.parseInt(rest.slice(1), 16);
    if (Number.isNaN(value)) throw new ExpressionError('"\\x" takes hexadecimal digits', at);
    if (value > largestCharacter) throw new ExpressionError('The character is too large', at);
    return value;
  }
  if (/^[0-7]/.test(rest)) return Number.parseInt(rest, 8);
  return escapes[rest] ?? rest.codePointAt(0)!;
}

const largestCharacter = 0xffff_ffff;

function unescaped(literal: string, at: number): string {
  return literal.replace(/\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.)/g, (each) => String.fromCodePoint(Math.min(characterOf(each, at), 0x10ffff)));
}
