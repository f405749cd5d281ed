import * as vscode from 'vscode';
import { debugType } from '../debug/configuration-provider';

/** The models of ftrace as the user chooses among them. */
const models: readonly (vscode.QuickPickItem & { readonly model: string; readonly patching: string })[] = [
  {
    label: 'args',
    description: 'Linux 6.10 to 6.15, one instruction written',
    detail: 'One trampoline, ftrace_regs of 112 bytes; the call site is toggled by one store.',
    model: 'args',
    patching: 'single',
  },
  {
    label: 'args, pair',
    description: 'Linux 6.10 to 6.15, both instructions written',
    detail: 'As those kernels shipped it: every hart stands still while a call site is written.',
    model: 'args',
    patching: 'pair',
  },
  {
    label: 'regs',
    description: 'Linux 6.3 to 6.9',
    detail: 'pt_regs of 288 bytes, ftrace_caller and ftrace_regs_caller, both instructions written.',
    model: 'regs',
    patching: 'pair',
  },
  {
    label: 'call-ops',
    description: 'Linux 6.16 and later',
    detail: 'The ops to call is named in the 8 bytes before the function; direct calls need no frame.',
    model: 'call-ops',
    patching: 'single',
  },
];

/** A status bar item that shows the model of ftrace in force, and the command that chooses it. */
export function showModelChoice(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('riscv-ftrace.model', vscode.StatusBarAlignment.Right, 90);
  item.name = 'RISC-V Ftrace Model';
  item.command = 'riscv-ftrace.chooseModel';
  const update = () => {
    const { model, patching } = modelInForce();
    const chosen = models.find((each) => each.model === model && (patching === '' || each.patching === patching));
    item.text = `$(pulse) ftrace: ${chosen?.label ?? model}`;
    item.tooltip = chosen ? `${chosen.description}. ${chosen.detail} Click to choose another.` : 'Click to choose a model of ftrace.';
    if (vscode.debug.activeDebugSession?.type === debugType || isProgram(vscode.window.activeTextEditor)) item.show();
    else item.hide();
  };
  update();
  return vscode.Disposable.from(
    item,
    vscode.commands.registerCommand('riscv-ftrace.chooseModel', choose),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.debug.onDidChangeActiveDebugSession(update),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(debugType) && update()),
  );
}

/** The model of the session that is looked at, else that of the settings. */
function modelInForce(): { model: string; patching: string } {
  const session = vscode.debug.activeDebugSession;
  const settings = vscode.workspace.getConfiguration(debugType);
  const launched: Partial<vscode.DebugConfiguration> = session?.type === debugType ? session.configuration : {};
  const model = launched['ftrace.model'] ?? settings.get<string>('ftrace.model', 'args');
  return { model, patching: launched['ftrace.patching'] ?? settings.get<string>('ftrace.patching', '') };
}

async function choose(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(models, {
    title: 'As which kernels should functions be traced?',
    matchOnDescription: true,
  });
  if (!chosen) return;
  const settings = vscode.workspace.getConfiguration(debugType);
  const target = vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update('ftrace.model', chosen.model, target);
  await settings.update('ftrace.patching', chosen.model === 'args' ? chosen.patching : '', target);
  if (vscode.debug.activeDebugSession?.type !== debugType) return;
  const again = 'Restart';
  const answer = await vscode.window.showInformationMessage('The model takes effect when the program is started anew.', again);
  if (answer === again) await vscode.commands.executeCommand('workbench.action.debug.restart');
}

function isProgram(editor: vscode.TextEditor | undefined): boolean {
  return editor !== undefined && /\.([sS]|[ch])$/.test(editor.document.uri.path);
}
