import type { DebugProtocol } from '@vscode/debugprotocol';
import { instructionReference } from './format';
import type { LaunchedProgram } from './launch';
import type { Frame } from './stack-walk';

/** `showsCode`: the editor has asked for disassembly, and so may keep code that was patched since. */
export function stackTrace(
  { debuggee, sources }: LaunchedProgram,
  { startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments,
  showsCode: boolean,
): DebugProtocol.StackTraceResponse['body'] {
  const { stack } = debuggee;
  const start = Math.max(0, startFrame);
  const frames = levels > 0 ? stack.slice(start, levels) : stack.all().slice(start);
  const described = frames.map(describe);
  if (stack.depth === start + frames.length && stack.cut !== undefined) described.push(noteFrame(stack.depth, stack.cut));
  // More than there are tells the editor to ask again: the rest has not been walked.
  const totalFrames = stack.depth === undefined ? start + frames.length + 1 : stack.depth + (stack.cut === undefined ? 0 : 1);
  return { stackFrames: described, totalFrames };

  function describe({ index, pc, name, place, isInlined }: Frame): DebugProtocol.StackFrame {
    const instructionPointerReference = instructionReference(pc, showsCode ? debuggee.trace.patches : 0);
    const base = { id: index + 1, name: isInlined ? `${name} [inlined]` : name, instructionPointerReference };
    if (!place || place.line === 0) return { ...base, line: 0, column: 0 };
    return { ...base, source: sources.toClient(place.path), line: place.line, column: Math.max(1, place.column) };
  }
}

/** Where a stack is cut, the Call Stack says so in place of the frames that are missing. */
function noteFrame(depth: number, text: string): DebugProtocol.StackFrame {
  return { id: depth + 1, name: `<${text}>`, line: 0, column: 0, presentationHint: 'label' };
}
