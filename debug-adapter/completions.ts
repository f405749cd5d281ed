import type { DebugProtocol } from '@vscode/debugprotocol';
import { shellCommands, TracefsShell } from '../ftrace/tracefs/shell';
import type { Program } from '../program/program';
import { type RecordType, strip } from '../program/types/type';
import { fNames, xNames } from '../riscv/registers';
import type { Debuggee } from './debuggee';
import { UserError } from './errors';
import { FrameExpressionScope } from './expressions/frame-expression-scope';
import type { LaunchedProgram } from './launch';
import { tracefsCompletions } from './tracefs';
import { evaluateIn } from './values';

const most = 200;
/** Those of C that an expression or a type is written with. */
const words = [
  'char',
  'const',
  'double',
  'enum',
  'float',
  'int',
  'long',
  'short',
  'signed',
  'sizeof',
  'struct',
  'union',
  'unsigned',
  'void',
];
const commands = ['eof', 'help', 'print', 'ptype', 'whatis', 'x/8xw', ...shellCommands];

/** What the name before the cursor can become: a register, a symbol or, at the start of a line, a command. */
export function completions(
  { debuggee }: LaunchedProgram,
  { text, column, frameId }: DebugProtocol.CompletionsArguments,
): DebugProtocol.CompletionsResponse['body'] {
  const before = text.slice(0, Math.max(0, column - 1));
  if (TracefsShell.understands(before) && /\s/.test(before.trimStart())) {
    const length = /[^\s>]*$/.exec(before)![0].length;
    const labels = tracefsCompletions(debuggee.tracefs, debuggee.ftrace.functions, before).slice(0, most);
    return { targets: labels.map((label) => ({ label, type: 'file', start: before.length - length, length })) };
  }
  const members = membersBefore(debuggee, before, frameId) ?? scopedBefore(debuggee, before, frameId);
  if (members) return members;
  const name = /\$?[\w.]*$/.exec(before)![0];
  const wanted = name.replace(/^\$/, '');
  const isFirst = before === name && !name.startsWith('$');
  const names = [
    ...(isFirst ? commands.map((label) => ({ label, type: 'keyword' as const })) : []),
    ...[...registers(name.startsWith('$')), ...(name.startsWith('$') ? debuggee.convenience.names.map((each) => `$${each}`) : [])].map(
      (label) => ({ label, type: 'variable' as const }),
    ),
    ...(name.startsWith('$')
      ? []
      : [...variableNames(debuggee, frameId, name), ...symbolNames(debuggee.program)].map((label) => ({
          label,
          type: 'reference' as const,
        }))),
    ...(name === '' || name.startsWith('$') ? [] : words.map((label) => ({ label, type: 'keyword' as const }))),
  ];
  const matching = names.filter(({ label }) => label.replace(/^\$/, '').startsWith(wanted));
  const targets = [...new Map(matching.map((each) => [each.label, each])).values()].slice(0, most);
  return { targets: targets.map((target) => ({ ...target, start: before.length - name.length, length: name.length })) };
}

/** The members that can follow `object.` or `pointer->`; undefined where the text ends otherwise, or with what is no object. */
function membersBefore(
  debuggee: Debuggee,
  before: string,
  frameId: number | undefined,
): DebugProtocol.CompletionsResponse['body'] | undefined {
  const [, left, start] = /^(.*[\w$)\]])(?:\.|->)(\w*)$/s.exec(before) ?? [];
  if (left === undefined || start === undefined) return undefined;
  const object = operandAtEnd(left);
  try {
    const frame = debuggee.frame((frameId ?? 1) - 1);
    let type = strip(evaluateIn(debuggee, frame, object, { isReadOnly: true }).type);
    if (type.kind === 'pointer') type = strip(type.target);
    if (type.kind !== 'record') return undefined;
    const names = memberNames(type).filter((name) => name.startsWith(start) && /^\w+$/.test(name));
    const place = { start: before.length - start.length, length: start.length };
    return { targets: names.map((label) => ({ label, type: 'field', ...place })) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Members of a record, of its anonymous members and of its bases, and its methods. */
function memberNames(type: RecordType, depth = 0): string[] {
  if (depth > deepestBase) return [];
  const inherited = type.members.flatMap((member) => {
    const inner = strip(member.type);
    return inner.kind === 'record' && (member.isBase || member.name === undefined) ? memberNames(inner, depth + 1) : [];
  });
  const methods = type.methods.map(({ name }) => name).filter((name) => /^\w+$/.test(name) && !type.name?.endsWith(name));
  return [...new Set([...type.members.flatMap(({ name }) => name ?? []), ...methods, ...inherited])];
}

const deepestBase = 30;

/** The names that can follow `scope::`; undefined where the text ends otherwise. */
function scopedBefore(
  debuggee: Debuggee,
  before: string,
  frameId: number | undefined,
): DebugProtocol.CompletionsResponse['body'] | undefined {
  const [, scope, start] = /((?:[A-Za-z_]\w*(?:<[^()]*>)?::)*[A-Za-z_]\w*(?:<[^()]*>)?)::(\w*)$/.exec(before) ?? [];
  if (scope === undefined || start === undefined) return undefined;
  const names = new FrameExpressionScope(debuggee, debuggee.frame((frameId ?? 1) - 1)).namesIn(scope, start, most);
  const place = { start: before.length - start.length, length: start.length };
  return { targets: (names ?? []).map((label) => ({ label, type: 'reference', ...place })) };
}

/** The operand of a postfix operator that a text ends with: `p->list[2]`, `(&x)`. */
function operandAtEnd(text: string): string {
  let at = text.length;
  while (at > 0) {
    const character = text[at - 1]!;
    // A name behind parentheses is cast.
    if (character === ')' && /[\w$(]/.test(text[at] ?? '')) break;
    if (character === ')' || character === ']') {
      const open = openingOf(text, at - 1);
      if (open < 0) break;
      at = open;
    } else if (/[\w$:.]/.test(character)) at--;
    else if (text.endsWith('->', at)) at -= 2;
    else break;
  }
  return text.slice(at);
}

/** Where the bracket is opened that is closed at a place; -1 where it is not. */
function openingOf(text: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (/[)\]]/.test(text[at]!)) depth++;
    else if (/[([]/.test(text[at]!) && --depth === 0) return at;
  }
  return -1;
}

function variableNames(debuggee: Debuggee, frameId: number | undefined, start: string): readonly string[] {
  const scope = new FrameExpressionScope(debuggee, debuggee.frame((frameId ?? 1) - 1));
  return scope.isAssembly ? [] : scope.namesFrom(start, most);
}

/** The names of registers; those that need a `$` are left out without one. */
function registers(hasDollar: boolean): string[] {
  return hasDollar ? ['pc', ...xNames, ...fNames, 'fflags', 'frm', 'fcsr'].map((name) => `$${name}`) : ['pc', ...xNames];
}

function symbolNames({ symbols }: Program): string[] {
  return [...new Set(symbols.all.map(({ name }) => name))].filter((name) => /^[A-Za-z_.][\w.$]*$/.test(name));
}
