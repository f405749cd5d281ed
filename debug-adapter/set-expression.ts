import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Changed } from './changed';
import { parseExpression } from './expression';
import { withoutAnnotations } from './format';
import type { LaunchedProgram } from './launch';
import { frameOfId } from './scopes';
import { assign, evaluateExpression, evaluateText, show } from './values';

/** Writes what an expression names: a register of the innermost frame, or memory. */
export function setExpression(
  { debuggee }: LaunchedProgram,
  { expression, value, frameId, format }: DebugProtocol.SetExpressionArguments,
): Changed<DebugProtocol.SetExpressionResponse['body']> {
  const frame = frameId === undefined ? debuggee.frame(0) : frameOfId(debuggee, frameId);
  const target = parseExpression(expression);
  assign(debuggee, frame, target, expression, evaluateText(debuggee, frame, withoutAnnotations(value)).value);
  const written = evaluateExpression(debuggee, debuggee.frame(frame?.index ?? 0), target);
  return {
    body: { value: show(debuggee, written, format?.hex) },
    areas: ['stacks'],
    ...(written.memory ? { memory: { address: written.memory.address, size: written.memory.type.size } } : {}),
  };
}
