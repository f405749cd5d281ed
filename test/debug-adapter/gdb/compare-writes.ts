import { readFileSync } from 'node:fs';
import type { Debuggee } from '../../../debug-adapter/debuggee';
import { FrameMemory } from '../../../debug-adapter/frame-memory';
import type { Frame } from '../../../debug-adapter/stack-walk';
import { assignIn, evaluateIn } from '../../../debug-adapter/values';
import { readProgram } from '../../../program/read-program';
import { formatValue } from '../../../program/values/format/format-value';
import { dereferenced } from '../../../program/values/parts';
import { readBytes, writeBytes } from '../../../program/values/value-bytes';
import { chooseStops, debuggeeOf, hits, visitStops, withStackAt } from './our-debuggee';
import type { Assignment, GdbTask } from './run-gdb';

interface WritesAtStop {
  readonly sp: string;
  /** The caller's function. */
  readonly caller: string | null;
  /** Of each assignment in the innermost frame, then of each in its caller; null where there is none. */
  readonly answers: readonly (string | null)[];
}

/** Assigns to variables at random instructions, in two frames: to be compared with what gdb's then show. */
export function writesComparison(path: string, source: string, count: number, assignments: readonly Assignment[]) {
  const program = readProgram(readFileSync(path), 'program.elf');
  const stops = chooseStops(program, source, count, 17);
  const task: GdbTask = { kind: 'writes', program: path, stops, hits, assignments };
  return {
    task,
    compare(answer: unknown): { readonly writes: number; readonly disagreements: readonly string[] } {
      const theirs = answer as readonly WritesAtStop[];
      const disagreements: string[] = [];
      let writes = 0;
      const debuggee = debuggeeOf(program);
      let index = 0;
      for (const pc of visitStops(debuggee, stops)) {
        const { sp, caller, answers } = theirs[index++]!;
        const shift = BigInt(sp) - debuggee.machine.readX(2);
        for (const [position, theirText] of answers.entries()) {
          const [target, text] = assignments[position % assignments.length]!;
          const depth = position < assignments.length ? 0 : 1;
          // LLVM 19 describes no epilogues: gdb then takes a wrong frame for the caller.
          if (theirText === null || (depth === 1 && debuggee.frame(1)?.name !== caller?.replace(/\(.*/, ''))) continue;
          writes++;
          const mine = assigned(debuggee, depth, target, text);
          // gdb takes it, and leaves the constant as it is.
          if (mine === withStackAt(theirText, shift) || mine.includes('the compiler has made a constant of it')) continue;
          disagreements.push(`0x${pc.toString(16)} #${depth} ${target} = ${text}: ours ${mine}, gdb's ${theirText}`);
        }
      }
      return { writes, disagreements };
    },
  };
}

/** What a variable shows once something is assigned to it; it gets its value back. */
function assigned(debuggee: Debuggee, depth: number, target: string, text: string): string {
  try {
    const before = bytesAt(debuggee, depth, target);
    assignIn(debuggee, frameAt(debuggee, depth), evaluateIn(debuggee, frameAt(debuggee, depth), target), text);
    const after = formatValue(evaluateIn(debuggee, frameAt(debuggee, depth), target), new FrameMemory(debuggee, depth));
    restore(debuggee, depth, target, before);
    return after;
  } catch (error) {
    return String(error);
  }
}

function frameAt(debuggee: Debuggee, depth: number): Frame | undefined {
  debuggee.forgetStack();
  return debuggee.frame(depth);
}

function bytesAt(debuggee: Debuggee, depth: number, target: string): Uint8Array | undefined {
  const memory = new FrameMemory(debuggee, depth);
  const result = readBytes(dereferenced(evaluateIn(debuggee, frameAt(debuggee, depth), target), memory), memory);
  return 'bytes' in result ? result.bytes : undefined;
}

function restore(debuggee: Debuggee, depth: number, target: string, before: Uint8Array | undefined): void {
  const memory = new FrameMemory(debuggee, depth);
  const value = dereferenced(evaluateIn(debuggee, frameAt(debuggee, depth), target), memory);
  if (before) writeBytes(value, before, memory);
}
