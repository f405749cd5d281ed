import type { DebugProtocol } from '@vscode/debugprotocol';
import { TracefsShell } from '../ftrace/tracefs/shell';
import { wordType } from '../program/expressions/numbers';
import { strip } from '../program/types/type';
import { typeName } from '../program/types/type-name';
import type { Value } from '../program/values/value';
import { numberOfBytes, readBytes } from '../program/values/value-bytes';
import type { Changed } from './changed';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { examine } from './examine';
import { splitFormat } from './expressions/format-suffix';
import { FrameExpressionScope } from './expressions/frame-expression-scope';
import { frameMeant } from './expressions/frame-meant';
import { hex } from './format';
import { FrameMemory } from './frame-memory';
import type { LaunchedProgram } from './launch';
import { frameOfId } from './scopes';
import type { Frame } from './stack-walk';
import { typeCommand } from './type-commands';
import { evaluateIn, show } from './values';
import { openReference } from './variables/typed-variable';
import { typedContext } from './variables/variable-scopes';

type Answer = Changed<DebugProtocol.EvaluateResponse['body']>;

const help = `Expressions are those of C, on the program's variables, functions and types, and on registers and symbols:
  count + 1  list->next->name  table[2]  *p  &x  (char) c  sizeof(struct node)  a0  $a0  $pc  sp+8  {int} address  p@4
  ,x after an expression, or p/x before it, chooses a format: x hexadecimal, d signed, u unsigned, t or b binary,
  o octal, c character, a address, f floating point, s text
  x = 5  $a0 = 5  *p = 1    write variables, registers and memory
  f(1, x)                   runs a function of the program, here only
  $name = 5                 keeps a value; $ and $$ are the last two, $_ is where x/ has ended
  whatis EXPRESSION         its type; ptype: with its members
  x/8xw ADDRESS             examines memory: count, format (x d u t c a s i), size (b h w g)
  eof                       ends the program's standard input
  echo cat head tail ls mkdir rmdir, > and >>   are for tracefs: echo fib > set_ftrace_filter, cat trace
                            cat trace_pipe prints what comes while the program runs, until it is typed again
  help                      this text
While the program waits for input, a line typed here goes to the program; pause it to evaluate instead.
`;

/** Lines by which who knows gdb asks for what the editor shows by itself. */
const gdbCommand =
  /^(info|bt|backtrace|where|frame|up|down|display|watch|break|tbreak|delete|disable|enable|continue|step|next|stepi|nexti|finish|until|run|start|kill|quit|list|disassemble)(?=$|\s+[\w$*/-])/;

/** Evaluates a text for a hover, a watch or the console; in the console a line may also be a command or input of the program. */
export function evaluate(launched: LaunchedProgram, { expression, frameId, context, format }: DebugProtocol.EvaluateArguments): Answer {
  const { debuggee } = launched;
  if (context === 'repl' && TracefsShell.understands(expression) && !isAssigned(expression)) return shell(debuggee, expression);
  if (context === 'repl' && debuggee.state === 'waiting') {
    debuggee.type(`${expression}\n`);
    return text('');
  }
  const told = frameId === undefined ? debuggee.frame(0) : frameOfId(debuggee, frameId);
  const frame = frameMeant(debuggee, told, operandOf(expression));
  if (context === 'repl') {
    const answer = command(launched, frame, expression.trim());
    if (answer) return answer;
  }
  const isReadOnly = context !== 'repl' && context !== undefined;
  return evaluated(debuggee, frame, expression, format?.hex ? 'x' : undefined, isReadOnly);
}

/** The expression in a line of the console. */
function operandOf(line: string): string {
  return splitFormat(line.replace(/^\s*(x|p|print|whatis|ptype)(\/\w*)?\s+(?=[^\s=])/, ''), undefined).source;
}

/** `cat = 5` writes a variable of the program. */
function isAssigned(line: string): boolean {
  return /^\s*\w+\s*=[^=]/.test(line);
}

