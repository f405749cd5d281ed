import type { DebugProtocol } from '@vscode/debugprotocol';
import { sizeOf } from '../program/types/base-types';
import { typeName } from '../program/types/type-name';
import { addressOf } from '../program/values/value';
import type { Changed } from './changed';
import { frameMeant } from './expressions/frame-meant';
import { withoutAnnotations } from './format';
import type { LaunchedProgram } from './launch';
import { frameOfId } from './scopes';
import { assignIn, evaluateIn, show } from './values';
import { openReference } from './variables/typed-variable';
import { typedContext } from './variables/variable-scopes';

/** Writes what an expression names: a variable, a register or memory. */
export function setExpression(
  { debuggee }: LaunchedProgram,
  { expression, value, frameId, format }: DebugProtocol.SetExpressionArguments,
): Changed<DebugProtocol.SetExpressionResponse['body']> {
  const told = frameId === undefined ? debuggee.frame(0) : frameOfId(debuggee, frameId);
  const frame = frameMeant(debuggee, told, expression);
  const target = evaluateIn(debuggee, frame, expression, { isReadOnly: true });
  assignIn(debuggee, frame, target, withoutAnnotations(value));
  const now = debuggee.frame(frame?.index ?? 0);
  const written = evaluateIn(debuggee, now, expression, { isReadOnly: true });
  const address = addressOf(written);
  return {
    body: {
      value: show(debuggee, now, written, format?.hex ? 'x' : undefined),
      type: typeName(written.type),
      ...openReference(typedContext(debuggee, now?.index), written, expression),
    },
    areas: ['stacks'],
    ...(address === undefined ? {} : { memory: { address, size: sizeOf(written.type) ?? 8 } }),
  };
}
