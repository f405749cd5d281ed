import type { OpsHit, TraceableFunction } from '../ftrace-ops';
import type { ReadonlyFunctionSet } from '../function-set';
import type { ReturnRecorder } from './native-graph';

/** Somebody who wants to know of calls and returns (`struct fgraph_ops`). */
export interface GraphUser {
  /** What passes its filter; undefined lets all pass. */
  readonly filter: ReadonlyFunctionSet | undefined;
  readonly notrace: ReadonlyFunctionSet;
  /** How `enabled_functions` names it, since 6.16. */
  readonly subops: Subops;
  /** Whether it wants the return of this call. */
  entry(call: GraphCall): boolean;
  return(call: GraphReturn): void;
  /** Where the engine can do without asking it: what becomes of each of its calls. */
  readonly work?: GraphWork | undefined;
  /** Gets the records of calls and returns that the engine has made in its place, as `RingBuffer` keeps them (`graph-records.ts`). */
  take?(bytes: Uint8Array, count: number): void;
  /** Hands out what `recorder` has recorded: in its turn among the users. */
  takeRecorded?(): void;
  /** Gets the words that it shares with the engine (`userWord`). */
  attach?(words: BigUint64Array): void;
  /** Called when the engine's records have been handed out, or when others than before make some. */
  settled?(): void;
}

/** What a user does with each call. */
export interface GraphWork {
  /** It wants the return, and records of the call and of the return; if of the call, it wants no return of a call without. */
  readonly wants: boolean;
  readonly entry: boolean;
  readonly return: boolean;
  /** The call is a hit of the function. */
  readonly counts: boolean;
  /** All that is subject to `Fgraph.limits`. */
  readonly limited: boolean;
  /** There are no records, for the time being: what is done of calls may switch it. */
  readonly off?: boolean;
  /** There are records only as far as there is room for them (`userWord.room`). */
  readonly bounded?: boolean;
  /** What it has the engine record of each return beside that, or in place of it; the same as long as it is to be that. */
  readonly recorder?: ReturnRecorder;
}

/** The call of a function under graph tracing. */
export interface GraphCall {
  readonly function: TraceableFunction;
  /** How many calls that are traced it is nested in. */
  readonly depth: number;
  readonly parentIp: bigint;
  readonly time: bigint;
  /** The frame's live registers; overwritten by the next hit. */
  readonly regs: Uint8Array;
  readonly hit: OpsHit;
  /** Keeps up to 8 bytes until the return, for this user alone (`fgraph_reserve_data`); false where they are too many. */
  keep(value: bigint, size: number): boolean;
}

/** The return from it, or how else it has ended. */
export interface GraphReturn {
  readonly function: TraceableFunction;
  readonly depth: number;
  readonly callTime: bigint;
  readonly returnTime: bigint;
  /** Nanoseconds of those between that were spent in traced functions it called. */
  readonly childTime: bigint;
  /** a0, whatever the function's type; 0 where it does not return. */
  readonly retval: bigint;
  /** An exception or a longjmp has left it: it does not return. */
  readonly isLeft: boolean;
  readonly ret: bigint;
  /** a0 to a7 at the call. */
  readonly args: readonly bigint[];
  /** Calls so far that were too deep to be traced. */
  readonly overrun: number;
  /** What the user has kept at the call (`fgraph_retrieve_data`); 0 where that is nothing. */
  readonly kept: bigint;
}

/** The guest's symbols of what is called for a user at a call and at a return. */
export interface Subops {
  readonly entry: `${string}_entry`;
  readonly return: `${string}_return`;
}
