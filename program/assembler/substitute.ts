import { type SourceLine, writtenColumn } from './source-line';

/** What stands for parameters in one round through a body. */
export interface Substitution {
  readonly values: ReadonlyMap<string, string>;
  /** What `\@` stands for; absent in repetitions. */
  readonly number?: number;
  /** In the alternate mode (`.altmacro`) the names that `LOCAL` made so far; parameters then stand also without a backslash. */
  readonly locals?: Map<string, string> | undefined;
}

const marks = /\\(?:@|\(([^)]*)\)|([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*))|&([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*)/g;
/** In the alternate mode a name may be bare, and a `&` may end it. */
const alternateMarks = new RegExp(
  `${marks.source.replaceAll('*)', '*)&?').replace('[^)]*)&?', '[^)]*)')}|(?<![\\w.$])([A-Za-z_.$\u0080-\uffff][\\w.$\u0080-\uffff]*)&?`,
  'g',
);

/**
 * A line of a body with its `\name`, `&name`, `\@` and `\()` replaced; a name that is no parameter stays as it is. The length of the
 * text in UTF-16 code units is never above `most`: undefined then.
 */
export function substitute(line: SourceLine, { values, number, locals }: Substitution, most: number): SourceLine | undefined {
  if (!locals && !line.text.includes('\\') && !line.text.includes('&')) return line;
  let text = '';
  const columns: number[] = [];
  let position = 0;
  const copy = (end: number) => {
    for (let index = position; index < end; index++) columns.push(writtenColumn(line, index + 1));
    text += line.text.slice(position, end);
    position = end;
  };
  for (const match of line.text.matchAll(locals ? alternateMarks : marks)) {
    const [whole, literal, marked, joined, bare] = match;
    const named = marked ?? joined ?? bare ?? '';
    const value = whole === '\\@' ? number?.toString() : (literal ?? locals?.get(named) ?? values.get(named));
    if (value === undefined) {
      // GNU as takes the `&` that ends a name also where the name is no parameter.
      if (joined === undefined && named !== '' && whole.endsWith('&')) {
        copy(match.index + whole.length - 1);
        position++;
      }
      continue;
    }
    copy(match.index);
    if (text.length + value.length + line.text.length > most) return undefined;
    for (let index = 0; index < value.length; index++) columns.push(writtenColumn(line, match.index + 1));
    text += value;
    position = match.index + whole.length;
  }
  copy(line.text.length);
  columns.push(writtenColumn(line, line.text.length + 1));
  return { ...line, text, columns };
}

/** The names that a line `LOCAL first, second` of the alternate mode declares; undefined for any other line. */
export function localNames(text: string): readonly string[] | undefined {
  const match = /^\s*LOCAL\s+(.*)$/i.exec(text);
  return match?.[1]?.split(/[\s,]+/).filter((each) => each !== '');
}
