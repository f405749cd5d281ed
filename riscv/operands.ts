import { type Piece, type Range, rangeOf } from './pieces';

/**
 * The kinds of operands that instructions have: which bits of the word hold each, and how it is written in assembly. The names
 * that begin with `c.` are those of the compressed formats.
 */

/** The fields of an instruction that hold the number of a floating-point register, and those that hold that of any. */
export type FloatRegisterField = 'frd' | 'frs1' | 'frs2' | 'frs3';
export type RegisterField = 'rd' | 'rs1' | 'rs2' | FloatRegisterField;

export interface RegisterOperand {
  /** `float register` is one of f0-f31, the others are one of x0-x31. */
  readonly syntax: 'register' | 'float register' | 'address';
  /** The fields that get the register: two where it is source and destination at once. */
  readonly fields: readonly RegisterField[];
  /** The lowest of its bits in the word. */
  readonly low: number;
  /** 5 bits for all 32, 3 bits for numbers 8-15, 0 bits for the stack pointer, which is written but not encoded. */
  readonly bits: 5 | 3 | 0;
  /** A register that would make it another instruction. */
  readonly except?: number;
}

export interface ImmediateOperand {
  /**
   * How it is written: `value` as a number, `upper` as the number of 4096s, `target` as the address it leads to from the pc,
   * `set` as letters of `iorw`, `csr` as a name or number, `float constant` as
   * one of `floatConstants`.
   */
  readonly syntax: 'value' | 'upper' | 'target' | 'set' | 'csr' | 'float constant';
  readonly pieces: readonly Piece[];
  readonly signed: boolean;
  readonly range: Range;
}

export interface MemoryOperand {
  readonly syntax: 'memory';
  readonly pieces: readonly Piece[];
  readonly signed: boolean;
  readonly range: Range;
  readonly base: RegisterOperand;
}

/** How a result is rounded: one of `roundingModes`. */
export interface RoundingOperand {
  readonly syntax: 'rounding';
  readonly pieces: readonly Piece[];
  /** The only mode that the instruction may have. */
  readonly only?: number;
}

export type Operand = RegisterOperand | ImmediateOperand | MemoryOperand | RoundingOperand;

const register = (low: number, bits: 5 | 3 | 0, ...fields: RegisterField[]): RegisterOperand => ({ syntax: 'register', fields, low, bits });
const floatRegister = (low: number, bits: 5 | 3, ...fields: FloatRegisterField[]): RegisterOperand => ({
  syntax: 'float register',
  fields,
  low,
  bits,
});
const immediate = (syntax: ImmediateOperand['syntax'], isSigned: boolean, pieces: Piece[]): ImmediateOperand => ({
  syntax,
  pieces,
  signed: isSigned,
  range: rangeOf(pieces, isSigned),
});
const signed = (...pieces: Piece[]) => immediate('value', true, pieces);
const unsigned = (...pieces: Piece[]) => immediate('value', false, pieces);
const upper = (...pieces: Piece[]) => immediate('upper', true, pieces);
const target = (...pieces: Piece[]) => immediate('target', true, pieces);
const set = (...pieces: Piece[]) => immediate('set', false, pieces);
const csr = (...pieces: Piece[]) => immediate('csr', false, pieces);
const memory = (base: RegisterOperand, isSigned: boolean, ...pieces: Piece[]): MemoryOperand => ({
  syntax: 'memory',
  pieces,
  signed: isSigned,
  range: rangeOf(pieces, isSigned),
  base,
});

const rs1 = register(15, 5, 'rs1');
const compressedBase = register(7, 3, 'rs1');
const stackPointer = register(0, 0, 'rs1');

