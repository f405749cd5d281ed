import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchedProgram } from './launch';
import { stackTrace } from './stack-trace';

/**
 * The frames of this stop that the editor has been told of. After a write it need not fetch a stack again that is as it was: VS Code
 * closes the scopes that a person has open when it does.
 */
export class ToldStack {
  private readonly frames = new Map<number, string>();

  tell(program: LaunchedProgram, args: DebugProtocol.StackTraceArguments, showsCode: boolean): DebugProtocol.StackTraceResponse['body'] {
    const body = stackTrace(program, args, showsCode);
    for (const frame of body.stackFrames) this.frames.set(frame.id, JSON.stringify(frame));
    return body;
  }

  forget(): void {
    this.frames.clear();
  }

  /** Whether the stack is still what was told. */
  holds(program: LaunchedProgram, showsCode: boolean): boolean {
    const levels = Math.max(0, ...this.frames.keys());
    if (levels === 0) return false;
    const { stackFrames } = stackTrace(program, { threadId: 1, levels }, showsCode);
    const now = new Map(stackFrames.map((frame) => [frame.id, JSON.stringify(frame)]));
    return [...this.frames].every(([id, frame]) => now.get(id) === frame);
  }
}
