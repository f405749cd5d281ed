import { strict as assert } from 'node:assert';
import type { Position, Range } from 'vscode-languageserver';
import type { AssemblyDocument } from '../../language-server/document/assembly-document';
import type { FileAccess } from '../../language-server/workspace/file-access';
import { Workspace } from '../../language-server/workspace/workspace';

/** A workspace whose sources are given as texts, with the cursor marked by `‸` in one of them. */
export interface Fixture {
  readonly workspace: Workspace;
  /** The document with the cursor, else the first. */
  readonly document: AssemblyDocument;
  /** Where the cursors are, in order, if the text has any. */
  readonly cursors: readonly Position[];
  readonly cursor: Position;
}

const root = 'file:///project/';

/** `sources` by file name; a text alone is `main.s`. All of them are open. */
export function fixture(sources: string | Readonly<Record<string, string>>): Fixture {
  const texts = typeof sources === 'string' ? { 'main.s': sources } : sources;
  const workspace = new Workspace(noFiles);
  let marked: { document: AssemblyDocument; cursors: Position[] } | undefined;
  let first: AssemblyDocument | undefined;
  for (const [name, text] of Object.entries(texts)) {
    const { plain, cursors } = withoutCursors(text);
    const document = workspace.opened(root + name, plain, 1);
    first ??= document;
    if (cursors.length > 0) marked = { document, cursors };
  }
  const document = marked?.document ?? first;
  assert.ok(document);
  const cursors = marked?.cursors ?? [];
  return { workspace, document, cursors, cursor: cursors[0] ?? { line: 0, character: 0 } };
}

export const noFiles: FileAccess = { read: () => undefined, list: async () => [] };

function withoutCursors(text: string): { plain: string; cursors: Position[] } {
  const cursors: Position[] = [];
  const plain = text.split('\n').map((line, number) => {
    let rest = line;
    for (let at = rest.indexOf('‸'); at >= 0; at = rest.indexOf('‸')) {
      cursors.push({ line: number, character: at });
      rest = rest.slice(0, at) + rest.slice(at + 1);
    }
    return rest;
  });
  return { plain: plain.join('\n'), cursors };
}

/** The text of a range. */
export function textIn(document: AssemblyDocument, { start, end }: Range): string {
  const lines = document.text.split('\n').slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.character);
  lines[0] = lines[0]!.slice(start.character);
  return lines.join('\n');
}

/** `line:text` of each range, lines from 1. */
export function placesIn(document: AssemblyDocument, ranges: readonly Range[]): string[] {
  return ranges.map((range) => `${range.start.line + 1}:${textIn(document, range)}`);
}

/** The text after edits that do not overlap. */
export function edited(document: AssemblyDocument, edits: readonly { readonly range: Range; readonly newText: string }[]): string {
  const sorted = [...edits].sort((a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character);
  const copy = document.text.split('\n');
  for (const { range, newText } of sorted) {
    const before = copy[range.start.line]!.slice(0, range.start.character);
    const after = (copy[range.end.line] ?? '').slice(range.end.character);
    const isPastEnd = range.end.line >= copy.length;
    copy.splice(range.start.line, range.end.line - range.start.line + 1, ...(before + newText + (isPastEnd ? '' : after)).split('\n'));
  }
  return copy.join('\n');
}
