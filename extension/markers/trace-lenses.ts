import * as vscode from 'vscode';
import { functionsOf, isTraceableDocument } from './document-functions';
import type { MarkerReports } from './marker-decorations';
import type { MarkerStore } from './marker-store';
import { lensTitle } from './trace-lens';

/** A lens over each function of assembly, C and C++: whether it is traced, and its calls in the last run. A click toggles its marker. */
export class TraceLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly store: MarkerStore,
    private readonly reports: MarkerReports,
  ) {
    const fire = () => this.changed.fire();
    this.subscriptions = vscode.Disposable.from(
      store.onDidChange(fire),
      reports.onDidChange(fire),
      vscode.languages.registerCodeLensProvider([{ language: 'riscv-asm' }, { language: 'c' }, { language: 'cpp' }], this),
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('riscv-ftrace.traceLens') && fire()),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const isOn = vscode.workspace.getConfiguration('riscv-ftrace', document).get<boolean>('traceLens', true);
    if (!isOn || !isTraceableDocument(document)) return [];
    const markers = new Map(this.store.in(document.uri).map((marker) => [marker.function, marker]));
    return functionsOf(document).map(({ name, line }) => {
      const marker = markers.get(name);
      const title = lensTitle(marker, marker ? this.reports.reportsOf(marker) : []);
      const argument = { uri: document.uri, lineNumber: line + 1 };
      const command = { title, command: 'riscv-ftrace.toggleTrace', arguments: [argument], tooltip: `Trace ${name} on or off` };
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command);
    });
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.changed.dispose();
  }
}
