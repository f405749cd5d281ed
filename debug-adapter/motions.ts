import type { Stop } from '../emulator/machine';
import type { Entry } from '../program/dwarf/entries/entry';
import { csrNumber } from '../riscv/csrs';
import { decode } from '../riscv/decode';
import type { Instruction } from '../riscv/instruction';
import { temporary } from './breakpoint-sites';
import type { Debuggee } from './debuggee';
import { LineStep } from './line-step';
import type { StopReason } from './stop-reason';

/**
 * A way of running the program: it yields where the event loop should turn, `input` while the program waits for its standard
 * input, and returns why it stopped. Ending it early takes back its temporary breakpoints.
 */
export type Motion = Generator<Rest, StopReason, void>;
export type Rest = 'turn' | 'input';

/** A part of a motion: undefined where the program only goes on. */
type Part = Generator<Rest, StopReason | undefined, void>;

/** A place to arrive at: in the activation whose stack pointer is `sp` there, or an outer one. */
interface Place {
  readonly address: bigint;
  readonly sp: bigint;
}

const [ra, sp, t0] = [1, 2, 5];
const mepc = csrNumber('mepc')!;

/** The program's own trap handlers that a step goes into; through the others it runs. */
type Entered = 'every handler' | 'exception handlers' | 'no handler';

/** From the first instruction, which may have a breakpoint. */
export function* startProgram(debuggee: Debuggee): Motion {
  return (yield* runTo(debuggee, [])) ?? (yield* continueProgram(debuggee));
}

export function* continueProgram(debuggee: Debuggee): Motion {
  for (;;) {
    const stopped = (yield* once(debuggee)) ?? (yield* runTo(debuggee, []));
    if (stopped) return stopped;
  }
}

/** One instruction; with `over`, a call counts as one. */
export function* stepInstruction(debuggee: Debuggee, over: boolean): Motion {
  const call = over ? callAt(debuggee) : undefined;
  const stopped = call ? yield* callOver(debuggee, call) : yield* once(debuggee, over ? 'no handler' : 'every handler');
  return stopped ?? arrival(debuggee);
}

/**
 * To the start of another line, as gdb steps. A call is passed over, or with `into` entered after its call site and prologue,
 * where it has lines. A function without lines is left as a line is; other code without lines is stepped by instruction. A handler of
 * interrupts is passed over, one of exceptions entered with `into`.
 */
export function* stepLine(debuggee: Debuggee, into: boolean, hidden = debuggee.hiddenInlines ?? 0): Motion {
  if (into && hidden > 0) return arrivalBefore(debuggee, hidden - 1);
  const step = LineStep.from(debuggee, into, hidden);
  return yield* step ? follow(debuggee, step, into) : stepInstruction(debuggee, !into || atCallSite(debuggee));
}

/** Until the hart has left a call that is inlined where it is, to the next line of what it is inlined into. */
export function* stepOutOfInlined(debuggee: Debuggee, inlined: Entry): Motion {
  return yield* follow(debuggee, LineStep.outOf(debuggee, inlined), false);
}

function* follow(debuggee: Debuggee, step: LineStep, into: boolean): Motion {
  const { machine, pace, sites } = debuggee;
  for (;;) {
    const call = callAt(debuggee);
    if (call && into && !call.isCallSite && hasLines(debuggee, call)) return (yield* enter(debuggee, call)) ?? arrival(debuggee);
    if (!call && isAtReturn(debuggee)) step.returned();
    const fromTrampoline = debuggee.inTrampoline(machine.pc);
    const moved = call ? yield* callOver(debuggee, call) : yield* once(debuggee, into ? 'exception handlers' : 'no handler');
    const stopped = moved ?? (fromTrampoline ? undefined : yield* leaveTrampoline(debuggee));
    if (stopped) return stopped;
    const end = step.arrive();
    if (end) return arrivalBefore(debuggee, end.hidden);
    if (sites.isWanted(machine.pc)) return { kind: 'breakpoint' };
    if (pace.isOver()) yield 'turn';
  }
}

/** Until the caller's frame is the innermost, and so again in recursion. */
export function* stepOut(debuggee: Debuggee, caller: Place): Motion {
  return (yield* once(debuggee)) ?? (yield* runTo(debuggee, [caller])) ?? arrival(debuggee);
}

/** Executes the instruction at the pc. */
function* once(debuggee: Debuggee, entered: Entered = 'every handler'): Part {
  const from = debuggee.machine.pc;
  for (;;) {
    const stop = debuggee.machine.step();
    if (stop.kind === 'trap' && !enters(entered, stop.interrupt)) return yield* passHandler(debuggee, stop.interrupt ? undefined : from);
    if (!waits(stop)) return debuggee.reasonOf(stop);
    yield stop.kind === 'output' ? 'turn' : 'input';
  }
}

/** Whether the program stands at an ecall that is not done. */
function waits({ kind }: Stop): boolean {
  return kind === 'input' || kind === 'output' || kind === 'idle';
}

function enters(entered: Entered, interrupt: boolean): boolean {
  return entered === 'every handler' || (entered === 'exception handlers' && !interrupt);
}

