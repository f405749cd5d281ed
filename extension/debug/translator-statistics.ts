import * as vscode from 'vscode';
import type { TranslatorStatisticsResponseBody } from '../../debug-adapter/trace-protocol';
import { debugType } from './configuration-provider';

/** Opens how the translator of hot code fares in the session that the user looks at. */
export async function showTranslatorStatistics(): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType) {
    void vscode.window.showInformationMessage('No RISC-V program is being debugged.');
    return;
  }
  const { lines } = (await session.customRequest('translatorStatistics')) as TranslatorStatisticsResponseBody;
  const content = `${[session.name, ...lines].join('\n')}\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }), { preview: true });
}
