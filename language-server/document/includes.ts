import type { AssemblyDocument } from './assembly-document';
import type { DocumentLine } from './document-line';
import { nameOf, operationOf } from './parsed-line';

/** A file that a line names. Columns count from 0 and are those of the name without its quotes. */
export interface FileReference {
  readonly line: DocumentLine;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** An `.incbin` is data and brings no names. */
  readonly isSource: boolean;
}

const preprocessorInclude = /^\s*#\s*include\s*"([^"]*)"/d;

/** The files that a document names with `.include`, `.incbin` and `#include`. */
export function fileReferences(document: AssemblyDocument): FileReference[] {
  return [...document.index.filesNamed].sort((left, right) => left.number - right.number).flatMap(referencesIn);
}

/** The files that one line names. */
export function referencesIn(line: DocumentLine): FileReference[] {
  const { parsed } = line;
  if (parsed.isDirective) {
    const match = preprocessorInclude.exec(parsed.code);
    const place = match?.indices?.[1];
    return place ? [{ line, name: match[1]!, start: place[0], end: place[1], isSource: true }] : [];
  }
  return parsed.statements.flatMap((statement) => {
    const operation = operationOf(statement);
    const [file] = statement.operands;
    if ((operation !== '.include' && operation !== '.incbin') || file?.kind !== 'string') return [];
    const start = file.column;
    return [{ line, name: nameOf(file)!, start, end: start + file.length - 2, isSource: operation === '.include' }];
  });
}
