import { type I32, i32 } from '../wasm/expression';

/** The table of jumps to some targets, by the bytes from the first of them. */
export interface JumpTable {
  /**
   * The highest bits, so many, of the distance times the multiplier are the entry: a target has one of its own, which other places may have
   * too. Undefined where each halfword has an entry.
   */
  readonly bits: number | undefined;
  readonly multiplier: number;
  /** By entry the index of the only target that it can be; -1 for none. */
  readonly entries: readonly number[];
}

/** Entries for each target, up to which each halfword has one: engines compile all of them. */
const sparsest = 4;
/** Multipliers that are tried for a size of table, from the first on. */
const tried = 256;
const firstMultiplier = 0x9e3779b1 | 0;
const mostBits = 16;

/** Finds the table for targets at distances, of which no two are the same. */
export function jumpTableOf(distances: readonly number[]): JumpTable {
  const halfwords = Math.max(...distances) / 2 + 1;
  if (halfwords > sparsest * distances.length) {
    const trials = new Trials(distances);
    for (let bits = Math.max(1, Math.ceil(Math.log2(distances.length))); bits <= mostBits && 1 << bits < halfwords; bits += 1) {
      for (let trial = 0, multiplier = firstMultiplier; trial < tried; trial += 1) {
        if (trials.isSpread(bits, multiplier)) return { bits, multiplier, entries: spread(distances, bits, multiplier) };
        multiplier = (Math.imul(multiplier, 0x2c9277b5) + 2) | 0;
      }
    }
  }
  const entries = new Array<number>(halfwords).fill(-1);
  distances.forEach((distance, index) => {
    entries[distance / 2] = index;
  });
  return { bits: undefined, multiplier: 1, entries };
}

/** The entry of a distance, which is below 0 or past the last one where no target is. */
export function entryOf({ bits, multiplier }: JumpTable, distance: I32): I32 {
  if (bits === undefined) return i32.shrU(distance, i32.constant(1));
  return i32.shrU(i32.mul(distance, i32.constant(multiplier)), i32.constant(32 - bits));
}

/** Looks for a multiplier with which no two of these distances have the same entry. */
class Trials {
  /** By entry the number of the last trial that had a distance there. */
  readonly #taken = new Uint32Array(1 << mostBits);
  #trial = 0;

  constructor(private readonly distances: readonly number[]) {}

  isSpread(bits: number, multiplier: number): boolean {
    this.#trial += 1;
    for (const distance of this.distances) {
      const entry = hashOf(distance, bits, multiplier);
      if (this.#taken[entry] === this.#trial) return false;
      this.#taken[entry] = this.#trial;
    }
    return true;
  }
}

/** The entries of a table in which each target has its own. */
function spread(distances: readonly number[], bits: number, multiplier: number): number[] {
  const entries = new Array<number>(1 << bits).fill(-1);
  distances.forEach((distance, index) => {
    entries[hashOf(distance, bits, multiplier)] = index;
  });
  return entries;
}

function hashOf(distance: number, bits: number, multiplier: number): number {
  return Math.imul(distance, multiplier) >>> (32 - bits);
}
