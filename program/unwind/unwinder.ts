import { callSiteSize } from '../elf/call-sites';
import type { Program, ProgramSymbol } from '../program';
import { lastAtOrBelow } from '../sorted';
import { type AbstractState, isFloatKeptByCalls, isKeptByCalls, sp } from './abstract-state';
import { type RestoredCaller, restoreCaller } from './call-frame-caller';
import type { CallFrameRules, FrameAddressRule } from './call-frame-program';
import { runEpilogue } from './epilogue';
import { FunctionFlow } from './function-flow';
import type { UnwindMemory } from './instruction-at';
import { alternateLink, instructionsToLink, isInMillicode, millicodeCallSize } from './millicode';

export type { UnwindMemory } from './instruction-at';

/** One activation of a function on the call stack. */
export interface UnwindFrame {
  readonly pc: bigint;
  /** The pc is that of the next instruction; else it is a return address, and the call before it is what goes on. */
  readonly exact: boolean;
  /** Registers x0-x31 of this activation; undefined where the functions it called have not kept the value. */
  readonly x: readonly (bigint | undefined)[];
  /** Registers f0-f31, as bits; undefined as a whole where the machine has none. */
  readonly f?: readonly (bigint | undefined)[] | undefined;
  /** Where on the stack the functions it called have saved registers of it, by DWARF number (f0 is 32). */
  readonly savedAt?: ReadonlyMap<number, bigint> | undefined;
}

/** A frame's caller, or why there is none. */
export type CallerResult =
  | {
      readonly frame: UnwindFrame;
      /** The canonical frame address: the callee's sp at its entry, which is the caller's sp. */
      readonly cfa: bigint;
    }
  | {
      readonly end: string;
      /** The same where there should be a caller: the stack is corrupt, or the code says too little. */
      readonly cut?: string;
    };

export interface UnwindOptions {
  /**
   * Functions that are not called with their return address in ra, by start address, and the register that has it: the ftrace
   * trampoline is entered with t0 = F+8. It gives back all registers, and the function it returns to is at its entry.
   */
  readonly links?: ReadonlyMap<bigint, number>;
  /** The true return address of a function whose own is that, and whose frame ends at `cfa`: graph tracing takes return addresses. */
  readonly returnAddress?: (address: bigint, cfa: bigint) => bigint;
}

