import { vdsoProgram } from '../emulator/linux/signals/vdso-program';
import type { GuestException, Machine, Stop } from '../emulator/machine';
import { type StartedProgram, type StartOptions, startProgram } from '../emulator/start-program';
import { Ftrace } from '../ftrace/ftrace';
import type { Model } from '../ftrace/models/model';
import { Tracefs } from '../ftrace/tracefs/tracefs';
import { functionTypes } from '../program/frames/call-arguments';
import type { Program } from '../program/program';
import { Unwinder } from '../program/unwind/unwinder';
import { xNumber } from '../riscv/registers';
import { BreakpointSites } from './breakpoint-sites';
import { CodeMap } from './code-map';
import { Convenience } from './expressions/convenience';
import { GuestInput } from './guest-input';
import { GuestOutput, type OutputCategory } from './guest-output';
import { Handles } from './handles';
import { continueProgram, type Motion, type Rest } from './motions';
import { Pace } from './pace';
import { type Frame, StackWalk } from './stack-walk';
import type { StopReason } from './stop-reason';
import { TraceControl } from './trace-control';
import { TracePipes } from './trace-pipes';

/** What the connection to the editor tells of it, as far as it can. */
export interface EditorState {
  /** A promise to wait for before the program may run on, where the editor reads more slowly than it is written to. */
  congestion?(): Promise<void> | undefined;
  /** Whether the editor has sent what waits for the event loop to turn. */
  isWanted?(): boolean;
}

export interface DebuggeeEvents extends EditorState {
  output(text: string, category: OutputCategory): void;
  stopped(reason: StopReason): void;
  /** Between slices and at each stop: the moment for what is sent in batches. */
  turn(): void;
}

/** A program in its machine, traced, and running it in slices between which the event loop turns. Knows nothing of DAP. */
export class Debuggee {
  readonly machine: Machine;
  readonly ftrace: Ftrace;
  readonly code: CodeMap;
  readonly sites: BreakpointSites;
  readonly trace: TraceControl;
  readonly tracefs: Tracefs;
  readonly pipes: TracePipes;
  readonly pace: Pace;
  readonly input = new GuestInput();
  /** Values that the editor can open at this stop. */
  readonly handles = new Handles();
  readonly convenience = new Convenience();
  /** Changes of registers and memory from outside. */
  edits = 0;
  /**
   * Inlined functions at the pc that have not been entered yet: the hart is at their first instruction, the stop at their call.
   * Undefined while the hart runs.
   */
  hiddenInlines: number | undefined = 0;

  private readonly started: StartedProgram;
  private readonly output: GuestOutput;
  private readonly trampoline: { readonly start: bigint; readonly end: bigint };
  private motion: Motion | undefined;
  private waiting = false;
  private scheduled = false;
  private pausing = false;
  private exitCode: number | undefined;
  private walk: StackWalk | undefined;
  private unwinding: Unwinder | undefined;
  private disposed = false;
  /** The ebreak at which the program has stopped. */
  private passed: bigint | undefined;

  /** Loads the program; nothing of it has run. */
  constructor(
    readonly program: Program,
    options: Omit<StartOptions, 'host'>,
    model: Model,
    private readonly events: DebuggeeEvents,
  ) {
    this.output = new GuestOutput(events.output);
    this.pace = new Pace(events.isWanted);
    const host = {
      write: (descriptor: 1 | 2, bytes: Uint8Array) => this.output.write(descriptor === 1 ? 'stdout' : 'stderr', bytes),
      room: () => this.output.room,
      read: (length: number) => this.input.read(length),
      isTerminal: () => true,
      note: (message: string) => this.output.note(message),
      onSystemCall: (number: number, args: readonly bigint[], result: bigint | undefined) =>
        this.tracefs?.state.systemCalls.observe(number, args, result),
      onFault: (exception: GuestException, pc: bigint) => this.tracefs?.state.exceptions.observe(exception, pc),
    };
    this.started = startProgram(program, { ...options, host });
    this.machine = this.started.machine;
    this.ftrace = Ftrace.install(this.machine, program, { model, printk: (message) => this.output.note(message) });
    const { vdsoAddress } = this.started;
    this.code = new CodeMap([program, this.ftrace.trampoline, ...(vdsoAddress === undefined ? [] : [vdsoProgram(vdsoAddress)])]);
    this.sites = new BreakpointSites(this.machine);
    this.tracefs = new Tracefs(this.ftrace, functionTypes(program));
    this.pipes = new TracePipes(this.tracefs, (text) => events.output(text, 'console'));
    this.trace = new TraceControl(this);
    this.trampoline = extentOf(this.ftrace.trampoline);
  }

  get state(): 'stopped' | 'running' | 'waiting' | 'exited' {
    if (this.exitCode !== undefined) return 'exited';
    if (!this.motion) return 'stopped';
    return this.waiting ? 'waiting' : 'running';
  }

  /** Runs on, stopped programs only. The first instruction executes in a later turn of the event loop. */
  resume(motion: Motion = continueProgram(this)): void {
    this.passEbreak();
    this.walk = undefined;
    this.handles.clear();
    this.hiddenInlines = undefined;
    this.motion = motion;
    this.schedule();
  }

