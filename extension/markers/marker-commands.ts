import * as vscode from 'vscode';
import { functionsOf, isTraceableDocument } from './document-functions';
import { functionAtLine } from './function-at-line';
import { type FunctionRange, type Marker, sameFunction } from './marker';
import { toggled } from './marker-changes';
import type { MarkerReports } from './marker-decorations';
import type { MarkerStore } from './marker-store';
import { summaryOf } from './marker-view';

/** Milliseconds. */
const messageTime = 4000;

/** What the line-number context menu hands to its commands; the line counts from 1. */
interface LineNumberContext {
  lineNumber: number;
  uri: vscode.Uri;
}

/** The commands that set, list and remove markers. */
export function registerMarkerCommands(store: MarkerStore, reports: MarkerReports): vscode.Disposable {
  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    register('riscv-ftrace.toggleTrace', (context?: unknown) => toggle(store, context, false)),
    register('riscv-ftrace.toggleTraceAndStop', (context?: unknown) => toggle(store, context, true)),
    register('riscv-ftrace.listMarkers', () => list(store, reports)),
    register('riscv-ftrace.removeAllMarkers', () => store.change((markers) => (markers.length === 0 ? markers : []))),
  );
}

async function toggle(store: MarkerStore, context: unknown, stop: boolean): Promise<void> {
  const place = await placeOf(context);
  if (!place || !isTraceableDocument(place.document)) {
    void vscode.window.showInformationMessage(
      'Functions can be marked in assembly (.s, .S, .asm, .inc), C (.c, .h) and C++ (.cpp, .cc, .cxx, .hpp) files.',
    );
    return;
  }
  const { document, line } = place;
  const uri = document.uri.toString();
  const found = functionAtLine(functionsOf(document), line);
  if (found.inside) {
    toggleFunction(store, uri, found.inside, stop);
    return;
  }
  if (store.in(document.uri).some((marker) => marker.line === line)) {
    store.change((markers) => markers.filter((marker) => marker.uri !== uri || marker.line !== line));
    return;
  }
  await offerNearest(store, uri, line, found.nearest, stop);
}

async function offerNearest(
  store: MarkerStore,
  uri: string,
  line: number,
  nearest: FunctionRange | undefined,
  stop: boolean,
): Promise<void> {
  if (!nearest) {
    void vscode.window.showInformationMessage(`Line ${line + 1} is in no function, and this file has none.`);
    return;
  }
  const action = `Trace ${nearest.name}`;
  const place = `Line ${line + 1} is in no function. The nearest is ${nearest.name}, line ${nearest.line + 1}.`;
  if ((await vscode.window.showInformationMessage(place, action)) !== action) return;
  const marked = store.all.some((marker) => marker.uri === uri && marker.function === nearest.name);
  if (!marked) toggleFunction(store, uri, nearest, stop);
}

/** The function's line, with its icon, may be out of sight: the status bar tells what was done. */
function toggleFunction(store: MarkerStore, uri: string, target: FunctionRange, stop: boolean): void {
  store.change((markers) => toggled(markers, uri, target, stop));
  const marker = store.all.find((each) => each.uri === uri && each.function === target.name);
  const now = marker ? (marker.stop ? 'trace and stop' : 'trace') : 'no longer traced';
  vscode.window.setStatusBarMessage(`$(pulse) ${target.name}, line ${target.line + 1}: ${now}`, messageTime);
}

async function placeOf(context: unknown): Promise<{ document: vscode.TextDocument; line: number } | undefined> {
  if (isLineNumberContext(context)) {
    return { document: await vscode.workspace.openTextDocument(context.uri), line: context.lineNumber - 1 };
  }
  const editor = vscode.window.activeTextEditor;
  return editor && { document: editor.document, line: editor.selection.active.line };
}

function isLineNumberContext(context: unknown): context is LineNumberContext {
  return typeof context === 'object' && context !== null && 'lineNumber' in context && 'uri' in context;
}

type MarkerItem = vscode.QuickPickItem & { marker: Marker };

/** All markers with their states, for the keyboard and for screen readers: choose one to go to it, or its button to remove it. */
function list(store: MarkerStore, reports: MarkerReports): void {
  if (store.all.length === 0) {
    void vscode.window.showInformationMessage('No function is marked: right-click a line number to mark one.');
    return;
  }
  const remove: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Remove' };
  const items = (): MarkerItem[] =>
    store.all.map((marker) => ({
      marker,
      label: marker.function,
      description: `${vscode.workspace.asRelativePath(vscode.Uri.parse(marker.uri))}:${marker.line + 1}`,
      detail: summaryOf(marker, reports.reportsOf(marker)),
      buttons: [remove],
    }));
  const picker = vscode.window.createQuickPick<MarkerItem>();
  picker.title = 'Trace Markers';
  picker.placeholder = 'Go to a traced function';
  picker.items = items();
  picker.onDidTriggerItemButton(({ item }) => {
    store.change((markers) => markers.filter((marker) => !sameFunction(marker, item.marker)));
    picker.items = items();
  });
  picker.onDidAccept(() => {
    const [item] = picker.selectedItems;
    picker.hide();
    if (item) void goTo(item.marker);
  });
  picker.onDidHide(() => picker.dispose());
  picker.show();
}

async function goTo(marker: Marker): Promise<void> {
  const position = new vscode.Position(marker.line, 0);
  await vscode.window.showTextDocument(vscode.Uri.parse(marker.uri), { selection: new vscode.Range(position, position) });
}
