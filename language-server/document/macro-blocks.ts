import type { AssemblyDocument } from './assembly-document';
import type { DocumentLine } from './document-line';
import { operationOf } from './parsed-line';

/** Lines from the head of a macro or repetition to its end, from 0. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

const openers: ReadonlySet<string> = new Set(['.macro', '.rept', '.irp', '.irpc']);
const closers: ReadonlySet<string> = new Set(['.endm', '.endr']);
const mayMatter = /\.(?:macro|rept|irpc?|endm|endr)\b/i;

/** The innermost macro or repetition that a line is in; one that is never closed goes to the end of the document. */
export function macroAround(document: AssemblyDocument, number: number): Block | undefined {
  let depth = 0;
  for (let start = balance(document.line(number)) < 0 ? number - 1 : number; start >= 0; start--) {
    depth += balance(document.line(start));
    if (depth > 0) return { start, end: endOf(document, start) };
  }
  return undefined;
}

function endOf(document: AssemblyDocument, start: number): number {
  let depth = 0;
  for (let end = start; end < document.lines.length; end++) {
    depth += balance(document.line(end));
    if (depth <= 0) return end;
  }
  return document.lines.length - 1;
}

/** How many more blocks a line opens than it closes. */
function balance(line: DocumentLine | undefined): number {
  if (!line || !mayMatter.test(line.text)) return 0;
  let open = 0;
  for (const statement of line.parsed.statements) {
    const operation = operationOf(statement) ?? '';
    if (openers.has(operation)) open++;
    if (closers.has(operation)) open--;
  }
  return open;
}
