import * as vscode from 'vscode';
import { functionsOf, isTraceableDocument } from './document-functions';
import type { Marker } from './marker';
import type { MarkerStore } from './marker-store';
import { type MarkerIcon, type MarkerReport, markerIcons, viewOf } from './marker-view';

/** What is known of a marker from sessions, the one to show first. */
export interface MarkerReports {
  readonly onDidChange: vscode.Event<void>;
  reportsOf(marker: Marker): readonly MarkerReport[];
}

/** Shows the markers in the gutter of every visible editor, and their hits after the function's line. */
export function decorateMarkers(extensionUri: vscode.Uri, store: MarkerStore, sessions: MarkerReports): vscode.Disposable {
  const types = Object.fromEntries(markerIcons.map((icon) => [icon, decorationType(extensionUri, icon)])) as Record<
    MarkerIcon,
    vscode.TextEditorDecorationType
  >;

  const draw = (editor: vscode.TextEditor): void => {
    if (!isTraceableDocument(editor.document)) return;
    const options = new Map<MarkerIcon, vscode.DecorationOptions[]>(markerIcons.map((icon) => [icon, []]));
    const functions = functionsOf(editor.document);
    for (const marker of store.in(editor.document.uri)) {
      const found = functions.some((range) => range.name === marker.function);
      const view = viewOf(marker, found, sessions.reportsOf(marker));
      const line = editor.document.lineAt(Math.min(marker.line, editor.document.lineCount - 1));
      options.get(view.icon)!.push({
        range: line.range,
        hoverMessage: view.hover.map((sentence) => new vscode.MarkdownString(sentence)),
        ...(view.note && { renderOptions: { after: { contentText: view.note } } }),
      });
    }
    for (const [icon, ranges] of options) editor.setDecorations(types[icon], ranges);
  };
  const drawAll = (): void => vscode.window.visibleTextEditors.forEach(draw);

  drawAll();
  return vscode.Disposable.from(
    ...Object.values(types),
    store.onDidChange(drawAll),
    sessions.onDidChange(drawAll),
    vscode.window.onDidChangeVisibleTextEditors(drawAll),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) draw(editor);
    }),
  );
}

function decorationType(extensionUri: vscode.Uri, icon: MarkerIcon): vscode.TextEditorDecorationType {
  const picture = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'extension/icons', `${icon}-${theme}.svg`);
  return vscode.window.createTextEditorDecorationType({
    light: { gutterIconPath: picture('light') },
    dark: { gutterIconPath: picture('dark') },
    gutterIconSize: 'contain',
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { margin: '0 0 0 3ch', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
  });
}
