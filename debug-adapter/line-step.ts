import type { SourcePlace } from '../program/debug-info';
import type { Entry } from '../program/dwarf/entries/entry';
import type { Debuggee } from './debuggee';

/** A function at work as a step knows it: one that was called, and what of the inlined calls at the pc has been entered. */
interface StepFrame {
  readonly function: bigint | undefined;
  /** From the outside in. */
  readonly inlines: readonly Entry[];
}

/** The end of a step: so many inlined calls at the pc have not been entered. */
export interface StepEnd {
  readonly hidden: number;
}

/**
 * A step by lines on its way. It ends where gdb's does (infrun.c, `process_event_stop_test`): at the start of a statement of another
 * line, at the call of what is inlined, inside of it with `into`, and where no line is known. What it comes to in the middle of a line
 * is finished first. A function without lines is run through as a line is.
 */
export class LineStep {
  private frame: StepFrame;
  /** The line that is left: before an inlined call, that of the call. */
  private line: SourcePlace | undefined;
  /** The code of the row that it is in, which it runs through without looking. */
  private start = 0n;
  private end = 0n;
  private hasReturned = false;
  private hasLines = true;

  private constructor(
    private readonly debuggee: Debuggee,
    private readonly into: boolean,
    hidden: number,
  ) {
    const { machine, code, program } = debuggee;
    const all = program.debugInfo.inlinedAt(machine.pc);
    const call = all[all.length - hidden];
    const span = code.lineAt(machine.pc);
    this.frame = this.frameAt(all, hidden);
    this.line = call ? program.debugInfo.callPlace(call) : span?.row;
    if (span) this.run(span);
    else this.runFunction();
  }

  /** From the hart's place, where so many inlined calls have not been entered. Undefined where neither a line nor a function is known. */
  static from(debuggee: Debuggee, into: boolean, hidden: number): LineStep | undefined {
    const step = new LineStep(debuggee, into, hidden);
    return step.end === 0n ? undefined : step;
  }

  /** Out of an inlined call that the hart is in: the step of what it is inlined into, from no line of it. */
  static outOf(debuggee: Debuggee, inlined: Entry): LineStep {
    const all = debuggee.program.debugInfo.inlinedAt(debuggee.machine.pc);
    const step = new LineStep(debuggee, false, all.length - Math.max(0, all.indexOf(inlined)));
    step.line = undefined;
    step.end = step.start;
    return step;
  }

  /** To be told of each return of a function, as recursion comes back to the same code. */
  returned(): void {
    this.hasReturned = true;
  }

  /** Where the hart has come to after an instruction or a call: the step's end, or undefined where it goes on. */
  arrive(): StepEnd | undefined {
    const { machine, code, program } = this.debuggee;
    const { pc } = machine;
    const isThrough = !this.hasLines && this.hasReturned;
    if (pc >= this.start && pc < this.end && !isThrough) return undefined;
    const span = code.lineAt(pc);
    if (!span) return { hidden: 0 };
    const all = program.debugInfo.inlinedAt(pc);
    const hidden = program.debugInfo.inlinedFrom(pc);
    const frame = this.frameAt(all, hidden);
    const depth = frame.inlines.length - this.frame.inlines.length;
    const isWithin = !this.hasReturned && frame.function === this.frame.function && startsWith(frame.inlines, this.frame.inlines);
    if (isWithin && depth === 0 && hidden > 0) return this.arriveAtInlined(all[frame.inlines.length]!, hidden);
    if (isWithin && depth > 0) return this.into ? { hidden } : undefined;
    const { row } = span;
    const isOther = row.address === pc && !isSameLine(row, this.line);
    if (isOther && row.isStatement) return { hidden };
    this.run(span);
    if (isOther && isWithin) return undefined;
    this.frame = frame;
    this.line = isOther ? undefined : row;
    this.hasReturned = false;
    return undefined;
  }

  /** A call on another line is stopped at; one on the same line is entered with `into`, and passed over else. */
  private arriveAtInlined(inlined: Entry, hidden: number): StepEnd | undefined {
    const call = this.debuggee.program.debugInfo.callPlace(inlined);
    const isOnLine = call !== undefined && isSameLine(call, this.line);
    if (!isOnLine) return { hidden };
    return this.into ? { hidden: hidden - 1 } : undefined;
  }

  /** What has no lines is one line. */
  private runFunction(): void {
    const { code, machine } = this.debuggee;
    const found = code.functionAt(machine.pc);
    this.hasLines = false;
    if (!found) return;
    this.start = found.address;
    this.end = found.address + found.size;
  }

  private run({ row, end }: { readonly row: { readonly address: bigint }; readonly end: bigint }): void {
    this.hasLines = true;
    this.start = row.address;
    this.end = end;
  }

  private frameAt(all: readonly Entry[], hidden: number): StepFrame {
    const { code, machine } = this.debuggee;
    return { function: code.functionAt(machine.pc)?.address, inlines: all.slice(0, all.length - hidden) };
  }
}

function isSameLine(a: SourcePlace, b: SourcePlace | undefined): boolean {
  return a.line === b?.line && a.path === b.path;
}

function startsWith(all: readonly Entry[], first: readonly Entry[]): boolean {
  return first.every((entry, index) => all[index] === entry);
}
