import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Breakpoints } from './breakpoints';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import type { LaunchedProgram } from './launch';
import { continueProgram, type Motion, stepInstruction, stepLine, stepOut } from './motions';
import type { StopReason } from './stop-reason';

export type StepCommand = 'continue' | 'next' | 'stepIn' | 'stepOut';

export function step({ debuggee }: LaunchedProgram, command: StepCommand, granularity?: string): object | undefined {
  debuggee.resume(motionOf(debuggee, command, granularity));
  return command === 'continue' ? { allThreadsContinued: true } : undefined;
}

export function pause({ debuggee }: LaunchedProgram): undefined {
  setImmediate(() => debuggee.pause());
}

export function exceptionInfo({ debuggee }: LaunchedProgram, stop: StopReason | undefined): DebugProtocol.ExceptionInfoResponse['body'] {
  if (stop?.kind !== 'exception') throw errors.noException();
  const { cause, message, from } = stop.exception;
  const origin = from === undefined ? '' : `\nreached from pc ${debuggee.code.address(from)}`;
  const where = `pc ${debuggee.code.address(debuggee.machine.pc)}${origin}`;
  return { exceptionId: cause, description: message, breakMode: 'always', details: { message, typeName: cause, stackTrace: where } };
}

/** The `stopped` event's body for anything but the end of the program. */
export function stoppedBody(
  { debuggee }: LaunchedProgram,
  breakpoints: Breakpoints,
  reason: Exclude<StopReason, { kind: 'exit' }>,
): DebugProtocol.StoppedEvent['body'] {
  const base = { threadId: 1, allThreadsStopped: true };
  switch (reason.kind) {
    case 'breakpoint': {
      const hit = breakpoints.at(debuggee.machine.pc);
      return { ...base, reason: hit.reason, hitBreakpointIds: hit.ids };
    }
    case 'trace': {
      const { name, hits } = reason.function;
      return { ...base, reason: 'trace', description: `Paused on trace of ${name}`, text: `${name}: hit ${hits}` };
    }
    case 'exception': {
      const { cause, message, from } = reason.exception;
      const origin = from === undefined ? '' : `, reached from ${debuggee.code.address(from)}`;
      return { ...base, reason: 'exception', description: `Paused on ${cause}`, text: `${message}${origin}` };
    }
    default:
      return { ...base, reason: reason.kind };
  }
}

function motionOf(debuggee: Debuggee, command: StepCommand, granularity: string | undefined): Motion {
  switch (command) {
    case 'continue':
      return continueProgram(debuggee);
    case 'stepOut': {
      const caller = debuggee.frame(1);
      if (!caller) throw errors.noCaller();
      return stepOut(debuggee, { address: caller.pc, sp: caller.x[2] ?? 0n });
    }
    default:
      return granularity === 'instruction' ? stepInstruction(debuggee, command === 'next') : stepLine(debuggee, command === 'stepIn');
  }
}
