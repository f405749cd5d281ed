import type { NativeHook } from '../recorder/native-hook';
import type { Known } from './guesses';
import type { StepCache } from './step-cache';

/** What finding a region needs of the machine. Offsets are those of the guest's window. */
export interface Code extends Known {
  canFetch(offset: number): boolean;
  /** Instructions that are translated at once at most. */
  mostAtOnce(): number;
  /** Called for each run of instructions or so many blocks, and may throw to end the search. */
  breathe(blocks?: number): void;
  /** The hart may have come to an offset: what it never came to is in no region, which leaves where it does. */
  mayHaveCome(offset: number): boolean;
  /** The ways that the branch at an offset has gone since a look at code, as bits of `way`. */
  waysSince(offset: number, look: number): number;
  /** Where regions begin, or can be entered. */
  readonly regions: ReadonlyMap<number, unknown>;
  /** A long region begins at an offset, in force, that does not hold another one. */
  hasLongRegion(offset: number, without: number): boolean;
  /** How many of these targets of an indirect jump one region with a switch can be entered at: the most. */
  targetsHeld(targets: readonly number[]): number;
  readonly steps: Pick<StepCache, 'at'>;
  /** Where breakpoints and hooks stand. */
  readonly stops: ReadonlySet<number>;
  /** Whether there is any place for `hookAt`. */
  hasHooks(): boolean;
  /** What the engine does by itself before the instruction at an offset, where a hook stands there and nothing else. */
  hookAt(offset: number): NativeHook | undefined;
  /** What an x register holds while the code is looked at. */
  valueOf(register: number): bigint;
  /** Where the indirect jump at an offset has gone, as far as that is known. */
  targetsOf(offset: number): Iterable<number>;
  /** Whether it has gone nowhere else since this was asked before, some times in a row: asking counts. */
  hasAllTargets(offset: number): boolean;
  offsetOf(address: bigint): number;
  /** What was found of functions that might be put in line, as long as code stays and stops do: one question is asked for each call of them. */
  readonly inlinable: Map<number, boolean>;
  /** Bytes in the guest's window. */
  readonly size: number;
}
