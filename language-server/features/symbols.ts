import { type DocumentSymbol, type Range, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { type OutlineItem, type OutlineKind, outlineOf } from '../document/outline';
import { rangeOf } from '../workspace/names';
import type { Workspace } from '../workspace/workspace';

const kinds: Readonly<Record<OutlineKind, SymbolKind>> = {
  function: SymbolKind.Function,
  object: SymbolKind.Variable,
  label: SymbolKind.Key,
  constant: SymbolKind.Constant,
  macro: SymbolKind.Operator,
  section: SymbolKind.Namespace,
};

/** The outline of a document: functions with their labels, objects, constants, macros, sections. */
export function documentSymbols(document: AssemblyDocument): DocumentSymbol[] {
  return outlineOf(document).map((item) => symbolOf(document, item));
}

function symbolOf(document: AssemblyDocument, item: OutlineItem): DocumentSymbol {
  const range = linesRange(document, item);
  return {
    name: item.name,
    detail: item.kind,
    kind: kinds[item.kind],
    range,
    selectionRange: rangeOf(item),
    children: item.children.map((child) => symbolOf(document, child)),
  };
}

/** Whole lines. */
export function linesRange(document: AssemblyDocument, { start, end }: { readonly start: number; readonly end: number }): Range {
  return { start: { line: start, character: 0 }, end: { line: end, character: document.line(end)?.text.length ?? 0 } };
}

const mostFound = 1000;

/** Names in all sources that have the letters of the query in their order. */
export function workspaceSymbols(workspace: Workspace, query: string): WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = [];
  for (const document of workspace.documents) {
    for (const item of outlineOf(document)) {
      if (item.kind === 'section' || !hasLetters(item.name, query)) continue;
      found.push({ name: item.name, kind: kinds[item.kind], location: { uri: document.uri, range: rangeOf(item) } });
      if (found.length >= mostFound) return found;
    }
  }
  return found;
}

function hasLetters(name: string, query: string): boolean {
  const text = name.toLowerCase();
  let position = 0;
  for (const letter of query.toLowerCase()) {
    position = text.indexOf(letter, position) + 1;
    if (position === 0) return false;
  }
  return true;
}
