import * as vscode from 'vscode';
import { functionsOf, isTraceableDocument } from './document-functions';
import type { Marker } from './marker';
import { bound, moved, shifted, withoutFile } from './marker-changes';
import type { MarkerStore } from './marker-store';

/** Milliseconds without typing after which the functions of a document are looked for again. */
const pause = 150;

/** Keeps the markers on their functions while documents are edited, renamed and deleted. */
export function followDocuments(store: MarkerStore): vscode.Disposable {
  const names = new WeakMap<vscode.TextDocument, ReadonlySet<string>>();
  const timers = new Map<vscode.TextDocument, NodeJS.Timeout>();

  const bind = (document: vscode.TextDocument): void => {
    timers.delete(document);
    const functions = functionsOf(document);
    const known = new Set(functions.map((range) => range.name));
    const before = names.get(document) ?? known;
    names.set(document, known);
    store.change((markers) => bound(markers, document.uri.toString(), functions, before));
  };
  const opened = (document: vscode.TextDocument): void => {
    if (isTraceableDocument(document)) bind(document);
  };
  const edited = ({ document, contentChanges }: vscode.TextDocumentChangeEvent): void => {
    if (contentChanges.length === 0 || !isTraceableDocument(document)) return;
    const changes = contentChanges.map(({ range, text }) => ({
      startLine: range.start.line,
      startCharacter: range.start.character,
      endLine: range.end.line,
      newLines: text.split('\n').length - 1,
    }));
    store.change((markers) => shifted(markers, document.uri.toString(), changes));
    clearTimeout(timers.get(document));
    timers.set(
      document,
      setTimeout(() => bind(document), pause),
    );
  };

  vscode.workspace.textDocuments.forEach(opened);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(opened),
    vscode.workspace.onDidChangeTextDocument(edited),
    vscode.workspace.onDidCloseTextDocument((document) => {
      clearTimeout(timers.get(document));
      timers.delete(document);
    }),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) store.change((markers) => moved(markers, oldUri.toString(), newUri.toString()));
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) store.change((markers) => withoutFile(markers, uri.toString()));
    }),
    new vscode.Disposable(() => timers.forEach(clearTimeout)),
  );
}

/** Markers of open documents at the lines of their functions' names: a program knows only where their code begins. */
export function boundToDocuments(markers: readonly Marker[]): readonly Marker[] {
  return vscode.workspace.textDocuments.filter(isTraceableDocument).reduce((all, document) => {
    const functions = functionsOf(document);
    return bound(all, document.uri.toString(), functions, new Set(functions.map(({ name }) => name)));
  }, markers);
}
