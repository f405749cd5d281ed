import type { LiveFrame } from '../ftrace/ftrace';
import type { SourcePlace } from '../program/debug-info';
import { type Activation, activationsOf } from '../program/frames/activations';
import type { FrameScope } from '../program/frames/frame-scope';
import { functionName, undescribedName } from '../program/frames/function-name';
import type { Program, ProgramSymbol } from '../program/program';
import type { UnwindFrame } from '../program/unwind/unwinder';
import type { Debuggee } from './debuggee';
import { hex } from './format';
import { FrameOfUnwinder } from './frame-access';
import type { TracedCall } from './traced-calls';

/** One activation of a function: of one that was called, or of one that was inlined into it. */
export interface Frame extends UnwindFrame {
  /** 0 for the innermost. */
  readonly index: number;
  /** The called function's symbol, also of what is inlined into it. */
  readonly function: ProgramSymbol | undefined;
  readonly name: string;
  /** Where it is in the source; in a function from which one was inlined, at the call. */
  readonly place: SourcePlace | undefined;
  readonly program: Program;
  /** What the program says of the function's variables; undefined where it says nothing. */
  readonly activation: Activation | undefined;
  readonly scope: FrameScope;
  /** It has no frame of its own on the stack: the function was inlined into that of the next frame. */
  readonly isInlined: boolean;
  /** It has no frame on the stack any more: the function has left by a tail call. */
  readonly isTailCaller: boolean;
  /** The live ftrace_regs on the guest's stack: of the trampoline at work, and of the function that it was entered from. */
  readonly ftraceRegs: LiveFrame | undefined;
  /** The traced call that made this activation. */
  readonly call: TracedCall | undefined;
}

const sp = 2;
/** The call stack at one stop, walked only as far as it is asked for. A recursion of more than `deepest` frames is cut there. */
export class StackWalk {
  private readonly frames: Frame[] = [];
  private readonly rest: Iterator<Frame>;
  private ended = false;
  private cutText: string | undefined;

  constructor(
    debuggee: Debuggee,
    private readonly deepest = 100_000,
  ) {
    this.rest = walk(debuggee, (text) => {
      this.cutText = text;
    });
  }

  /** Why the stack ends before its outermost function; undefined while it has not been walked, and where it does not. */
  get cut(): string | undefined {
    return this.ended ? this.cutText : undefined;
  }

  frame(index: number): Frame | undefined {
    while (!this.ended && this.frames.length <= index) this.advance();
    return this.frames[index];
  }

  /** The frame that a called function returns to, past those that are inlined with it, and those that have left by tail calls. */
  callerOf(frame: Frame): Frame | undefined {
    let next = frame.index;
    while (this.frame(next)?.isInlined) next++;
    do next++;
    while (this.frame(next)?.isTailCaller);
    return this.frame(next);
  }

  /** Whether a frame waits for a called function. */
  isCaller(frame: Frame): boolean {
    let innermost = 0;
    while (this.frame(innermost)?.isInlined) innermost++;
    return frame.index > innermost;
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
    if (!done && this.frames.length < this.deepest) {
      this.frames.push(value);
      return;
    }
    this.ended = true;
    if (!done) this.cutText = `the stack is cut after ${this.deepest} frames`;
  }
}

function* walk(debuggee: Debuggee, cut: (text: string) => void): Generator<Frame> {
  let current: FrameOfUnwinder | undefined = FrameOfUnwinder.innermost(debuggee);
  let callee: Frame | undefined;
  let index = 0;
  while (current) {
    for (const frame of framesOf(debuggee, current, callee, index)) {
      yield frame;
      callee = frame;
      index++;
    }
    if (!current.callerFrame && current.cut !== undefined) cut(current.cut);
    current = current.callerFrame;
  }
}

/** The function of a frame on the stack and, before it, what is inlined in it at its address. */
function framesOf(debuggee: Debuggee, access: FrameOfUnwinder, callee: Frame | undefined, index: number): Frame[] {
  const { code } = debuggee;
  const { frame, program, scope, isTailCaller } = access;
  const within = code.functionAt(scope.address);
  // gdb shows of a function that has left by a tail call what is innermost there, be it inlined, and nothing that it is in.
  const activations = activationsOf(scope).slice(0, isTailCaller ? 1 : undefined);
  const hidden = callee ? 0 : Math.min(debuggee.hiddenInlines ?? 0, activations.length - 1);
  // The trampoline's own frame is told as a signal's only so that unwinders take its pc as it is.
  const isSignalFrame = program !== debuggee.ftrace.trampoline && program.callFrames.isSignalFrameAt(scope.address);
  let place: SourcePlace | undefined = placeBeforeBody(program, within, scope.address) ?? code.lineAt(scope.address)?.row;
  const frames: Frame[] = [];
  const shown = activations.length > 0 ? activations : [undefined];
  for (const [position, activation] of shown.entries()) {
    const isInlined = position < shown.length - 1;
    if (position >= hidden) {
      frames.push({
        ...frame,
        index: index + frames.length,
        function: within,
        name: isSignalFrame ? '<signal handler called>' : nameOf(activation, within, program, frame.pc),
        place,
        program,
        activation,
        scope,
        isInlined,
        isTailCaller,
        ...(isInlined ? { ftraceRegs: undefined, call: undefined } : traceOf(debuggee, access, within, frames.at(-1) ?? callee)),
      });
    }
    if (isInlined && activation) place = program.debugInfo.callPlace(activation.entry);
  }
  return frames;
}

function nameOf(activation: Activation | undefined, symbol: ProgramSymbol | undefined, program: Program, pc: bigint): string {
  const entry = activation?.entry ?? (symbol && program.debugInfo.functionOf(symbol.address));
  return (entry && functionName(entry)) ?? (symbol && undescribedName(symbol)) ?? hex(pc);
}

/** GCC gives a call site no line, or that of the function before it: the function's own first one stands for it. */
function placeBeforeBody(program: Program, symbol: ProgramSymbol | undefined, address: bigint): SourcePlace | undefined {
  const site = symbol && program.callSites.find((each) => each.address === symbol.address);
  if (!site || address >= site.address + siteSize || (program.lines.at(address)?.row.address ?? 0n) >= site.address) return undefined;
  return program.lines.at(site.address + siteSize)?.row;
}

const siteSize = 8n;

function traceOf(
  debuggee: Debuggee,
  { frame, callerFrame }: FrameOfUnwinder,
  within: ProgramSymbol | undefined,
  callee: Frame | undefined,
) {
  const { ftrace, trace } = debuggee;
  const cfa = callerFrame?.frame.x[sp];
  return {
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
