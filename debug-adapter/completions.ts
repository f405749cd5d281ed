import type { DebugProtocol } from '@vscode/debugprotocol';
import { shellCommands, TracefsShell } from '../ftrace/tracefs/shell';
import type { Program } from '../program/program';
import { fNames, xNames } from '../riscv/registers';
import type { LaunchedProgram } from './launch';
import { tracefsCompletions } from './tracefs';

const most = 200;
const commands = ['eof', 'help', 'print', 'x/8xw', ...shellCommands];

/** What the name before the cursor can become: a register, a symbol or, at the start of a line, a command. */
export function completions(
  { debuggee }: LaunchedProgram,
  { text, column }: DebugProtocol.CompletionsArguments,
): DebugProtocol.CompletionsResponse['body'] {
  const before = text.slice(0, Math.max(0, column - 1));
  if (TracefsShell.understands(before) && /\s/.test(before.trimStart())) {
    const length = /[^\s>]*$/.exec(before)![0].length;
    const labels = tracefsCompletions(debuggee.tracefs, debuggee.ftrace.functions, before).slice(0, most);
    return { targets: labels.map((label) => ({ label, type: 'file', start: before.length - length, length })) };
  }
  const name = /\$?[\w.]*$/.exec(before)![0];
  const wanted = name.replace(/^\$/, '');
  const isFirst = before === name && !name.startsWith('$');
  const names = [
    ...(isFirst ? commands.map((label) => ({ label, type: 'keyword' as const })) : []),
    ...registers(name.startsWith('$')).map((label) => ({ label, type: 'variable' as const })),
    ...(name.startsWith('$') ? [] : symbolNames(debuggee.program).map((label) => ({ label, type: 'reference' as const }))),
  ];
  const targets = names.filter(({ label }) => label.replace(/^\$/, '').startsWith(wanted)).slice(0, most);
  return { targets: targets.map((target) => ({ ...target, start: before.length - name.length, length: name.length })) };
}

/** The names of registers; those that need a `$` are left out without one. */
function registers(hasDollar: boolean): string[] {
  return hasDollar ? ['pc', ...xNames, ...fNames, 'fflags', 'frm', 'fcsr'].map((name) => `$${name}`) : ['pc', ...xNames];
}

function symbolNames({ symbols }: Program): string[] {
  return [...new Set(symbols.all.map(({ name }) => name))].filter((name) => /^[A-Za-z_.][\w.$]*$/.test(name));
}
