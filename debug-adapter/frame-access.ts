import type { Entry } from '../program/dwarf/entries/entry';
import type { Location } from '../program/dwarf/location/location';
import { callSiteSize } from '../program/elf/call-sites';
import { argumentLocation, argumentsOf } from '../program/frames/call-arguments';
import { tailCallsTo } from '../program/frames/call-sites';
import type { FrameAccess, FrameScope } from '../program/frames/frame-scope';
import type { Program } from '../program/program';
import type { UnwindFrame } from '../program/unwind/unwinder';
import type { Debuggee } from './debuggee';

const [tp, firstFloat] = [4, 32];

/** A frame on the stack, and its caller when asked for. */
export class FrameOfUnwinder implements FrameAccess {
  readonly program: Program;
  readonly scope: FrameScope;
  static innermost(debuggee: Debuggee): FrameOfUnwinder {
    const { machine } = debuggee;
    const x = Array.from({ length: 32 }, (_, number) => machine.readX(number));
    const f = Array.from({ length: 32 }, (_, number) => machine.readF(number));
    return new FrameOfUnwinder(debuggee, { pc: machine.pc, exact: true, x, f });
  }

  private constructor(
    private readonly debuggee: Debuggee,
    readonly frame: UnwindFrame,
    private outer?: Outer,
    /** The function has left by a tail call and is on the stack no more: what it was called from waits for the one that it called. */
    readonly isTailCaller = false,
    /** It is a traced function, which waits in its call site for the tracer. */
    private readonly isInCallSite = false,
  ) {
    const address = frame.exact ? frame.pc : frame.pc - 1n;
    this.program = debuggee.code.programAt(address);
    this.scope = this.program.debugInfo.scopeOf(this);
  }

  get pc(): bigint {
    return this.frame.pc;
  }

  get exact(): boolean {
    return this.frame.exact;
  }

  register(register: number): bigint | undefined {
    return register < firstFloat ? this.frame.x[register] : this.frame.f?.[register - firstFloat];
  }

  cfa(): bigint | undefined {
    return this.walked.cfa;
  }

  load(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined {
    return this.debuggee.machine.memory.load(address, size);
  }

  /**
   * The block of a static program starts where tp points (psABI, "Thread Local Storage"). R_RISCV_TLS_DTPREL64 takes 0x800 off an
   * offset, which compilers add in debug information.
   */
  threadLocal(offset: bigint): bigint | undefined {
    const base = this.frame.x[tp];
    return base === undefined || base === 0n ? undefined : BigInt.asUintN(64, base + offset);
  }

  caller(): FrameScope | undefined {
    return this.callerFrame?.scope;
  }

  argument(parameter: Entry): Location | undefined {
    const symbol = this.isInCallSite ? this.program.symbols.functionAt(this.pc) : undefined;
    const found = symbol && argumentsOf(this.program, symbol.address)?.find(({ name }) => name !== '' && name === parameter.fullName);
    return found && argumentLocation(found, (register) => this.register(register));
  }

  get callerFrame(): FrameOfUnwinder | undefined {
    return this.walked.frame;
  }

  /** Why no caller of it is known; undefined where one is, or where nothing has called it. */
  get cut(): string | undefined {
    return this.walked.cut;
  }

  /** Start code is entered by no call, and need not say so. */
  private get isOutermost(): boolean {
    const { entry, symbols } = this.debuggee.program;
    const start = symbols.functionAt(entry) ?? symbols.nearest(entry)?.symbol;
    const here = symbols.functionAt(this.scope.address) ?? symbols.nearest(this.scope.address)?.symbol;
    return start !== undefined && here === start;
  }

  private get walked(): Outer {
    if (!this.outer) {
      const { unwinder } = this.debuggee;
      const result = unwinder.caller(this.frame);
      this.outer =
        'frame' in result
          ? { frame: this.behindTailCalls(this.callerAt(result.frame), result.cfa), cfa: result.cfa, cut: undefined }
          : { frame: undefined, cfa: unwinder.frameAddress(this.frame), cut: this.isOutermost ? undefined : result.cut };
    }
    return this.outer;
  }

  private callerAt(frame: UnwindFrame): FrameOfUnwinder {
    const { debuggee } = this;
    const callSite = frame.pc - callSiteSize;
    const isInCallSite = debuggee.inTrampoline(this.pc) && debuggee.program.symbols.functionAt(frame.pc)?.address === callSite;
    return new FrameOfUnwinder(debuggee, frame, undefined, false, isInCallSite);
  }

  /** The frame of the last function that has left for this one by a tail call, should `caller` not have called this one itself. */
  private behindTailCalls(caller: FrameOfUnwinder, cfa: bigint): FrameOfUnwinder {
    let frame = caller;
    for (const pc of tailCallsTo(this.scope, caller.scope)) {
      frame = new FrameOfUnwinder(this.debuggee, { ...caller.frame, pc }, { frame, cfa, cut: undefined }, true);
    }
    return frame;
  }
}

interface Outer {
  readonly frame: FrameOfUnwinder | undefined;
  readonly cfa: bigint | undefined;
  readonly cut: string | undefined;
}
