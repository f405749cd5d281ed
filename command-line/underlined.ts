import type { Diagnostic } from '../program/program';

/** Longer lines, as macros and tools write them, are cut around the place. */
const mostShown = 160;

/** The source line of a diagnostic and below it a caret and tildes at its place, as compilers print them. */
export function underlined(text: string, { line, column, length }: Pick<Diagnostic, 'line' | 'column' | 'length'>): string[] {
  const whole = lineOf(text, line);
  if (whole === undefined) return [];
  const from = column > mostShown ? column - 1 - mostShown / 2 : 0;
  const shown = whole.slice(from, from + mostShown);
  const before = whole.slice(from, column - 1).replace(/[^\t]/g, ' ');
  const tildes = '~'.repeat(Math.max(0, Math.min(length, shown.length - before.length) - 1));
  const number = String(line).padStart(5);
  return [`${number} | ${shown}`, `${' '.repeat(number.length)} | ${before}^${tildes}`];
}

function lineOf(text: string, line: number): string | undefined {
  let start = 0;
  for (let count = 1; count < line; count++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
}
