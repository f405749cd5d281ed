import type { DebugProtocol } from '@vscode/debugprotocol';
import type { GuestException } from '../emulator/machine';
import { shortName } from '../program/frames/function-name';
import type { Breakpoints } from './breakpoints';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import type { LaunchedProgram } from './launch';
import { continueProgram, type Motion, stepInstruction, stepLine, stepOut, stepOutOfInlined } from './motions';
import type { StopReason } from './stop-reason';

export type StepCommand = 'continue' | 'next' | 'stepIn' | 'stepOut';

export function step({ debuggee }: LaunchedProgram, command: StepCommand, granularity?: string): object | undefined {
  debuggee.resume(motionOf(debuggee, command, granularity));
  return command === 'continue' ? { allThreadsContinued: true } : undefined;
}

export function pause({ debuggee }: LaunchedProgram): undefined {
  debuggee.pause();
}

export function exceptionInfo({ debuggee }: LaunchedProgram, stop: StopReason | undefined): DebugProtocol.ExceptionInfoResponse['body'] {
  if (stop?.kind !== 'exception') throw errors.noException();
  const name = nameOf(stop.exception);
  const description = describe(debuggee, stop.exception);
  const stackTrace = `pc ${debuggee.code.address(debuggee.machine.pc)}`;
  return {
    exceptionId: name,
    description,
    breakMode: 'always',
    details: { message: description, typeName: stop.exception.cause, stackTrace },
  };
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
      const { hits } = reason.function;
      const name = shortName(reason.function.name) ?? reason.function.name;
      // VS Code opens its Variables pane for this reason only.
      return { ...base, reason: 'breakpoint', description: `Paused on trace of ${name}`, text: `${name}: hit ${hits}` };
    }
    case 'exception': {
      const { exception } = reason;
      return { ...base, reason: 'exception', description: `Paused on ${nameOf(exception)}`, text: describe(debuggee, exception) };
    }
    default:
      return { ...base, reason: reason.kind };
  }
}

/** The signal that the exception is for a Linux program; its cause on a bare machine. */
function nameOf({ signal, cause }: GuestException): string {
  return signal ?? cause;
}

/** What happened, and for a jump into nothing where it came from. */
function describe(debuggee: Debuggee, { message, from }: GuestException): string {
  return from === undefined ? message : `${message}, reached from ${debuggee.code.address(from)}`;
}

function motionOf(debuggee: Debuggee, command: StepCommand, granularity: string | undefined): Motion {
  switch (command) {
    case 'continue':
      return continueProgram(debuggee);
    case 'stepOut': {
      const top = debuggee.frame(0);
      if (top?.isInlined && top.activation) return stepOutOfInlined(debuggee, top.activation.entry);
      const caller = top && debuggee.stack.callerOf(top);
      if (!caller) throw errors.noCaller();
      return stepOut(debuggee, { address: caller.pc, sp: caller.x[2] ?? 0n });
    }
    default:
      return granularity === 'instruction' ? stepInstruction(debuggee, command === 'next') : stepLine(debuggee, command === 'stepIn');
  }
}
