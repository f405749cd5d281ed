import type { LiveFrame } from '../ftrace/ftrace';
import type { ProgramSymbol } from '../program/program';
import type { UnwindFrame } from '../program/unwind/unwinder';
import type { Debuggee } from './debuggee';
import type { TracedCall } from './traced-calls';

/** One activation of a function. */
export interface Frame extends UnwindFrame {
  /** 0 for the innermost. */
  readonly index: number;
  readonly function: ProgramSymbol | undefined;
  /** The live ftrace_regs on the guest's stack: of the trampoline at work, and of the function that it was entered from. */
  readonly ftraceRegs: LiveFrame | undefined;
  /** The traced call that made this activation. */
  readonly call: TracedCall | undefined;
}

const sp = 2;
/** Frames walked at most: a deeper recursion is cut there. */
const deepest = 100_000;

/** The call stack at one stop, walked only as far as it is asked for. */
export class StackWalk {
  private readonly frames: Frame[] = [];
  private readonly rest: Iterator<Frame>;
  private ended = false;

  constructor(debuggee: Debuggee) {
    this.rest = walk(debuggee);
  }

  frame(index: number): Frame | undefined {
    while (!this.ended && this.frames.length <= index) this.advance();
    return this.frames[index];
  }

  slice(start: number, count: number): readonly Frame[] {
    this.frame(start + count - 1);
    return this.frames.slice(start, start + count);
  }

  all(): readonly Frame[] {
    while (!this.ended) this.advance();
    return this.frames;
  }

  /** The number of frames, once the outermost has been walked. */
  get depth(): number | undefined {
    return this.ended ? this.frames.length : undefined;
  }

  private advance(): void {
    const { done, value } = this.rest.next();
    if (done || this.frames.length >= deepest) this.ended = true;
    else this.frames.push(value);
  }
}

function* walk(debuggee: Debuggee): Generator<Frame> {
  const { machine, unwinder } = debuggee;
  const x = Array.from({ length: 32 }, (_, number) => machine.readX(number));
  let current: UnwindFrame | undefined = { pc: machine.pc, exact: true, x };
  let callee: Frame | undefined;
  for (let index = 0; current; index++) {
    const result = unwinder.caller(current);
    const caller: UnwindFrame | undefined = 'frame' in result ? result.frame : undefined;
    const frame: Frame = { ...current, index, ...describe(debuggee, current, callee, caller) };
    yield frame;
    callee = frame;
    current = caller;
  }
}

function describe(debuggee: Debuggee, frame: UnwindFrame, callee: Frame | undefined, caller: UnwindFrame | undefined) {
  const { code, ftrace, trace } = debuggee;
  const within = code.functionAt(frame.exact ? frame.pc : frame.pc - 1n);
  const cfa = caller?.x[sp];
  return {
    function: within,
    ftraceRegs: debuggee.inTrampoline(frame.pc)
      ? frameOnStack()
      : callee && debuggee.inTrampoline(callee.pc)
        ? callee.ftraceRegs
        : undefined,
    call: within && cfa !== undefined ? trace.calls.find(within.address, cfa) : undefined,
  };

  function frameOnStack(): LiveFrame | undefined {
    const top = frame.x[sp];
    return top === undefined ? undefined : ftrace.frameAt(frame.pc, top);
  }
}
