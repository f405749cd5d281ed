/** Where an object is, or a part of it (DWARF 5, section 2.6). */
export type Location = Place | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] };

export type Place =
  | { readonly kind: 'memory'; readonly address: bigint }
  /** A register by its DWARF number: x0-x31 are 0-31, f0-f31 are 32-63 (RISC-V DWARF specification, "DWARF Register Numbers"). */
  | { readonly kind: 'register'; readonly register: number }
  /** No place: the value itself. */
  | { readonly kind: 'value'; readonly bytes: Uint8Array }
  /** A pointer that is gone, to an object that is known: the entry at `die` of `.debug_info`, plus bytes. */
  | { readonly kind: 'pointer'; readonly die: number; readonly offset: bigint }
  | { readonly kind: 'missing'; readonly reason: MissingReason };

/** `optimized out` and `not saved` as gdb has them; any other is a sentence. */
export type MissingReason = 'optimized out' | 'not saved' | string;

/** Consecutive bits of an object: the next `bits` of it are those from bit `from` on of the place. */
export interface Piece {
  readonly place: Place;
  readonly bits: number;
  readonly from: number;
}

export const optimizedOut: Place = { kind: 'missing', reason: 'optimized out' };
