import * as vscode from 'vscode';
import type { CompareModelsResponseBody } from '../../debug-adapter/trace-protocol';
import { debugType } from '../debug/configuration-provider';
import type { MarkerStore } from '../markers/marker-store';

/** The command that measures what a traced call of the marked functions costs under each model, on the program being debugged. */
export function registerComparison(store: MarkerStore): vscode.Disposable {
  return vscode.commands.registerCommand('riscv-ftrace.compareModels', async () => {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) {
      void vscode.window.showInformationMessage('Start debugging a program first: it is run under each model.');
      return;
    }
    const functions = store.all.map((marker) => marker.function);
    if (functions.length === 0) {
      void vscode.window.showInformationMessage('Mark a function first: the costs of its traced calls are compared.');
      return;
    }
    const progress = { location: vscode.ProgressLocation.Notification, title: 'Running the program under each model of ftrace' };
    try {
      const { text } = await vscode.window.withProgress(
        progress,
        () => session.customRequest('compareModels', { functions }) as Thenable<CompareModelsResponseBody>,
      );
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text, language: 'plaintext' }), {
        preview: true,
      });
    } catch (error) {
      void vscode.window.showErrorMessage(`The models cannot be compared: ${error instanceof Error ? error.message : error}`);
    }
  });
}
