import type { Instruction } from './instruction';
import { type InstructionRow, type Mnemonic, rowOf } from './instruction-table';
import {
  type ImmediateOperand,
  type MemoryOperand,
  type Operand,
  operandKinds,
  type RegisterField,
  type RegisterOperand,
} from './operands';
import { gather, type Piece, rangeOf, scatter } from './pieces';
import { xNames } from './registers';

/** The operands of an instruction as `Instruction` gives them; one that is left out is 0. */
export type Operands = Partial<Pick<Instruction, RegisterField | 'immediate' | 'csr'>>;

/** An operand that its instruction cannot have. The message names the operand and what it may be. */
export class OperandError extends RangeError {
  override readonly name = 'OperandError';
  /** Which operand, counted from 0 in the order of assembly; undefined where it is none that is written. */
  readonly index: number | undefined;

  constructor(message: string, index: number | undefined) {
    super(message);
    this.index = index;
  }
}

/**
 * The instruction word, unsigned; 16 bits for a compressed mnemonic. `encode(i.mnemonic, i)` is `i.word` for a decoded
 * instruction whose reserved bits are 0. The immediate of lui and auipc may be given signed or unsigned. Throws OperandError.
 */
export function encode(mnemonic: Mnemonic, operands: Operands): number {
  const row = rowOf(mnemonic);
  const error = operandError(row, operands);
  if (error) throw error;
  const packed = row.packed ? scatter(operands.immediate ?? 0, row.packed) : 0;
  return row.operands.reduce((word, kind) => word | bitsOf(operandKinds[kind], operands), row.match | packed) >>> 0;
}

/** The first operand that the instruction cannot have. */
export function operandError(row: InstructionRow, operands: Operands): OperandError | undefined {
  const immediate = operands.immediate ?? 0;
  if (row.packed && gather(scatter(immediate, row.packed), row.packed, false) !== immediate) {
    return new OperandError(rangeMessage({ syntax: 'value', pieces: row.packed, signed: false }, immediate), undefined);
  }
  for (const [index, kind] of row.operands.entries()) {
    const message = problem(row, operandKinds[kind], operands);
    if (message !== undefined) return new OperandError(message, index);
  }
  return undefined;
}

function problem(row: InstructionRow, operand: Operand, operands: Operands): string | undefined {
  switch (operand.syntax) {
    case 'register':
    case 'address':
      return registerProblem(row, operand, operands);
    case 'memory':
      return registerProblem(row, operand.base, operands) ?? immediateProblem(row, operand, operands.immediate ?? 0);
    case 'csr':
      return immediateProblem(row, operand, operands.csr ?? 0);
    case 'set':
      // The two sets of a fence are parts of its packed immediate.
      return undefined;
    default:
      return immediateProblem(row, operand, operands.immediate ?? 0);
  }
}

function bitsOf(operand: Operand, operands: Operands): number {
  switch (operand.syntax) {
    case 'register':
    case 'address':
      return registerBits(operand, operands);
    case 'memory':
      return registerBits(operand.base, operands) | scatter(operands.immediate ?? 0, operand.pieces);
    case 'csr':
      return scatter(operands.csr ?? 0, operand.pieces);
    case 'set':
      return 0;
    default:
      return scatter(operands.immediate ?? 0, operand.pieces);
  }
}

function registerBits({ fields, bits, low }: RegisterOperand, operands: Operands): number {
  const number = operands[fields[0]!] ?? 0;
  return (number & (2 ** bits - 1)) << low;
}

function registerProblem(row: InstructionRow, operand: RegisterOperand, operands: Operands): string | undefined {
  const [number = 0, other = number] = operand.fields.map((field) => operands[field] ?? 0);
  if (other !== number) return 'destination and first source must be the same register';
  const name = xNames[number];
  if (name === undefined) return `there is no register x${number}`;
  if (operand.bits === 0 && number !== 2) return `${name} cannot be used here: only sp`;
  if (operand.bits === 3 && (number < 8 || number > 15)) return `${name} cannot be used here: only s0, s1 and a0-a5`;
  if (operand.except === number) return `${name} cannot be used here`;
  if (number === 0 && operand.fields.some((field) => row.nonzero?.includes(field))) return 'zero cannot be used here';
  return undefined;
}

function immediateProblem(row: InstructionRow, operand: ImmediateOperand | MemoryOperand, value: number): string | undefined {
  if (value === 0 && row.nonzero?.includes('immediate')) return 'immediate must not be 0';
  const { pieces, signed, syntax } = operand;
  const kept = gather(scatter(value, pieces), pieces, signed);
  const fits = kept === value || (syntax === 'upper' && kept < 0 && kept === value - 2 ** 32);
  return fits ? undefined : rangeMessage(operand, value);
}

function rangeMessage({ syntax, pieces, signed }: ImmediateOperand | MemoryOperand, value: number): string {
  const { minimum, maximum, multiple } = rangeOf(pieces, signed);
  if (syntax === 'upper') return `immediate ${value / 4096} is out of range ${upperRange(pieces)}`;
  const name = { value: 'immediate', set: 'immediate', memory: 'offset', target: 'distance to the target', csr: 'CSR number' }[syntax];
  if (value < minimum || value > maximum) return `${name} ${value} is out of range ${minimum}..${maximum}`;
  return `${name} ${value} is not a multiple of ${multiple}`;
}

/** As written: 20 bits without a sign. c.lui has the 6 low ones, sign-extended. */
function upperRange(pieces: readonly Piece[]): string {
  return pieces.length === 1 ? '0..1048575' : '1..31 or 1048544..1048575';
}
