import * as vscode from 'vscode';

/** The command that opens a copy of a sample that comes with the extension, to be changed and debugged freely. */
export function registerSamples({ extensionUri, globalStorageUri }: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('riscv-ftrace.openSample', async () => {
    const shipped = vscode.Uri.joinPath(extensionUri, 'samples');
    const names = (await vscode.workspace.fs.readDirectory(shipped)).map(([name]) => name).filter((name) => /\.(s|S|c)$/.test(name));
    const name = await vscode.window.showQuickPick(names, {
      title: 'A sample program',
      placeHolder: 'Each says what to mark and what to see',
    });
    if (!name) return;
    const copy = vscode.Uri.joinPath(globalStorageUri, 'samples', name);
    if (!(await exists(copy))) await vscode.workspace.fs.copy(vscode.Uri.joinPath(shipped, name), copy);
    await vscode.window.showTextDocument(copy, { viewColumn: vscode.ViewColumn.One });
  });
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