/** Volume I: section "Immediate Encoding Variants" and chapter "C", section "Compressed Instruction Formats". */
export const operandKinds = {
  rd: register(7, 5, 'rd'),
  rs1,
  rs2: register(20, 5, 'rs2'),
  '(rs1)': { ...rs1, syntax: 'address' },
  immediate: signed([31, 20, 0]),
  upper: upper([31, 12, 12]),
  shamt5: unsigned([24, 20, 0]),
  shamt6: unsigned([25, 20, 0]),
  'load(rs1)': memory(rs1, true, [31, 20, 0]),
  'store(rs1)': memory(rs1, true, [31, 25, 5], [11, 7, 0]),
  'prefetch(rs1)': memory(rs1, true, [31, 25, 5]),
  branch: target([31, 31, 12], [7, 7, 11], [30, 25, 5], [11, 8, 1]),
  jump: target([31, 31, 20], [19, 12, 12], [20, 20, 11], [30, 21, 1]),
  csr: csr([31, 20, 0]),
  uimm5: unsigned([19, 15, 0]),
  frd: floatRegister(7, 5, 'frd'),
  frs1: floatRegister(15, 5, 'frs1'),
  frs2: floatRegister(20, 5, 'frs2'),
  frs3: floatRegister(27, 5, 'frs3'),
  'frs1=frs2': floatRegister(15, 5, 'frs1', 'frs2'),
  rounding: { syntax: 'rounding', pieces: [[14, 12, 0]] },
  'towards zero': { syntax: 'rounding', pieces: [], only: 1 },
  'float constant': immediate('float constant', false, [[19, 15, 0]]),
  predecessor: set([27, 24, 4]),
  successor: set([23, 20, 0]),

  sp: register(0, 0, 'rs1'),
  'sp,sp': register(0, 0, 'rd', 'rs1'),
  'rd=rs1': register(7, 5, 'rd', 'rs1'),
  'rd≠sp': { ...register(7, 5, 'rd'), except: 2 },
  'c.rs1': register(7, 5, 'rs1'),
  'c.rs2': register(2, 5, 'rs2'),
  "rd'": register(2, 3, 'rd'),
  "rs1'": register(7, 3, 'rs1'),
  "rs2'": register(2, 3, 'rs2'),
  "rd'=rs1'": register(7, 3, 'rd', 'rs1'),
  "frd'": floatRegister(2, 3, 'frd'),
  "frs2'": floatRegister(2, 3, 'frs2'),
  'c.frs2': floatRegister(2, 5, 'frs2'),
  'c.immediate': signed([12, 12, 5], [6, 2, 0]),
  'c.upper': upper([12, 12, 17], [6, 2, 12]),
  'c.shamt': unsigned([12, 12, 5], [6, 2, 0]),
  'c.addi16sp': signed([12, 12, 9], [4, 3, 7], [5, 5, 6], [2, 2, 5], [6, 6, 4]),
  'c.addi4spn': unsigned([10, 7, 6], [12, 11, 4], [5, 5, 3], [6, 6, 2]),
  "c.byte(rs1')": memory(compressedBase, false, [5, 5, 1], [6, 6, 0]),
  "c.half(rs1')": memory(compressedBase, false, [5, 5, 1]),
  "c.word(rs1')": memory(compressedBase, false, [5, 5, 6], [12, 10, 3], [6, 6, 2]),
  "c.double(rs1')": memory(compressedBase, false, [6, 5, 6], [12, 10, 3]),
  'c.lwsp(sp)': memory(stackPointer, false, [3, 2, 6], [12, 12, 5], [6, 4, 2]),
  'c.ldsp(sp)': memory(stackPointer, false, [4, 2, 6], [12, 12, 5], [6, 5, 3]),
  'c.swsp(sp)': memory(stackPointer, false, [8, 7, 6], [12, 9, 2]),
  'c.sdsp(sp)': memory(stackPointer, false, [9, 7, 6], [12, 10, 3]),
  'c.branch': target([12, 12, 8], [6, 5, 6], [2, 2, 5], [11, 10, 3], [4, 3, 1]),
  'c.jump': target([12, 12, 11], [8, 8, 10], [10, 9, 8], [6, 6, 7], [7, 7, 6], [2, 2, 5], [11, 11, 4], [5, 3, 1]),
} as const satisfies Record<string, Operand>;

export type OperandKind = keyof typeof operandKinds;
