import type { SourcePlace } from '../program/debug-info';
import type { Entry } from '../program/dwarf/entries/entry';
import type { LineRow } from '../program/program';
import type { Debuggee } from './debuggee';

/** Where a step by lines is, as its person sees it. */
export interface StepPlace {
  readonly row: LineRow | undefined;
  /** The called function. */
  readonly function: bigint | undefined;
  /** Inlined calls that have been entered, from the outside in. */
  readonly inlines: readonly Entry[];
  /** The line that the stop shows: before an inlined call, that of the call. */
  readonly line: SourcePlace | undefined;
}

/** `hidden` inlined calls at the pc have not been entered. */
export function stepPlace({ machine, code, program }: Debuggee, hidden: number): StepPlace {
  const row = code.lineAt(machine.pc)?.row;
  const all = program.debugInfo.inlinedAt(machine.pc);
  const inlines = all.slice(0, all.length - hidden);
  const call = all[inlines.length];
  const line = call ? program.debugInfo.callPlace(call) : row;
  return { row, function: code.functionAt(machine.pc)?.address, inlines, line };
}

/** What becomes of a step that has come to inlined calls. */
export type InlineStep = { readonly stop: true; readonly hidden: number } | { readonly stop: false };

/**
 * Decides as gdb does where the hart has come to code that is inlined into the line's: undefined where it has not. A call on another
 * line is stopped at; one on the same line is entered with `into`, and passed over else.
 */
export function stepAtInline({ machine, program }: Debuggee, from: StepPlace, into: boolean): InlineStep | undefined {
  const all = program.debugInfo.inlinedAt(machine.pc);
  const depth = all.length - from.inlines.length;
  if (depth <= 0 || !from.inlines.every((entry, index) => all[index] === entry)) return undefined;
  const isAtStart = program.debugInfo.inlinedFrom(machine.pc) >= depth;
  const call = program.debugInfo.callPlace(all[from.inlines.length]!);
  if (isAtStart && call && !isSameLine(call, from.line)) return { stop: true, hidden: depth };
  return into ? { stop: true, hidden: isAtStart ? depth - 1 : 0 } : { stop: false };
}

export function isSameLine(a: SourcePlace, b: SourcePlace | undefined): boolean {
  return a.line === b?.line && a.path === b.path;
}

export function isSameCall(a: StepPlace, b: StepPlace): boolean {
  return (
    a.function === b.function && a.inlines.length === b.inlines.length && a.inlines.every((entry, index) => entry === b.inlines[index])
  );
}
