import * as vscode from 'vscode';
import { AdapterFactory } from './debug/adapter-factory';
import { ConfigurationProvider, debugProgram, debugType } from './debug/configuration-provider';
import { TraceSessions, traceMarkers } from './debug/trace-sessions';
import { showTranslatorStatistics } from './debug/translator-statistics';
import { chooseAssemblyLanguage } from './language/assembly-language';
import { followDocuments } from './markers/follow-documents';
import { registerMarkerCommands } from './markers/marker-commands';
import { decorateMarkers } from './markers/marker-decorations';
import { MarkerStore } from './markers/marker-store';
import { TraceLenses } from './markers/trace-lenses';
import { registerComparison } from './models/compare-models';
import { showModelChoice } from './models/model-choice';
import { registerSamples } from './samples';
import { TraceDocuments } from './trace-view/trace-documents';
import { TraceLinks } from './trace-view/trace-links';
import { TracefsProvider } from './tracefs/tracefs-provider';

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions, workspaceState } = context;
  const store = new MarkerStore(workspaceState);
  const sessions = new TraceSessions(store);
  const traces = new TraceDocuments(sessions);
  const adapters = new AdapterFactory(extensionUri);
  const configurations = new ConfigurationProvider(
    () => traceMarkers(store),
    () => adapters.startAhead(),
  );
  subscriptions.push(
    store,
    sessions,
    traces,
    adapters,
    registerMarkerCommands(store, sessions),
    followDocuments(store),
    decorateMarkers(extensionUri, store, sessions),
    new TraceLinks(store).register(),
    new TraceLenses(store, sessions),
    showModelChoice(),
    registerComparison(store),
    new TracefsProvider().register(),
    registerSamples(context),
    chooseAssemblyLanguage(),
    vscode.debug.registerDebugConfigurationProvider(debugType, configurations),
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, adapters),
    vscode.commands.registerCommand('riscv-ftrace.showTrace', () => traces.show()),
    vscode.commands.registerCommand('riscv-ftrace.showTranslatorStatistics', showTranslatorStatistics),
    vscode.commands.registerCommand('riscv-ftrace.debugFile', (uri?: vscode.Uri) => debugProgram(uri)),
  );
  // The client of the language server is a bundle of its own, which is read when the rest has been activated.
  setTimeout(async () => {
    const { startLanguageClient } = await import('./language-client');
    subscriptions.push(startLanguageClient(extensionUri));
  });
}
