import { routineSignatures } from '../float/routine-types';
import type { FunctionType, ImportedTables } from '../wasm/module';

/**
 * How a region is called and left. It takes the instructions that may still be executed, and how many bytes of the host's stack it and
 * those that it calls may take, which are estimated, with `jumpsInRow`.
 * It gives back an address and the instructions left: an even address is where the hart goes next; an odd one less 1 is where the
 * interpreter is to go on, with at least one instruction, for the reason in `hartAt.regionExit`; `missing` says that there is no region
 * in the slot that was called. Registers are in linear memory, and so is where it is entered, in `hartAt.pc`, where it is called by a slot
 * or by a tail call.
 */
export const regionType: FunctionType = { parameters: ['i32', 'i32'], results: ['i64', 'i32'] };

/** The same with the address where it is entered, for a region that can be entered at several. */
export const entriesType: FunctionType = { parameters: ['i32', 'i32', 'i64'], results: ['i64', 'i32'] };

/**
 * Goes on where a call did not come back to, in place of the region that made it: takes what the call gave back, the bytes of the host's
 * stack that are left, the address that the region waits for, the one that was called and the offset of the instruction that called it,
 * and gives back what a region does. Without it each way into code that is not translated would cost the place in all regions that called
 * each other up to there.
 */
export const goOnType: FunctionType = { parameters: ['i64', 'i32', 'i32', 'i64', 'i64', 'i32'], results: ['i64', 'i32'] };

/** What a region calls through tables, and the numbers of their types: those of routines follow. */
const calledTypes = [regionType, goOnType, ...routineSignatures];
export const calledType = { region: 0, goOn: 1, firstRoutine: 2 } as const;

export const missing = -1n;

/** Given back by the interpreter in the place of a region where the host has to do something first: `hartAt.stopped` says why. */
export const stopped = -3n;

/**
 * The lowest bits of a number of bytes of the host's stack: how many jumps from region to region by table may still follow each other where
 * there are no tail calls. Each is a call then, and processors predict where some sixteen of them return to. Frames are multiples of the
 * next bit, so that calls keep these.
 */
export const jumpsInRow = 15;

/** Bytes of the host's stack for regions that are nested in calls of each other. A host has a megabyte in all, and less is used already. */
export const regionStack = 400_000 | jumpsInRow;

/** The next multiple that a frame can have. */
export function frameOf(bytes: number): number {
  return (bytes + jumpsInRow) & ~jumpsInRow;
}

/** The slots of regions: those below `openSlots` are of regions that others may jump to where a register says. */
export const openSlots = 1024;
export const slotCount = 2 * openSlots;

/** Slots that are there at first, of each kind. */
export const firstSlots = 64;

/** The table of all slots, for the interpreter. */
export const interpreterTables: ImportedTables = { all: [{ name: 'table', size: openSlots }], types: [regionType] };

/**
 * The tables of a region's module: its own, of what it calls, and the open slots where it goes where a register says. The engine finds
 * what it calls soonest in the first one.
 */
export function regionTables(goesByRegister: boolean): ImportedTables & { readonly own: number; readonly opened: number } {
  const own = { name: 'own', size: 0 };
  if (!goesByRegister) return { all: [own], own: 0, opened: -1, types: calledTypes };
  return { all: [{ name: 'opened', size: firstSlots }, own], own: 1, opened: 0, types: calledTypes };
}

/** Why a region was left for the interpreter. */
export const regionExit = {
  /** Fewer instructions are left than the way to the next check may take. */
  fuel: 0,
  /** An access lies outside the run of pages that it was expected in. */
  check: 1,
  /** An atomic access, or the target of a jump, is not aligned. */
  misaligned: 2,
  environmentCall: 3,
  breakpoint: 4,
  fenceI: 5,
  /** A breakpoint or hook stands at the instruction. */
  stop: 6,
  /** What is there cannot be translated: no instruction, or one that only the interpreter executes. */
  instruction: 7,
  /** Floating-point arithmetic that is not plain, or has a result that is not. */
  float: 8,
  /** A dynamic rounding mode that is reserved. */
  rounding: 9,
  /** A jump to where it is not known to go; the interpreter goes on there. */
  indirect: 10,
  /** A native hook that its callback has to be called for. */
  hook: 11,
} as const;

export type RegionExit = keyof typeof regionExit;
