/** What a line begins in: code, a block comment, or a preprocessor directive that the line before continues. */
export type LineState = 'code' | 'comment' | 'directive';

/** A line as the lexer may read it: comments blanked out, every column where it was. */
export interface ReadableLine {
  readonly code: string;
  /** Where the comments are; columns count from 0, the end is behind the last character. */
  readonly comments: readonly { readonly start: number; readonly end: number }[];
  /** A directive of the C preprocessor, or the continuation of one. */
  readonly isDirective: boolean;
  /** What the next line begins in. */
  readonly next: LineState;
}

/** What can hide the beginning of a comment (a string, a character), or is one. */
const interesting = /"(?:[^"\\]|\\.)*"?|'(?:\\.|[^'])'?|\/\*|\/\/|#/g;
const directive = /^\s*#\s*(?:define|undef|include|include_next|if|ifdef|ifndef|elif|else|endif|error|warning|pragma|line)\b/;

/** Reads one line that begins in that state. `isPreprocessed` says whether the C preprocessor goes over the text first. */
export function readLine(text: string, state: LineState, isPreprocessed: boolean): ReadableLine {
  const comments: { start: number; end: number }[] = [];
  let position = 0;
  if (state === 'comment') {
    const close = text.indexOf('*/');
    const end = close < 0 ? text.length : close + 2;
    comments.push({ start: 0, end });
    if (close < 0) return { code: blank(text, comments), comments, isDirective: false, next: 'comment' };
    position = end;
  }
  const isDirective = state === 'directive' || (isPreprocessed && directive.test(text));
  let next: LineState = isDirective && text.endsWith('\\') ? 'directive' : 'code';
  interesting.lastIndex = position;
  for (let match = interesting.exec(text); match; match = interesting.exec(text)) {
    const { index } = match;
    const [found] = match;
    if (found === '/*') {
      const close = text.indexOf('*/', index + 2);
      const end = close < 0 ? text.length : close + 2;
      comments.push({ start: index, end });
      interesting.lastIndex = end;
      if (close < 0) next = 'comment';
    } else if (found === '//' || (found === '#' && !isDirective)) {
      const hidden = isPreprocessed && found === '#' ? openedIn(text, index) : undefined;
      comments.push({ start: index, end: text.length });
      if (hidden) next = 'comment';
      break;
    }
  }
  return { code: blank(text, comments), comments, isDirective, next };
}

/** To the C preprocessor `#` begins no comment, so that a block comment can begin behind it. */
function openedIn(text: string, from: number): boolean {
  const open = text.lastIndexOf('/*');
  return open > from && text.indexOf('*/', open + 2) < 0 && !text.slice(from, open).includes('//');
}

function blank(text: string, comments: readonly { start: number; end: number }[]): string {
  let code = text;
  for (const { start, end } of comments) code = code.slice(0, start) + ' '.repeat(end - start) + code.slice(end);
  return code;
}
