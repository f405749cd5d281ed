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
  let at = 0;
  for (let shown = 0; at < codes.length && shown < mostElements; ) {
    const character = characterAt(codes, at, size);
    const run = runOf(codes, at, character, size);
    if (character.isIncomplete) {
      flush();
      parts.push(`<incomplete sequence ${codes.slice(at).map(byteText).join('')}>`);
    } else if (run > repeats) {
      flush();
      parts.push(`${prefix}'${textOf(character, codes, at, size)}' <repeats ${run} times>`);
    } else text += textOf(character, codes, at, size).repeat(run);
    shown += run;
    at += run * character.units;
  }
  flush();
  return parts.join(', ') + (isCut || at < codes.length ? '...' : '');
}

/** How often a character is there in a row. What is no character here may start one further on. */
function runOf(codes: readonly number[], at: number, { code, units }: Character, size: number): number {
  let end = at + units;
  if (code !== undefined) while (end < codes.length && codes[end] === codes[end - units]) end++;
  else while (codes[end] === codes[at] && isInvalid(characterAt(codes, end, size))) end++;
  return Math.floor((end - at) / units);
}

function isInvalid({ code, isIncomplete }: Character): boolean {
  return code === undefined && !isIncomplete;
}

/** A character of so many bytes of UTF-8, or halves of UTF-16; `code` is undefined where they are none. */
interface Character {
  readonly code: number | undefined;
  readonly units: number;
  /** The text ends within it. */
  readonly isIncomplete?: boolean;
}

function characterAt(codes: readonly number[], at: number, size: number): Character {
  const code = codes[at]!;
  if (size === 1) return code < 0x80 ? { code, units: 1 } : inUtf8(codes, at);
  const next = codes[at + 1] ?? 0;
  const isPair = size === 2 && code >> 10 === 0x36 && next >> 10 === 0x37;
  return isPair ? { code: 0x10000 + ((code & 0x3ff) << 10) + (next & 0x3ff), units: 2 } : { code, units: 1 };
}

/** As glibc reads it, which takes the first byte of what was once of five or six bytes for a start too. */
function inUtf8(codes: readonly number[], at: number): Character {
  const first = codes[at]!;
  const none = { code: undefined, units: 1 };
  if (first < 0xc2 || first > 0xfd) return none;
  const units = first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : first < 0xfc ? 5 : 6;
  const rest = codes.slice(at + 1, at + units);
  if (rest.some((each) => each >> 6 !== 2)) return none;
  if (rest.length < units - 1) return { code: undefined, units: rest.length + 1, isIncomplete: true };
  const code = rest.reduce((bits, each) => (bits << 6) | (each & 0x3f), first & (0x7f >> units));
  const isShortest = units === 2 || code >= (units === 3 ? 0x800 : 0x10000);
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  return units <= 4 && isShortest && !isHalf && code <= 0x10ffff ? { code, units } : none;
}

/** Between single quotes too it is the double one that gdb escapes. */
function textOf({ code, units }: Character, codes: readonly number[], at: number, size: number): string {
  if (code === undefined) return byteText(codes[at]!);
  const isWide = size > 1 || code >= 0x80;
  const text = escaped(code, '"', isWide ? 4 : 1);
  // What is not printable is told by the units that it is of.
  return units > 1 && text.startsWith('\\')
    ? codes
        .slice(at, at + units)
        .map(byteText)
        .join('')
    : text;
}

function byteText(code: number): string {
  return code > 0o777 ? `\\x${code.toString(16)}` : `\\${code.toString(8).padStart(3, '0')}`;
}

export function repeated(text: string, count: number): string {
  return `${text} <repeats ${count} times>`;
}