/** A line for tracefs, also while the program runs. */
function shell({ tracefs, ftrace, pipes, state }: Debuggee, line: string): Answer {
  const { patches } = ftrace.registry;
  const result = new TracefsShell(tracefs).run(line);
  const read = state === 'exited' ? [] : (result.pipes ?? []);
  const ended = read.filter((path) => !pipes.toggle(path));
  const reasons = (result.reasons ?? []).map((reason) => `(${reason})\n`).join('');
  const output = result.output + reasons + ended.map((path) => `${path} is not read any more\n`).join('');
  return { ...text(output), areas: ftrace.registry.patches === patches ? [] : ['stacks'] };
}

function evaluated(
  debuggee: Debuggee,
  frame: Frame | undefined,
  expression: string,
  format: string | undefined,
  isReadOnly: boolean,
): Answer {
  const { edits } = debuggee;
  const { source, letter } = splitFormat(expression, format);
  const value = evaluateIn(debuggee, frame, source, { isReadOnly });
  const hasWritten = debuggee.edits !== edits;
  const now = hasWritten ? debuggee.frame(frame?.index ?? 0) : frame;
  const result = show(debuggee, now, value, letter);
  if (!isReadOnly && strip(value.type).kind !== 'void') debuggee.convenience.record(value, new FrameMemory(debuggee, now?.index));
  return { body: { result, ...describe(debuggee, now, value, source) }, areas: hasWritten ? ['stacks'] : [] };
}

/** What goes with a value's text. A number of assembly may be an address. */
function describe(debuggee: Debuggee, frame: Frame | undefined, value: Value, expression: string) {
  const opened = openReference(typedContext(debuggee, frame?.index), value, expression);
  if (value.type !== wordType) return { type: typeName(value.type), ...opened };
  const word = opened.memoryReference === undefined ? readBytes(value, new FrameMemory(debuggee, frame?.index)) : undefined;
  const address = word && 'bytes' in word ? numberOfBytes(word.bytes) : undefined;
  const isMapped = address !== undefined && debuggee.machine.memory.load(address, 1) !== undefined;
  return { ...opened, ...(isMapped ? { memoryReference: hex(address) } : {}) };
}

function command({ debuggee }: LaunchedProgram, frame: Frame | undefined, line: string): Answer | undefined {
  if (line === '') return text('');
  if (line === 'help') return text(help);
  if (line === 'eof') {
    debuggee.type(undefined);
    return text('The standard input of the program has ended.');
  }
  const [, name, format, operand] = /^(x|p|print|whatis|ptype)(?:\/(\w*))?(?:\s+([^\s=].*))?$/s.exec(line) ?? [];
  if (name === undefined || isVariable(debuggee, frame, line)) {
    const word = gdbCommand.exec(line)?.[1];
    if (word === undefined || new FrameExpressionScope(debuggee, frame).hasName(word)) return undefined;
    throw errors.badCommand(word, "this command of gdb's has its view or key in the editor");
  }
  if (!operand) throw errors.badCommand(line, 'an expression is missing');
  if (name === 'x') return text(examine(debuggee, frame, format ?? '', operand));
  if (name === 'ptype' || name === 'whatis') return text(typeCommand(debuggee, frame, name, operand));
  if (format && !/^[xzdutoacfsb]$/.test(format)) throw errors.badCommand(`p/${format}`, 'the format must be one of x d u t o c a f s');
  return evaluated(debuggee, frame, operand, format || undefined, false);
}

/** A line that is a command's name and nothing else may be a variable of the program. */
function isVariable(debuggee: Debuggee, frame: Frame | undefined, line: string): boolean {
  return /^(x|p)$/.test(line) && new FrameExpressionScope(debuggee, frame).hasName(line);
}

function text(result: string): Answer {
  return { body: { result, variablesReference: 0 }, areas: [] };
}
