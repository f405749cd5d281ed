import { callSiteSize } from '../elf/call-sites';
import type { Program, ProgramSymbol } from '../program';
import { lastAtOrBelow } from '../sorted';
import { type AbstractState, isKeptByCalls, sp } from './abstract-state';
import { FunctionFlow, type UnwindMemory } from './function-flow';

export type { UnwindMemory } from './function-flow';

/** One activation of a function on the call stack. */
export interface UnwindFrame {
  readonly pc: bigint;
  /** The pc is that of the next instruction; else it is a return address, and the call before it is what goes on. */
  readonly exact: boolean;
  /** Registers x0-x31 of this activation; undefined where the functions it called have not kept the value. */
  readonly x: readonly (bigint | undefined)[];
}

/** A frame's caller, or why there is none. */
export type CallerResult =
  | {
      readonly frame: UnwindFrame;
      /** The canonical frame address: the callee's sp at its entry, which is the caller's sp. */
      readonly cfa: bigint;
    }
  | { readonly end: string };

export interface UnwindOptions {
  /**
   * Functions that are not called with their return address in ra, by start address, and the register that has it: the ftrace
   * trampoline is entered with t0 = F+8. It gives back all registers, and the function it returns to is at its entry.
   */
  readonly links?: ReadonlyMap<bigint, number>;
}

/** Walks call stacks by following the code of each function from its entry to its pc; it needs symbols, but no unwind tables. */
export class Unwinder {
  private readonly flows = new Map<bigint, FunctionFlow>();

  /** Reads stack and code from `memory`; keeps what it has learned of the code, so make a new one when code has changed. */
  constructor(
    private readonly programs: readonly Program[],
    private readonly memory: UnwindMemory,
    private readonly options: UnwindOptions = {},
  ) {}

  /** The frames from `frame` outwards, at most `limit`. */
  *walk(frame: UnwindFrame, limit: number): Generator<UnwindFrame> {
    for (let current: UnwindFrame | undefined = frame, left = limit; current && left > 0; left--) {
      yield current;
      const result = this.caller(current);
      current = 'frame' in result ? result.frame : undefined;
    }
  }

  /** The caller of a frame. It always lies further up the stack, so that a walk ends. */
  caller(frame: UnwindFrame): CallerResult {
    const found = this.stateOf(frame);
    if (!found) return this.callerOfUnknownCode(frame);
    const { state, start } = found;
    const cfa = frameAddress(frame, state);
    if (cfa === undefined) return end(frame, 'where its frame is on the stack cannot be told');
    const link = this.options.links?.get(start);
    const pc = this.valueAtEntry(link ?? returnRegister, frame, state, cfa);
    if (pc === undefined) return end(frame, 'it has not kept its return address');
    const x = frame.x.map((_, register) => {
      if (register === sp) return cfa;
      return link !== undefined || isKeptByCalls(register) ? this.valueAtEntry(register, frame, state, cfa) : undefined;
    });
    return this.checked(frame, { pc, exact: link !== undefined, x }, cfa);
  }

  /** Code without a symbol, or a jump to nowhere: its caller is where ra points, as at a function's first instruction. */
  private callerOfUnknownCode(frame: UnwindFrame): CallerResult {
    const pc = frame.x[returnRegister];
    const cfa = frame.x[sp];
    if (!frame.exact || pc === undefined || cfa === undefined) return end(frame, 'its code is of no known function');
    const x = frame.x.map((value, register) => (isKeptByCalls(register) ? value : undefined));
    return this.checked(frame, { pc, exact: false, x }, cfa);
  }

  private checked(callee: UnwindFrame, frame: UnwindFrame, cfa: bigint): CallerResult {
    if (frame.pc === 0n) return { end: 'the outermost function has no caller' };
    if (!this.isCode(frame.pc)) return end(callee, `its return address 0x${frame.pc.toString(16)} is not code`);
    const top = callee.x[sp];
    if (top !== undefined && cfa < top) return end(callee, 'its caller would lie below it on the stack');
    if (top === cfa && callee.pc === frame.pc && callee.exact === frame.exact) return end(callee, 'it would be its own caller');
    return { frame, cfa };
  }

  private stateOf(frame: UnwindFrame): { state: AbstractState; start: bigint } | undefined {
    const place = frame.exact ? frame.pc : frame.pc - 1n;
    for (const program of this.programs) {
      const symbol = program.symbols.functionAt(place);
      const label = program.symbols.nearest(place)?.symbol;
      for (const each of [symbol, label]) {
        const flow = each && this.flowOf(program, each);
        const state = frame.exact ? flow?.at(frame.pc) : flow?.beforeCallReturningTo(frame.pc);
        if (each && state) return { state, start: each.address };
      }
    }
    return undefined;
  }

  private flowOf(program: Program, symbol: ProgramSymbol): FunctionFlow {
    const known = this.flows.get(symbol.address);
    if (known) return known;
    const start = symbol.address;
    const site = lastAtOrBelow(program.callSites, start, ({ address }) => address);
    const holder = program.symbols.functionAt(start);
    const flow = new FunctionFlow(this.memory, {
      start,
      callSiteSize: site?.address === start ? callSiteSize : 0n,
      contains: (address) => address >= start && program.symbols.functionAt(address)?.address === holder?.address,
    });
    this.flows.set(start, flow);
    return flow;
  }

  /** What a register held when the function was entered, from where it is now: a register or the frame. */
  private valueAtEntry(register: number, frame: UnwindFrame, state: AbstractState, cfa: bigint): bigint | undefined {
    const holds = (holder: number): boolean => {
      const value = state.x[holder];
      return value?.kind === 'entry' && value.register === register && this.isAlive(holder, frame);
    };
    const holder = holds(register) ? register : frame.x.findIndex((_, each) => holds(each));
    if (register === 0) return 0n;
    if (holder >= 0) return frame.x[holder];
    const slot = [...state.saved].find(([, saved]) => saved === register);
    return slot && this.memory.load(BigInt.asUintN(64, cfa + slot[0]), 8);
  }

  /** In a frame that waits for a call, only what the called functions keep is still there. */
  private isAlive(register: number, frame: UnwindFrame): boolean {
    return frame.x[register] !== undefined && (frame.exact || isKeptByCalls(register));
  }

  private isCode(address: bigint): boolean {
    return this.programs.some(({ segments }) => {
      const segment = lastAtOrBelow(segments, address, (each) => each.address);
      return segment?.permissions.execute && address < segment.address + segment.size;
    });
  }
}

const returnRegister = 1;
const framePointer = 8;

/** sp at the function's entry, from a register whose distance from it is known. */
function frameAddress({ x }: UnwindFrame, state: AbstractState): bigint | undefined {
  for (const register of [sp, framePointer]) {
    const value = state.x[register];
    const now = x[register];
    if (value?.kind === 'frame' && now !== undefined) return BigInt.asUintN(64, now - value.offset);
  }
  return undefined;
}

function end({ pc }: UnwindFrame, cause: string): CallerResult {
  return { end: `the caller of 0x${pc.toString(16)} is not known: ${cause}` };
}
