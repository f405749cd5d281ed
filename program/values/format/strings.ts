import { escaped, prefixOf } from './scalars';

/** Elements of an array or string that are shown at most, as gdb's `print elements`. */
export const mostElements = 200;
/** Equal elements in a row that are told by their number from here on: gdb's `print repeats`. */
const repeats = 10;

/** The text of a `char` array: gdb leaves out the last zero, or all of them where they fill the rest. */
export function arrayText(codes: readonly number[], size: number): string {
  const isCut = codes.length > mostElements;
  let shown = codes.slice(0, mostElements);
  if (!isCut && shown.at(-1) === 0) shown = shown.slice(0, -1);
  return literal(shown, size, isCut);
}

/** The text that a pointer leads to, which ends before a zero unless it was cut. */
export function pointedText(codes: readonly number[], size: number, isCut: boolean): string {
  return literal(codes, size, isCut);
}

function literal(codes: readonly number[], size: number, isCut: boolean): string {
  const prefix = prefixOf(size);
  if (codes.length === 0) return `${prefix}""${isCut ? '...' : ''}`;
  const parts: string[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') parts.push(`${prefix}"${text}"`);
    text = '';
  };
  for (let index = 0; index < codes.length; ) {
    const code = codes[index]!;
    let run = 1;
    while (codes[index + run] === code) run++;
    if (run >= repeats) {
      flush();
      parts.push(`${prefix}'${escaped(code, "'", size)}' <repeats ${run} times>`);
      index += run;
    } else {
      text += escaped(code, '"', size);
      index++;
    }
  }
  flush();
  return parts.join(', ') + (isCut ? '...' : '');
}

/** The elements of an array as text: `1, 2, 0 <repeats 20 times>...`. */
export function elementsText(texts: readonly string[], isCut: boolean): string {
  const parts: string[] = [];
  for (let index = 0; index < texts.length; ) {
    const text = texts[index]!;
    let run = 1;
    while (texts[index + run] === text) run++;
    if (run >= repeats) parts.push(`${text} <repeats ${run} times>`);
    else parts.push(...Array.from({ length: run }, () => text));
    index += run;
  }
  return parts.join(', ') + (isCut ? '...' : '');
}
