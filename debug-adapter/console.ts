import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Changed } from './changed';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { examine, print } from './examine';
import { parseAssignment } from './expression';
import { hex } from './format';
import type { LaunchedProgram } from './launch';
import { frameOfId } from './scopes';
import type { Frame } from './stack-walk';
import { assign, evaluateText, show } from './values';

type Answer = Changed<DebugProtocol.EvaluateResponse['body']>;

const help = `Expressions: 0x2a  a0  $a0  pc  main  &label  sp+8  *sp  {int} counter  (a0 & 7) << 2
  {type} takes char, short, int, long (signed or unsigned), byte, half, word, dword; * reads 8 bytes.
  $a0 = 5           writes a register; *sp = 1 and {byte} buffer = 'x' write memory
  p/x EXPRESSION    prints; x hexadecimal, d signed, u unsigned, t binary, c character, a address
  x/8xw ADDRESS     examines memory: count, format (x d u t c a s i), size (b h w g)
  eof               ends the program's standard input
  help              this text
While the program waits for input, a line typed here goes to the program; pause it to evaluate instead.
`;

/** Evaluates a text for a hover, a watch or the console; in the console a line may also be a command or input of the program. */
export function evaluate(launched: LaunchedProgram, { expression, frameId, context, format }: DebugProtocol.EvaluateArguments): Answer {
  const { debuggee } = launched;
  if (context === 'repl' && debuggee.state === 'waiting') {
    debuggee.type(`${expression}\n`);
    return text('');
  }
  const frame = frameId === undefined ? debuggee.frame(0) : frameOfId(debuggee, frameId);
  if (context === 'repl') {
    const answer = command(launched, frame, expression.trim());
    if (answer) return answer;
  }
  const value = evaluateText(debuggee, frame, expression);
  const address = value.memory?.address ?? value.value;
  const mapped = debuggee.machine.memory.load(address, 1) !== undefined;
  const result = show(debuggee, value, format?.hex);
  return { body: { result, variablesReference: 0, ...(mapped ? { memoryReference: hex(address) } : {}) }, areas: [] };
}

function command({ debuggee }: LaunchedProgram, frame: Frame | undefined, line: string): Answer | undefined {
  if (line === '') return text('');
  if (line === 'help') return text(help);
  if (line === 'eof') {
    debuggee.type(undefined);
    return text('The standard input of the program has ended.');
  }
  const inspect = /^(x|p|print)(?:\/(\w*))?(?:\s+(.*))?$/s.exec(line);
  if (inspect) return text(inspected(debuggee, frame, inspect));
  const assignment = parseAssignment(line);
  if (!assignment) return undefined;
  if (debuggee.state === 'running') throw errors.notStopped('evaluate');
  const value = evaluateText(debuggee, frame, line.slice(line.indexOf('=') + 1));
  assign(debuggee, frame, assignment.target, line.slice(0, line.indexOf('=')), value.value);
  return { ...text(show(debuggee, value)), areas: ['stacks'] };
}

function inspected(debuggee: Debuggee, frame: Frame | undefined, [line, name, format, operand]: RegExpExecArray): string {
  if (!operand) throw errors.badCommand(line, 'an expression is missing');
  if (name === 'x') return examine(debuggee, frame, format ?? '', operand);
  return format ? print(debuggee, frame, format, operand) : show(debuggee, evaluateText(debuggee, frame, operand));
}

function text(result: string): Answer {
  return { body: { result, variablesReference: 0 }, areas: [] };
}