  /** Whether a fault stops the program also where it has a handler for its signal. */
  stopAtHandledFaults(stops: boolean): void {
    this.started.stopAtHandledFaults?.(stops);
  }

  /** Stops a running program where it is, once the request is answered. */
  pause(): void {
    this.pausing = true;
    setImmediate(() => {
      this.pausing = false;
      if (this.motion) this.stop({ kind: 'pause' });
    });
  }

  /** Gives a line, or with undefined the end of the input, to the program. */
  type(text: string | undefined): void {
    if (text === undefined) this.input.end();
    else this.input.type(text);
    if (!this.waiting) return;
    this.waiting = false;
    this.schedule();
  }

  /** The innermost frame first; walked as far as it is read. */
  get stack(): StackWalk {
    this.trace.drain();
    this.walk ??= new StackWalk(this);
    return this.walk;
  }

  frame(index: number): Frame | undefined {
    return this.stack.frame(index);
  }

  /** The innermost frame where the hart is now, also in the middle of a motion. */
  frameNow(): Frame | undefined {
    this.walk = undefined;
    return this.frame(0);
  }

  get unwinder(): Unwinder {
    this.unwinding ??= new Unwinder(this.code.programs, this.machine.memory, {
      links: this.trampolineLinks(),
      returnAddress: (address, cfa) => this.ftrace.trueReturn(address, cfa),
    });
    return this.unwinding;
  }

  /** To be called after a change of registers or memory from outside, which may change the stack and the code. */
  forgetStack(): void {
    this.edits += 1;
    this.walk = undefined;
    this.unwinding = undefined;
  }

  inTrampoline(address: bigint): boolean {
    return address >= this.trampoline.start && address < this.trampoline.end;
  }

  /** Why that outcome of the machine stops the program; undefined where it can go on. */
  reasonOf(stop: Stop): StopReason | undefined {
    switch (stop.kind) {
      case 'exit':
        if (stop.signal !== undefined) this.output.note(`${this.program.name} was ended by ${stop.signal}`);
        return { kind: 'exit', code: stop.code };
      case 'exception':
        return { kind: 'exception', exception: stop.exception };
      case 'hook':
        return this.trace.stopReason();
      default:
        return undefined;
    }
  }

  /** The program has ended in a function that was called from outside. */
  hasExited(code: number): void {
    setImmediate(() => this.stop({ kind: 'exit', code }));
  }

  /** Ends it for good: no event comes after this. */
  dispose(): void {
    this.disposed = true;
    this.motion?.return({ kind: 'pause' });
    this.motion = undefined;
  }

  /** As gdb has it: a stop is before the call of what is inlined there, unless a breakpoint is in it. */
  private inlinesNotEntered({ kind }: StopReason): number {
    const { pc } = this.machine;
    if (kind === 'exit' || kind === 'exception' || (kind === 'breakpoint' && this.sites.isInside(pc))) return 0;
    return this.program.debugInfo.inlinedFrom(pc);
  }

  /** ftrace_caller is entered with its return address in t0. */
  private trampolineLinks(): ReadonlyMap<bigint, number> {
    const { symbols } = this.ftrace.trampoline;
    return new Map(this.ftrace.model.entries.map(({ symbol }) => [symbols.named(symbol)!.address, xNumber('t0')!]));
  }

  /** Who runs on from an ebreak that has stopped the program means what comes after it. */
  private passEbreak(): void {
    const { machine } = this;
    const passed = this.passed;
    this.passed = undefined;
    if (machine.pc !== passed) return;
    const isCompressed = (machine.memory.load(passed, 2)! & 3n) !== 3n;
    machine.pc = passed + (isCompressed ? 2n : 4n);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const wait = this.output.pressure() ?? this.events.congestion?.();
    if (wait) void wait.then(this.turn);
    else setImmediate(this.turn);
  }

  private readonly turn = (): void => {
    this.scheduled = false;
    const motion = this.motion;
    if (!motion || this.waiting || this.pausing) return;
    const { done, value } = this.advance(motion);
    if (done) {
      this.stop(value);
      return;
    }
    this.walk = undefined;
    if (value === 'input') {
      this.waiting = true;
      this.output.flush();
    } else {
      this.output.tick();
      this.pipes.tick();
      this.schedule();
    }
    this.events.turn();
  };

  /** A fault of this program must not take the editor's session with it. */
  private advance(motion: Motion): IteratorResult<Rest, StopReason> {
    try {
      return motion.next();
    } catch (error) {
      this.output.note(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      return { done: true, value: { kind: 'pause' } };
    }
  }

  private stop(reason: StopReason): void {
    this.motion?.return(reason);
    this.motion = undefined;
    this.waiting = false;
    this.walk = undefined;
    if (this.disposed) return;
    this.hiddenInlines ??= this.inlinesNotEntered(reason);
    if (reason.kind === 'exception' && reason.exception.cause === 'breakpoint') this.passed = this.machine.pc;
    if (reason.kind === 'exit') {
      this.exitCode = reason.code;
      this.output.end();
    }
    this.output.flush();
    this.pipes.flush();
    this.events.turn();
    this.events.stopped(reason);
  }
}

function extentOf(program: Program): { start: bigint; end: bigint } {
  const code = program.segments.filter((segment) => segment.permissions.execute);
  return { start: code[0]!.address, end: code.at(-1)!.address + code.at(-1)!.size };
}
