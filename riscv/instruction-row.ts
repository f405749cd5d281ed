import type { OperandKind, RegisterField } from './operands';
import type { Piece } from './pieces';

/** The extensions whose instructions the table has, in the order of the ISA manual's naming chapter. */
export const extensions = [
  'I',
  'M',
  'A',
  'F',
  'D',
  'C',
  'Zicbom',
  'Zicbop',
  'Zicboz',
  'Zicntr',
  'Zicond',
  'Zicsr',
  'Zifencei',
  'Zihintntl',
  'Zihintpause',
  'Zfa',
  'Zfh',
  'Zfhmin',
  'Zcb',
  'Zcd',
  'Zba',
  'Zbb',
  'Zbc',
  'Zbs',
  'Sm',
] as const;

export type Extension = (typeof extensions)[number];

export type Format = 'R' | 'R4' | 'I' | 'S' | 'B' | 'U' | 'J' | 'CR' | 'CI' | 'CSS' | 'CIW' | 'CL' | 'CS' | 'CA' | 'CB' | 'CJ';

/** What there is to say about one instruction; the assembler, the decoder, the texts and the grammar come from it. */
export interface InstructionRow<M extends string = string, Meaning extends string = string> {
  readonly mnemonic: M;
  readonly extension: Extension;
  /** Other extensions that must be there too. */
  readonly alsoNeeds?: readonly Extension[];
  readonly format: Format;
  /** A word is this instruction when `(word & mask) === match` and no field of `nonzero` is 0. */
  readonly match: number;
  readonly mask: number;
  /** In the order in which GNU as takes them. */
  readonly operands: readonly OperandKind[];
  /** One sentence on what it does, in terms of its operands. */
  readonly prose: string;
  /** The mnemonic of the base instruction that a compressed one stands for. */
  readonly expandsTo?: Meaning;
  /** Fields that must not be 0: such encodings are reserved or another instruction. */
  readonly nonzero?: readonly (RegisterField | 'immediate')[];
  /** Fields that make it a hint when they are 0: it then does nothing, and assemblers do not choose it. */
  readonly hint?: readonly (RegisterField | 'immediate')[];
  /** An immediate that is no operand of its own: aq|rl of an atomic, fm|pred|succ of fence. It is unsigned. */
  readonly packed?: readonly Piece[];
  /** Registers, or an immediate, that the instruction has without encoding or naming them. */
  readonly implied?: Readonly<Partial<Record<RegisterField | 'immediate', number>>>;
}

/** Bytes of the instructions of a row. */
export function lengthOf({ match }: Pick<InstructionRow, 'match'>): 2 | 4 {
  return (match & 3) === 3 ? 4 : 2;
}