/** Through a trap handler: back to where an interrupt came, or behind the instruction of an exception or, mended, to it again. */
function* passHandler(debuggee: Debuggee, at: bigint | undefined): Part {
  const { machine } = debuggee;
  const interrupted = machine.readCsr(mepc);
  if (at === undefined && interrupted === undefined) return undefined;
  const length = at === undefined ? 0 : lengthAt(debuggee, at);
  const backs = at === undefined ? [interrupted!] : [at, at + BigInt(length)];
  return yield* runTo(
    debuggee,
    backs.map((address) => ({ address, sp: machine.readX(sp) })),
  );
}

/** Runs until one of the places, or for ever where there is none. */
function* runTo(debuggee: Debuggee, places: readonly Place[]): Part {
  const { machine, sites, pace } = debuggee;
  for (const { address } of places) sites.add(address, temporary);
  try {
    for (;;) {
      const stop: Stop = pace.run(machine);
      if (stop.kind === 'budget' || stop.kind === 'output') yield 'turn';
      else if (waits(stop)) yield 'input';
      else if (stop.kind !== 'breakpoint') return debuggee.reasonOf(stop);
      else if (sites.isWanted(machine.pc)) return { kind: 'breakpoint' };
      else if (places.some((place) => place.address === machine.pc && machine.readX(sp) >= place.sp)) return undefined;
      else {
        const stopped = yield* once(debuggee);
        if (stopped) return stopped;
      }
    }
  } finally {
    for (const { address } of places) sites.remove(address, temporary);
  }
}

interface Call {
  readonly target: bigint;
  /** A patched call site's jump into the trampoline, which no step but one of an instruction enters. */
  readonly isCallSite: boolean;
  /** Where it returns, in this activation. */
  readonly back: Place;
}

function* callOver(debuggee: Debuggee, call: Call): Part {
  const stopped = yield* once(debuggee);
  if (stopped) return stopped;
  if (call.isCallSite) return yield* leaveTrampoline(debuggee);
  return yield* runTo(debuggee, [call.back]);
}

/** Through a call site's jump into the trampoline, or a return that graph tracing has taken, wherever that then sends the hart. */
function* leaveTrampoline(debuggee: Debuggee): Part {
  while (debuggee.inTrampoline(debuggee.machine.pc)) {
    const stopped = yield* once(debuggee, 'no handler');
    if (stopped) return stopped;
  }
  return undefined;
}

/** Into a called function, to where a breakpoint on it would be; or back, should the trampoline skip it. */
function* enter(debuggee: Debuggee, call: Call): Part {
  const { machine, code } = debuggee;
  const stopped = yield* once(debuggee);
  if (stopped) return stopped;
  const body = code.bodyAddress(code.functionAt(machine.pc)) ?? machine.pc;
  return machine.pc === body ? undefined : yield* runTo(debuggee, [{ address: body, sp: 0n }, call.back]);
}

/** Looked for where the function's body starts: GCC gives the call site before it no line. */
function hasLines({ code }: Debuggee, { target }: Call): boolean {
  return code.lineAt(code.bodyAddress(code.functionAt(target)) ?? target) !== undefined;
}

function atCallSite(debuggee: Debuggee): boolean {
  return callAt(debuggee)?.isCallSite ?? false;
}

/** The same, with so many inlined calls at the pc not entered. */
function arrivalBefore(debuggee: Debuggee, hidden: number): StopReason {
  debuggee.hiddenInlines = hidden;
  return arrival(debuggee);
}

/** The end of a step: a breakpoint that it came to counts as reached. */
function arrival(debuggee: Debuggee): StopReason {
  return { kind: debuggee.sites.isWanted(debuggee.machine.pc) ? 'breakpoint' : 'step' };
}

/** The call that the hart is about to make: a jump that links to ra or t0 (ISA manual, "Unconditional Jumps", return-address hints). */
function callAt(debuggee: Debuggee): Call | undefined {
  const { machine } = debuggee;
  const instruction = instructionAt(debuggee);
  if (!instruction || (instruction.rd !== ra && instruction.rd !== t0)) return undefined;
  const { meaning, length, immediate, rs1 } = instruction;
  if (meaning !== 'jal' && meaning !== 'jalr') return undefined;
  const base = meaning === 'jal' ? machine.pc : machine.readX(rs1);
  const target = BigInt.asUintN(64, base + BigInt(immediate));
  return {
    target,
    isCallSite: debuggee.inTrampoline(target) && !debuggee.inTrampoline(machine.pc),
    back: { address: machine.pc + BigInt(length), sp: machine.readX(sp) },
  };
}

function isAtReturn(debuggee: Debuggee): boolean {
  const instruction = instructionAt(debuggee);
  return instruction?.meaning === 'jalr' && instruction.rd === 0 && (instruction.rs1 === ra || instruction.rs1 === t0);
}

function lengthAt(debuggee: Debuggee, pc: bigint): number {
  return instructionAt(debuggee, pc)?.length ?? 4;
}

function instructionAt({ machine }: Debuggee, pc = machine.pc): Instruction | undefined {
  const bytes = machine.memory.read(pc, 4);
  if (bytes.length < 2) return undefined;
  const low = bytes[0]! | (bytes[1]! << 8);
  return decode((low | ((bytes[2] ?? 0) << 16) | ((bytes[3] ?? 0) << 24)) >>> 0);
}
