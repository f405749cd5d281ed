import * as vscode from 'vscode';
import type { LaunchArguments } from '../../debug-adapter/launch-arguments';
import type { TraceMarker } from '../../debug-adapter/trace-protocol';

export const debugType = 'riscv-ftrace';

/** Completes launch configurations: F5 without launch.json, the settings' compiler, the markers. */
export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  constructor(private readonly markers: () => TraceMarker[]) {}

  async resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const isEmpty = !configuration.type && !configuration.request && !configuration.name;
    if (!isEmpty && configuration.program) return configuration;
    const program = programInEditor() ?? (await chooseProgram());
    if (!program) return undefined;
    return isEmpty ? launchOf(program) : { ...configuration, program: program.fsPath };
  }

  resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration {
    const settings = vscode.workspace.getConfiguration(debugType, folder);
    const compiler = settings.get<string>('compiler');
    const compilerArgs = settings.get<string[]>('compilerArgs');
    const launch: Partial<LaunchArguments> = {
      ...(compiler && { compiler }),
      ...(compilerArgs?.length && { compilerArgs }),
      traceMarkers: this.markers(),
    };
    return { ...launch, ...configuration };
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

function programInEditor(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === 'file' && /\.([sS]|c)$/.test(uri.path) ? uri : undefined;
}

async function chooseProgram(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'The RISC-V program to debug',
    openLabel: 'Debug',
    filters: { 'RISC-V programs': ['s', 'S', 'c', 'elf'], 'All files': ['*'] },
  });
  return chosen?.[0];
}
