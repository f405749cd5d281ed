/** A source cut into lines, its block comments replaced by blanks so that every column stays where it was. */
export interface SourceLines {
  readonly lines: readonly string[];
  /** Where a block comment begins that is never closed. */
  readonly openComment?: { readonly line: number; readonly column: number };
}

/** What can hide the beginning of a block comment (a string, a character, a line comment), or is one. */
const interesting = /"(?:[^"\\\n]|\\.)*"?|'(?:\\.|[^\n])|#[^\n]*|\/\/[^\n]*|\/\*/g;

/** The same for the C preprocessor, to which `#` begins no comment. */
const interestingToC = /"(?:[^"\\\n]|\\.)*"?|'(?:\\.|[^\n])|\/\/[^\n]*|\/\*/g;

/** `isPreprocessed` says whether the C preprocessor goes over the text first. */
export function splitLines(text: string, isPreprocessed = false): SourceLines {
  const { kept, openComment } = withoutComments(text, isPreprocessed);
  return { lines: linesOf(kept), ...(openComment && { openComment }) };
}

/** The text with its block comments replaced by blanks. */
export function withoutComments(text: string, isPreprocessed = false): { readonly kept: string } & Pick<SourceLines, 'openComment'> {
  if (!text.includes('/*')) return { kept: text };
  const kept: string[] = [];
  let position = 0;
  const pattern = isPreprocessed ? interestingToC : interesting;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match[0] !== '/*') continue;
    const close = text.indexOf('*/', match.index + 2);
    const end = close < 0 ? text.length : close + 2;
    kept.push(text.slice(position, match.index), text.slice(match.index, end).replace(/[^\r\n]/g, ' '));
    position = end;
    pattern.lastIndex = end;
    if (close < 0) return { kept: kept.join(''), openComment: placeOf(text, match.index) };
  }
  kept.push(text.slice(position));
  return { kept: kept.join('') };
}

function linesOf(text: string): string[] {
  return text.includes('\r') ? text.split(/\r?\n/) : text.split('\n');
}

function placeOf(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}
