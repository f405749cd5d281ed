import { ExpressionError } from '../../program/expressions/expression-error';
import { tokensOf } from '../../program/expressions/tokens';
import type { Debuggee } from '../debuggee';
import type { Frame } from '../stack-walk';
import { FrameExpressionScope } from './frame-expression-scope';

/**
 * The frame whose names a text means. Where a traced function stops, the innermost frames are the tracer and the trampoline, which have no
 * variables: a text with a name that only the traced function knows is about that function.
 */
export function frameMeant(debuggee: Debuggee, frame: Frame | undefined, text: string): Frame | undefined {
  const traced = frame && tracedFrom(debuggee, frame);
  if (!traced) return frame;
  const [here, there] = [new FrameExpressionScope(debuggee, frame), new FrameExpressionScope(debuggee, traced)];
  return namesIn(text).some((name) => !here.hasName(name) && there.hasName(name)) ? traced : frame;
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
