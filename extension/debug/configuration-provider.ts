import * as vscode from 'vscode';
import type { LaunchArguments } from '../../debug-adapter/launch-arguments';
import type { TraceMarker } from '../../debug-adapter/trace-protocol';
import { isProgramSource } from '../../program/source-language';

export const debugType = 'riscv-ftrace';

/** Completes launch configurations: F5 without launch.json, the settings' compiler, the markers. */
export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  private hasShownRunView = false;

  /** `resolving` is called when a program is about to be debugged. */
  constructor(
    private readonly markers: () => TraceMarker[],
    private readonly resolving: () => void,
  ) {}

  async resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const isEmpty = !configuration.type && !configuration.request && !configuration.name;
    const isComplete = !isEmpty && configuration.program;
    const program = isComplete ? undefined : (programInEditor() ?? (await chooseProgram()));
    if (!isComplete && !program) return undefined;
    this.resolving();
    if (!program) return configuration;
    return isEmpty ? launchOf(program) : { ...configuration, program: program.fsPath };
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    if (!configuration.noDebug && this.mayStop(configuration)) await this.showRunView();
    const settings = vscode.workspace.getConfiguration(debugType, folder);
    const compiler = settings.get<string>('compiler');
    const compilerArgs = settings.get<string[]>('compilerArgs');
    const model = settings.get<string>('ftrace.model');
    const patching = settings.get<string>('ftrace.patching');
    const isTold = configuration['ftrace.model'] !== undefined;
    const launch: Partial<LaunchArguments> = {
      ...(model && { 'ftrace.model': model }),
      ...(patching && !isTold && { 'ftrace.patching': patching }),
      ...(compiler && { compiler }),
      ...(compilerArgs?.length && { compilerArgs }),
      traceMarkers: this.markers(),
    };
    return { ...launch, ...configuration };
  }

  private mayStop({ stopOnEntry }: vscode.DebugConfiguration): boolean {
    return stopOnEntry === true || this.markers().some(({ stop }) => stop) || vscode.debug.breakpoints.some(({ enabled }) => enabled);
  }

  /** VS Code opens that view at a stop anyway, but where it was never shown, with its scopes closed: the first is to be open. */
  private async showRunView(): Promise<void> {
    if (this.hasShownRunView || vscode.workspace.getConfiguration('debug').get('openDebug') !== 'openOnDebugBreak') return;
    this.hasShownRunView = true;
    await vscode.commands.executeCommand('workbench.view.debug');
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  }
}

/** Starts debugging a program without a launch configuration. */
export async function debugProgram(program: vscode.Uri | undefined): Promise<void> {
  const chosen = program ?? programInEditor() ?? (await chooseProgram());
  if (chosen) await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(chosen), launchOf(chosen));
}

function launchOf(program: vscode.Uri): vscode.DebugConfiguration {
  const name = program.path.split('/').at(-1)!;
  return { type: debugType, request: 'launch', name, program: program.fsPath };
}

/** The program in the editor that has the focus; where that is none, as the trace, the only program in sight. */
function programInEditor(): vscode.Uri | undefined {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && isProgram(active)) return active;
  const inSight = new Map(
    vscode.window.visibleTextEditors
      .map(({ document }) => document.uri)
      .filter(isProgram)
      .map((uri) => [uri.toString(), uri]),
  );
  return inSight.size === 1 ? [...inSight.values()][0] : undefined;
}

function isProgram({ scheme, path }: vscode.Uri): boolean {
  return scheme === 'file' && isProgramSource(path);
}

async function chooseProgram(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'The RISC-V program to debug',
    openLabel: 'Debug',
    filters: { 'RISC-V programs': ['s', 'S', 'asm', 'c', 'cpp', 'cc', 'cxx', 'elf'], 'All files': ['*'] },
  });
  return chosen?.[0];
}
