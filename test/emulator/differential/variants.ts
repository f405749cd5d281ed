import type { InstructionRow, Mnemonic } from '../../../riscv/instruction-table';

/** One instruction under test, with what must come right before it. */
export interface Step {
  readonly words: readonly number[];
  /** What the other side executes for it, where it does not know the instruction: as many bytes, the same effect. */
  readonly reference?: readonly number[];
}

/** Instructions that are executed one after the other from many contents of the registers, the state being saved after each. */
export interface Variant {
  /** The row under test, or undefined for a sequence. */
  readonly row: InstructionRow<Mnemonic> | undefined;
  readonly steps: readonly Step[];
  /** Two registers that they do not touch: one links to the routines of the program, the other is their base. */
  readonly pair: Pair;
  /** Values that registers get beforehand: addresses. */
  readonly presets: readonly { readonly register: number; readonly value: number }[];
  /** Where the only step jumps to, relative to itself, when that is anywhere but near. */
  readonly jump?: number;
  /** The steps write to their own code. */
  readonly changesCode?: boolean;
}

export interface Pair {
  readonly link: number;
  readonly base: number;
}

/** Each instruction leaves one of these alone. */
export const pairs: readonly Pair[] = [
  { link: 5, base: 6 },
  { link: 28, base: 29 },
  { link: 14, base: 15 },
  { link: 3, base: 4 },
  { link: 18, base: 19 },
  { link: 1, base: 30 },
];
