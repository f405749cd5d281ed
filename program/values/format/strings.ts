import { escaped } from './scalars';

/** Elements of an array or string that are shown at most, as gdb's `print elements`; some that are equal in a row count as fewer. */
export const mostElements = 200;
/** More equal elements in a row than these are told by their number: gdb's `print repeats`. */
export const repeats = 10;

/** How characters are written: the prefix of their literals, and the bytes of each. */
export interface CharacterFormat {
  readonly prefix: string;
  readonly size: number;
}

/** The text of a `char` array: gdb leaves out the last zero. */
export function arrayText(codes: readonly number[], format: CharacterFormat): string {
  return literal(codes.at(-1) === 0 ? codes.slice(0, -1) : codes, format, false);
}

/** The text that a pointer leads to, which ends before a zero unless it was cut. */
export function pointedText(codes: readonly number[], format: CharacterFormat, isCut: boolean): string {
  return literal(codes, format, isCut);
}

/** Characters are shown until there are enough; those of the last run all count (valprint.c, `generic_printstr`). */
function literal(codes: readonly number[], { prefix, size }: CharacterFormat, isCut: boolean): string {
  if (codes.length === 0) return `${prefix}""${isCut ? '...' : ''}`;
  const parts: string[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') parts.push(`${prefix}"${text}"`);
    text = '';
  };
  let index = 0;
  while (index < codes.length && index < mostElements) {
    const code = codes[index]!;
    let run = 1;
    while (codes[index + run] === code) run++;
    if (run > repeats) {
      flush();
      parts.push(`${prefix}'${escaped(code, "'", size)}' <repeats ${run} times>`);
    } else text += escaped(code, '"', size).repeat(run);
    index += run;
  }
  flush();
  return parts.join(', ') + (isCut || index < codes.length ? '...' : '');
}

export function repeated(text: string, count: number): string {
  return `${text} <repeats ${count} times>`;
}
