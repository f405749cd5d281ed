import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { assemblyLanguage } from './language/assembly-language';

const showReferences = 'riscv-ftrace.showReferences';

/** Starts the language server when the first assembly file is opened, and ends it with the extension. */
export function startLanguageClient(extensionUri: vscode.Uri): vscode.Disposable {
  const module = vscode.Uri.joinPath(extensionUri, 'dist/language-server.js').fsPath;
  const client = new LanguageClient(
    'riscv-ftrace.assembly',
    'RISC-V Assembly',
    { module, transport: TransportKind.ipc },
    {
      documentSelector: [{ language: assemblyLanguage }],
      initializationOptions: { showReferences },
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.{s,S,asm,inc}') },
    },
  );
  const commands = vscode.commands.registerCommand(showReferences, (uri: string, position: Place, locations: readonly ServerLocation[]) => {
    const found = locations.map(({ uri: each, range }) => new vscode.Location(vscode.Uri.parse(each), rangeOf(range)));
    return vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(uri), positionOf(position), found);
  });
  client.start().catch((error) => {
    void vscode.window.showErrorMessage(`The RISC-V language server could not start: ${error instanceof Error ? error.message : error}`);
  });
  return vscode.Disposable.from(commands, { dispose: () => void client.dispose() });
}

/** Places as the protocol has them, which arguments of commands stay. */
interface Place {
  readonly line: number;
  readonly character: number;
}

interface ServerLocation {
  readonly uri: string;
  readonly range: { readonly start: Place; readonly end: Place };
}

function positionOf({ line, character }: Place): vscode.Position {
  return new vscode.Position(line, character);
}

function rangeOf({ start, end }: ServerLocation['range']): vscode.Range {
  return new vscode.Range(positionOf(start), positionOf(end));
}
