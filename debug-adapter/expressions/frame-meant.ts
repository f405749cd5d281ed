import { ExpressionError } from '../../program/expressions/expression-error';
import { wordType } from '../../program/expressions/numbers';
import { tokensOf } from '../../program/expressions/tokens';
import type { Debuggee } from '../debuggee';
import type { Frame } from '../stack-walk';
import { FrameExpressionScope } from './frame-expression-scope';

/**
 * The frame whose names a text means. Where a traced function stops, the innermost frames are the tracer and the trampoline, which have no
 * variables and know no types of the program: a text with a name that only the traced function knows, or knows better, is about that function.
 */
export function frameMeant(debuggee: Debuggee, frame: Frame | undefined, text: string): Frame | undefined {
  const traced = frame && tracedFrom(debuggee, frame);
  if (!traced) return frame;
  const [here, there] = [new FrameExpressionScope(debuggee, frame), new FrameExpressionScope(debuggee, traced)];
  const isMeant = (name: string): boolean => isUntyped(here, name) && !isUntyped(there, name);
  return namesIn(text).some(isMeant) ? traced : frame;
}

/** Nothing, or the symbol of what the program of the frame does not describe. */
function isUntyped(scope: FrameExpressionScope, name: string): boolean {
  try {
    const value = scope.valueNamed(name);
    return value === undefined || value.type === wordType;
  } catch (error) {
    // A register that is not saved.
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}

/** The traced function's frame, of one of the tracer's or the trampoline's. */
function tracedFrom(debuggee: Debuggee, frame: Frame): Frame | undefined {
  for (let next: Frame | undefined = frame; next && next.program !== debuggee.program; next = debuggee.frame(next.index + 1)) {
    if (!debuggee.inTrampoline(next.pc)) continue;
    const caller = debuggee.frame(next.index + 1);
    if (caller?.ftraceRegs && caller.program === debuggee.program) return caller;
  }
  return undefined;
}

function namesIn(text: string): string[] {
  try {
    return tokensOf(text).flatMap((token) => (token.kind === 'name' && !token.text.startsWith('$') ? [token.text] : []));
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}