/**
 * Walks call stacks: by the program's frame tables, where they cover the code; else by following the code of the function from its
 * entry to its pc, for which a symbol is enough; else by the frame pointer.
 */
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
    const epilogue = frame.exact ? runEpilogue(this.memory, frame) : undefined;
    if (typeof epilogue === 'object') return this.checked(frame, this.withKept(frame, epilogue.caller), epilogue.cfa);
    const odd = frame.exact ? (this.callerOfMillicode(frame) ?? this.callerOfLongJump(frame)) : undefined;
    if (odd) return odd;
    return this.callerByTable(frame, epilogue === 'unfinished') ?? this.callerByCode(frame);
  }

  /** The canonical frame address of a frame: the sp of its caller. */
  frameAddress(frame: UnwindFrame): bigint | undefined {
    const result = this.caller(frame);
    if ('cfa' in result) return result.cfa;
    return this.tableFrame(frame)?.cfa ?? this.codeFrameAddress(frame);
  }

  /** With the registers that a call may change, where the rules say that this one has not. */
  private withKept(frame: UnwindFrame, caller: UnwindFrame): UnwindFrame {
    const registers = this.tableFrame(frame)?.rules.registers;
    const isKept = (register: number): boolean => registers?.get(register)?.kind === 'same';
    return {
      ...caller,
      x: caller.x.map((value, register) => value ?? (isKept(register) ? frame.x[register] : undefined)),
      f: caller.f?.map((value, register) => value ?? (isKept(firstFloat + register) ? frame.f?.[register] : undefined)),
    };
  }

  private callerByTable(frame: UnwindFrame, isInEpilogue: boolean): CallerResult | undefined {
    const found = this.tableFrame(frame);
    if (!found || this.isWrong(frame, found, isInEpilogue)) return undefined;
    const { caller, cfa } = found;
    if (caller === 'none') return { end: 'the outermost function has no caller' };
    return caller ? this.checked(frame, caller, cfa) : end(frame, 'it has not kept its return address');
  }

  /**
   * Where the code itself tells better. LLVM before version 20 describes no epilogues on RISC-V: from where sp is moved back, and in code
   * behind that which needs no frame, its rules are off by the frame's size. Of naked functions, and of assembly that says where a
   * function is but not what it does, there are no rules but those of its first instruction.
   */
  private isWrong(frame: UnwindFrame, { cfa, rules }: TableFrame, isInEpilogue: boolean): boolean {
    const isAsAtEntry = rules.registers.size === 0 && isStackPointer(rules.frameAddress);
    if (isAsAtEntry ? frame.exact && !rules.isBare && !rules.lacksEpilogues : !frame.exact || !rules.lacksEpilogues) return false;
    const state = this.stateOf(frame)?.state;
    const followed = state && frameAddress(frame, state);
    if (followed === undefined) return false;
    return isAsAtEntry || isInEpilogue ? followed !== cfa || !frame.exact : followed === frame.x[sp] && followed !== cfa;
  }

  private tableFrame(frame: UnwindFrame): TableFrame | undefined {
    const place = frame.exact ? frame.pc : frame.pc - 1n;
    for (const { callFrames } of this.programs) {
      const rules = callFrames.rulesAt(place);
      const found = rules && restoreCaller(rules, frame, this.memory);
      if (found) return { ...found, rules };
    }
    return undefined;
  }

  private codeFrameAddress(frame: UnwindFrame): bigint | undefined {
    const found = this.stateOf(frame);
    return found && frameAddress(frame, found.state);
  }

  /**
   * The caller of a routine that makes a part of its caller's frame. It waits at its call, which has done nothing until it is done.
   * Tables know one way into such routines, which have several.
   */
  private callerOfMillicode(frame: UnwindFrame): CallerResult | undefined {
    const left = instructionsToLink(this.memory, frame.pc);
    const found = left === undefined ? undefined : this.stateOf(frame);
    const [back, top] = [frame.x[alternateLink], frame.x[sp]];
    if (!found || back === undefined || top === undefined || !isInMillicode(found.state)) return undefined;
    if (this.options.links?.has(found.start)) return undefined;
    if (left === 0) return this.checked(frame, { ...frame, pc: back }, top);
    const cfa = frameAddress(frame, found.state);
    if (cfa === undefined) return undefined;
    const x = frame.x.map((_, register) => (register === sp ? cfa : this.valueAtEntry(register, frame, found.state, cfa)));
    return this.checked(frame, { ...frame, pc: BigInt.asUintN(64, back - millicodeCallSize), x }, cfa);
  }

  /** Where code has taken another return address than its own from elsewhere than its frame, as longjmp does: it goes there. */
  private callerOfLongJump(frame: UnwindFrame): CallerResult | undefined {
    const jump = runEpilogue(this.memory, frame, true);
    const state = typeof jump === 'object' ? this.stateOf(frame)?.state : undefined;
    if (typeof jump !== 'object' || !state || state.x[returnRegister] !== undefined) return undefined;
    return [...state.saved.values()].includes(returnRegister) ? undefined : this.checked(frame, jump.caller, jump.cfa);
  }

  private callerByCode(frame: UnwindFrame): CallerResult {
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
    const inFrame = [...state.saved].filter(([offset]) => isInFrame(offset, state));
    const saved = inFrame.map(([offset, register]) => [register, BigInt.asUintN(64, cfa + offset)] as const);
    const savedAt = new Map([...(frame.savedAt ?? []), ...saved]);
    const f = frame.f?.map((value, register) => (link !== undefined || isFloatKeptByCalls(register) ? value : undefined));
    return this.checked(frame, { pc, exact: link !== undefined, x, f, savedAt }, cfa);
  }

  /** Code without a symbol, or a jump to nowhere: its caller is where ra points, as at a function's first instruction. */
  private callerOfUnknownCode(frame: UnwindFrame): CallerResult {
    const pc = frame.x[returnRegister];
    const cfa = frame.x[sp];
    const linked = this.callerByFramePointer(frame);
    if (!frame.exact || pc === undefined || cfa === undefined || linked) return linked ?? end(frame, 'its code is of no known function');
    const x = frame.x.map((value, register) => (isKeptByCalls(register) ? value : undefined));
    return this.checked(frame, { pc, exact: false, x }, cfa);
  }

  /** The two doublewords below what s0 points at: the return address and the caller's s0 (psABI, "Frame Pointer Convention"). */
  private callerByFramePointer(frame: UnwindFrame): CallerResult | undefined {
    const [top, cfa] = [frame.x[sp], frame.x[framePointer]];
    if (frame.exact || top === undefined || cfa === undefined || cfa <= top || cfa % 16n !== 0n) return undefined;
    const pc = this.memory.load(cfa - 8n, 8);
    const outer = this.memory.load(cfa - 16n, 8);
    if (pc === undefined || outer === undefined || !this.isCode(pc)) return undefined;
    const x = frame.x.map((_, register) => (register === sp ? cfa : register === framePointer ? outer : register === 0 ? 0n : undefined));
    return this.checked(frame, { pc, exact: false, x }, cfa);
  }

  private checked(callee: UnwindFrame, found: UnwindFrame, cfa: bigint): CallerResult {
    const frame = { ...found, pc: this.options.returnAddress?.(found.pc, cfa) ?? found.pc };
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
    if (register === 0) return 0n;
    const slot = [...state.saved].find(([, saved]) => saved === register);
    const saved = slot && this.memory.load(BigInt.asUintN(64, cfa + slot[0]), 8);
    if (slot && saved !== undefined && isInFrame(slot[0], state)) return saved;
    const holder = holds(register) ? register : frame.x.findIndex((_, each) => holds(each));
    return holder >= 0 ? frame.x[holder] : saved;
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

/** Floating-point registers among DWARF's numbers. */
const firstFloat = 32;

interface TableFrame extends RestoredCaller {
  readonly rules: CallFrameRules;
}

function isStackPointer(rule: FrameAddressRule): boolean {
  return rule.kind === 'register' && rule.register === sp && rule.offset === 0n;
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

/** Whether a slot lies above sp: what lies below is given back, and the function restores no register from it. */
function isInFrame(offset: bigint, { x }: AbstractState): boolean {
  const top = x[sp];
  return top?.kind === 'frame' && offset >= top.offset;
}

function end({ pc }: UnwindFrame, cause: string): CallerResult {
  const text = `the caller of 0x${pc.toString(16)} is not known: ${cause}`;
  return { end: text, cut: text };
}
