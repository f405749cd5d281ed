import type { Instruction } from './instruction';
import { type InstructionRow, type Mnemonic, rowOf } from './instruction-table';
import {
  type ImmediateOperand,
  type MemoryOperand,
  type Operand,
  operandKinds,
  type RegisterField,
  type RegisterOperand,
  type RoundingOperand,
} from './operands';
import { type Range, rangeOf, scatter } from './pieces';
import { fNames, xNames } from './registers';
import { roundingModeName } from './rounding';

/** The operands of an instruction as `Instruction` gives them; one that is left out is 0. */
export type Operands = Partial<Pick<Instruction, RegisterField | 'immediate' | 'csr' | 'roundingMode'>>;

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
  const problem = operandProblem(row, operands);
  if (problem) throw new OperandError(problem.message, problem.index);
  const packed = row.packed ? scatter(operands.immediate ?? 0, row.packed) : 0;
  let word = row.match | packed;
  for (const kind of row.operands) word |= bitsOf(operandKinds[kind], operands);
  return word >>> 0;
}

export interface OperandProblem {
  readonly message: string;
  readonly index: number | undefined;
}

/** What `encode` would throw as OperandError. */
export function operandProblem(row: InstructionRow, operands: Operands): OperandProblem | undefined {
  if (row.packed) {
    const message = rangeProblem('immediate', operands.immediate ?? 0, rangeOf(row.packed, false));
    if (message !== undefined) return { message, index: undefined };
  }
  for (let index = 0; index < row.operands.length; index++) {
    const message = problem(row, operandKinds[row.operands[index]!], operands);
    if (message !== undefined) return { message, index };
  }
  return undefined;
}

function problem(row: InstructionRow, operand: Operand, operands: Operands): string | undefined {
  switch (operand.syntax) {
    case 'register':
    case 'float register':
    case 'address':
      return registerProblem(row, operand, operands);
    case 'rounding':
      return roundingProblem(operand, operands.roundingMode ?? operand.only ?? 0);
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
    case 'float register':
    case 'address':
      return registerBits(operand, operands);
    case 'rounding':
      return scatter(operands.roundingMode ?? 0, operand.pieces);
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
  return (number & (bits === 5 ? 31 : bits === 3 ? 7 : 0)) << low;
}

function registerProblem(row: InstructionRow, operand: RegisterOperand, operands: Operands): string | undefined {
  const { fields } = operand;
  const number = operands[fields[0]!] ?? 0;
  if (fields.length > 1 && (operands[fields[1]!] ?? 0) !== number) return 'destination and first source must be the same register';
  const isFloat = operand.syntax === 'float register';
  const name = (isFloat ? fNames : xNames)[number];
  if (name === undefined) return `there is no register ${isFloat ? 'f' : 'x'}${number}`;
  if (operand.bits === 0 && number !== 2) return `${name} cannot be used here: only sp`;
  if (operand.bits === 3 && (number < 8 || number > 15))
    return `${name} cannot be used here: only ${isFloat ? 'fs0, fs1 and fa0-fa5' : 's0, s1 and a0-a5'}`;
  if (operand.except === number) return `${name} cannot be used here`;
  if (number === 0 && row.nonzero && fields.some((field) => row.nonzero!.includes(field))) return 'zero cannot be used here';
  return undefined;
}

function roundingProblem({ only }: RoundingOperand, mode: number): string | undefined {
  if (only === undefined) return rangeProblem('rounding mode', mode, { minimum: 0, maximum: 7, multiple: 1 });
  return mode === only ? undefined : `only the rounding mode ${roundingModeName(only)} can be used here`;
}

const names = {
  value: 'immediate',
  set: 'immediate',
  memory: 'offset',
  target: 'distance to the target',
  csr: 'CSR number',
  'float constant': 'number of the constant',
} as const;

function immediateProblem(row: InstructionRow, operand: ImmediateOperand | MemoryOperand, value: number): string | undefined {
  if (value === 0 && row.nonzero?.includes('immediate')) return 'immediate must not be 0';
  return operand.syntax === 'upper' ? upperProblem(value, operand.range) : rangeProblem(names[operand.syntax], value, operand.range);
}

function rangeProblem(name: string, value: number, range: Range): string | undefined {
  const { minimum, maximum, multiple } = range;
  if (!(value >= minimum && value <= maximum)) return `${name} ${value} is out of range ${minimum}..${maximum}`;
  return value % multiple === 0 ? undefined : `${name} ${value} is not a multiple of ${multiple}`;
}

/** What is written is 20 bits without a sign; c.lui takes those that are its 6 bits sign-extended. */
function upperProblem(value: number, range: Range): string | undefined {
  const wrapped = value >= 2 ** 31 && value < 2 ** 32 ? value - 2 ** 32 : value;
  if (rangeProblem('', wrapped, range) === undefined) return undefined;
  const limits = range.maximum === 0x1f000 ? '1..31 or 1048544..1048575' : '0..1048575';
  return `immediate ${value / 4096} is out of range ${limits}`;
}
