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

  constructor(message: string, index?: number) {
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
  let word = row.match;
  row.operands.forEach((kind, index) => {
    word |= encodeOperand(row, operandKinds[kind], operands, index);
  });
  if (row.packed) word |= encodeImmediate({ syntax: 'value', pieces: row.packed, signed: false }, operands.immediate ?? 0, undefined);
  return word >>> 0;
}

function encodeOperand(row: InstructionRow, operand: Operand, operands: Operands, index: number): number {
  if (operand.syntax === 'memory') return encodeRegister(row, operand.base, operands, index) | encodeValue(row, operand, operands, index);
  if (operand.syntax === 'csr') return encodeImmediate(operand, operands.csr ?? 0, index);
  // The sets of a fence are two parts of its packed immediate.
  if (operand.syntax === 'set') return 0;
  if ('pieces' in operand) return encodeValue(row, operand, operands, index);
  return encodeRegister(row, operand, operands, index);
}

function encodeValue(row: InstructionRow, operand: ImmediateOperand | MemoryOperand, operands: Operands, index: number): number {
  const value = operands.immediate ?? 0;
  if (value === 0 && row.nonzero?.includes('immediate')) throw new OperandError('immediate must not be 0', index);
  return encodeImmediate(operand, value, index);
}

function encodeImmediate(operand: ImmediateOperand | MemoryOperand, value: number, index: number | undefined): number {
  const { pieces, signed, syntax } = operand;
  const word = scatter(value, pieces);
  const fits = gather(word, pieces, signed) === value || (syntax === 'upper' && gather(word, pieces, true) === (value | 0));
  if (!fits || !Number.isInteger(value)) throw new OperandError(rangeMessage(syntax, pieces, signed, value), index);
  return word;
}

function rangeMessage(syntax: ImmediateOperand['syntax'] | 'memory', pieces: readonly Piece[], signed: boolean, value: number): string {
  const { minimum, maximum, multiple } = rangeOf(pieces, signed);
  if (syntax === 'upper') return upperMessage(value, maximum);
  const name = { value: 'immediate', set: 'immediate', memory: 'offset', target: 'distance to the target', csr: 'CSR number' }[syntax];
  if (value < minimum || value > maximum) return `${name} ${value} is out of range ${minimum}..${maximum}`;
  return `${name} ${value} is not a multiple of ${multiple}`;
}

/** lui and auipc take 20 bits without a sign; c.lui takes those of them that 6 bits give when sign-extended. */
function upperMessage(value: number, maximum: number): string {
  const range = maximum > 0x1f000 ? '0..1048575' : '1..31 or 1048544..1048575';
  return `immediate ${value / 4096} is out of range ${range}`;
}

function encodeRegister(row: InstructionRow, operand: RegisterOperand, operands: Operands, index: number): number {
  const numbers = operand.fields.map((field) => operands[field] ?? 0);
  const number = numbers[0]!;
  if (numbers.some((other) => other !== number)) throw new OperandError('destination and first source must be the same register', index);
  const name = xNames[number];
  if (name === undefined) throw new OperandError(`there is no register x${number}`, index);
  if (operand.bits === 0 && number !== 2) throw new OperandError(`${name} cannot be used here: only sp`, index);
  if (operand.bits === 3 && (number < 8 || number > 15)) throw new OperandError(`${name} cannot be used here: only s0, s1, a0-a5`, index);
  if (operand.except === number) throw new OperandError(`${name} cannot be used here`, index);
  if (number === 0 && operand.fields.some((field) => row.nonzero?.includes(field))) {
    throw new OperandError('zero cannot be used here', index);
  }
  return operand.bits === 0 ? 0 : (operand.bits === 3 ? number - 8 : number) << operand.low;
}
