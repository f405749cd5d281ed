/** A token of the C preprocessor with the column where it is written; for what a macro gives, that of the macro's use. */
export interface PreprocessorToken {
  readonly text: string;
  readonly column: number;
  /** The macros that it came from, which do not replace it again. */
  readonly hidden?: ReadonlySet<string>;
}

const pattern = /"(?:[^"\\]|\\.)*"?|'(?:\\.|[^'\\])'|\/\/.*|[A-Za-z_$][\w$]*|\.?\d(?:[eE][+-]|[\w.])*|\s+|##|[<>=!]=|<<|>>|&&|\|\||./gsu;

/** The tokens of a text, blanks among them (C11, section 6.4). A line comment becomes a blank. */
export function preprocessorTokens(text: string, columnOf: (index: number) => number): PreprocessorToken[] {
  return [...text.matchAll(pattern)].map((match) => ({
    text: match[0].startsWith('//') ? ' ' : match[0],
    column: columnOf(match.index),
  }));
}

export function isIdentifier({ text }: PreprocessorToken): boolean {
  return /^[A-Za-z_$]/.test(text);
}

export function isBlank({ text }: PreprocessorToken): boolean {
  return /^\s/.test(text);
}

/** The tokens without blanks at both ends. */
export function trimmed(tokens: readonly PreprocessorToken[]): readonly PreprocessorToken[] {
  let start = 0;
  let end = tokens.length;
  while (start < end && isBlank(tokens[start]!)) start++;
  while (end > start && isBlank(tokens[end - 1]!)) end--;
  return tokens.slice(start, end);
}
