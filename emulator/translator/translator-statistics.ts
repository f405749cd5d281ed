import type { RegionExit } from './region-interface';
import type { DropReason } from './region-store';

/** What the translator has decided, and how its regions were left. */
export interface TranslatorStatistics {
  /** Regions that there are now, those of them that rest, and bytes of WebAssembly in them. */
  readonly regions: number;
  readonly resting: number;
  readonly bytes: number;
  /**
   * Regions ever made, and how long translating and compiling each of them took: its part of the time that those made together took, and
   * that time itself, for which the program waited.
   */
  readonly translated: number;
  readonly milliseconds: readonly number[];
  readonly waits: readonly number[];
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Hot code that is no region, by the instruction it begins with. */
  readonly notTranslated: Readonly<Record<string, number>>;
  readonly exits: Readonly<Record<RegionExit, bigint>>;
}
