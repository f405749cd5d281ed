import type { RoutineName } from '../float/routine-types';
import type { CodeAlignment } from '../interpreter/interpreter-emitter';
import type { LinearMemory } from '../linear-memory';
import type { Check } from './nearby-accesses';
import type { Expectation } from './sites';

/** What writing a region needs to know of the machine. */
export interface Surroundings {
  readonly memory: LinearMemory;
  /**
   * Where the access that is checked at an offset is expected (`Sites.expect`). `isConstant` says that its base has the same value in
   * all of the region, or one near it.
   */
  expect(offset: number, check: Check, isConstant: boolean): Expectation;
  /** The access at an offset must have a check of its own. */
  isNarrow(offset: number): boolean;
  /** The arithmetic at an offset is often not plain. */
  isSoft(offset: number): boolean;
  /** Where the indirect jump at an offset goes is still to be learnt. */
  isLearning(offset: number): boolean;
  /** Called for each block or so many, and may throw to end the writing. */
  breathe(blocks?: number): void;
  readonly alignment: CodeAlignment;
  readonly linkage: Linkage;
}

/** How a region calls what is outside of it. */
export interface Linkage {
  /** Which function of its module it is. */
  readonly functionIndex: number;
  /** The indices of the module's tables. */
  readonly tables: { readonly own: number; readonly opened: number };
  /** The place in the module's own table of a routine, of what goes on where a call did not come back to, or of the region at an offset. */
  placeOf(called: RoutineName | 'goOn' | number): number;
  /** The place there of what goes on at an offset, by tail calls; undefined where the region returns instead. */
  placeToGoOn(offset: number): number | undefined;
  /** Whether the engine has tail calls, and regions are to go on by them. */
  readonly tailCalls: boolean;
}
