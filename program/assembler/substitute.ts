import { type SourceLine, writtenColumn } from './source-line';

/** What stands for parameters in one round through a body. */
export interface Substitution {
  readonly values: ReadonlyMap<string, string>;
  /** What `\@` stands for; absent in repetitions. */
  readonly number?: number;
}

const marks = /\\(?:@|\(([^)]*)\)|([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*))/g;

/**
 * A line of a body with its `\name`, `\@` and `\()` replaced; a name that is no parameter stays as it is. The length of the text in
 * UTF-16 code units is never above `most`: undefined then.
 */
export function substitute(line: SourceLine, { values, number }: Substitution, most: number): SourceLine | undefined {
  if (!line.text.includes('\\')) return line;
  let text = '';
  const columns: number[] = [];
  let position = 0;
  const copy = (end: number) => {
    for (let index = position; index < end; index++) columns.push(writtenColumn(line, index + 1));
    text += line.text.slice(position, end);
    position = end;
  };
  for (const match of line.text.matchAll(marks)) {
    const value = match[0] === '\\@' ? number?.toString() : (match[1] ?? values.get(match[2]!));
    if (value === undefined) continue;
    copy(match.index);
    if (text.length + value.length + line.text.length > most) return undefined;
    for (let index = 0; index < value.length; index++) columns.push(writtenColumn(line, match.index + 1));
    text += value;
    position = match.index + match[0].length;
  }
  copy(line.text.length);
  columns.push(writtenColumn(line, line.text.length + 1));
  return { ...line, text, columns };
}
