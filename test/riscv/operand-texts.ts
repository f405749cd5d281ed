import { csrName } from '../../riscv/csrs';
import type { Operands } from '../../riscv/encode';
import { floatConstants } from '../../riscv/float-constants';
import {
  type ImmediateOperand,
  type MemoryOperand,
  type Operand,
  type OperandKind,
  operandKinds,
  type RegisterOperand,
} from '../../riscv/operands';
import { rangeOf } from '../../riscv/pieces';
import { fNames, xNames } from '../../riscv/registers';
import { roundingModeNames, roundingModeNumber } from '../../riscv/rounding';

/** An operand as it is written for GNU as, and the fields that it gives. */
export interface OperandText {
  readonly text: string;
  readonly fields: Operands;
}

/** Written operands of a kind: edges of its range, and values from around the limits of the compressed forms. */
export function operandTexts(kind: OperandKind): OperandText[] {
  const operand: Operand = operandKinds[kind];
  switch (operand.syntax) {
    case 'register':
    case 'float register':
      return registers(operand);
    case 'rounding':
      return roundingModeNames
        .map((text) => ({ text, fields: { roundingMode: roundingModeNumber(text)! } }))
        .filter(({ fields }) => operand.only === undefined || operand.only === fields.roundingMode);
    case 'float constant':
      return floatConstants.map(({ text }, immediate) => ({ text, fields: { immediate } }));
    case 'address':
      return registers(operand).map(({ text, fields }) => ({ text: `(${text})`, fields }));
    case 'memory':
      return registers(operand.base).flatMap((base) =>
        immediates(operand).map((immediate) => ({ text: `${immediate}(${base.text})`, fields: { ...base.fields, immediate } })),
      );
    case 'csr':
      return [0x001, 0x300, 0x7c0, 0xc00, 0xfff].map((csr) => ({ text: csrName(csr) ?? String(csr), fields: { csr } }));
    case 'set':
      return ['i', 'o', 'r', 'w', 'rw', 'iorw'].map((text) => ({ text, fields: { immediate: setBits(text) } }));
    case 'upper':
      return immediates(operand).map((immediate) => ({ text: String((immediate >>> 12) & 0xfffff), fields: { immediate } }));
    case 'target':
      return immediates(operand).map((immediate) => ({ text: `.${immediate < 0 ? '' : '+'}${immediate}`, fields: { immediate } }));
    case 'value':
      return immediates(operand).map((immediate) => ({ text: String(immediate), fields: { immediate } }));
  }
}

/** Every combination of written operands, at most `limit` of them, spread evenly. */
export function combinations(kinds: readonly OperandKind[], limit: number): { text: string; operands: Operands }[] {
  const lists = kinds.map(operandTexts);
  const total = lists.reduce((product, list) => product * list.length, 1);
  const step = Math.max(1, total / limit);
  return Array.from({ length: Math.min(total, limit) }, (_, index) => {
    let rest = Math.floor(index * step);
    const chosen = lists.map((list) => {
      const one = list[rest % list.length]!;
      rest = Math.floor(rest / list.length);
      return one;
    });
    return { text: chosen.map(({ text }) => text).join(','), operands: merge(kinds, chosen) };
  });
}

/** The two sets of a fence share the immediate. */
function merge(kinds: readonly OperandKind[], chosen: readonly OperandText[]): Operands {
  const operands: Operands = Object.assign({}, ...chosen.map(({ fields }) => fields));
  if (kinds[0] !== 'predecessor') return operands;
  return { ...operands, immediate: (chosen[0]!.fields.immediate! << 4) | chosen[1]!.fields.immediate! };
}

function registers({ syntax, bits, fields, except }: RegisterOperand): OperandText[] {
  const numbers = bits === 5 ? [0, 1, 2, 5, 8, 9, 15, 16, 31] : bits === 3 ? [8, 9, 15] : [2];
  return numbers
    .filter((number) => number !== except)
    .map((number) => ({
      text: (syntax === 'float register' ? fNames : xNames)[number]!,
      fields: Object.fromEntries(fields.map((field) => [field, number])),
    }));
}

// The limits of the compressed immediates, and one beyond.
const limits = [0, 1, 4, 8, 16, 31, 32, 63, 64, 124, 128, 248, 252, 256, 496, 504, 508, 512, 1020, 1024, -1, -16, -32, -33, -512, -528];

function immediates({ pieces, signed }: ImmediateOperand | MemoryOperand): number[] {
  const { minimum, maximum, multiple } = rangeOf(pieces, signed);
  const scaled = multiple === 4096 ? limits.map((value) => value * 4096) : limits;
  const values = [minimum, maximum, ...scaled.filter((value) => value % multiple === 0)];
  return [...new Set(values.filter((value) => value >= minimum && value <= maximum))];
}

function setBits(text: string): number {
  return [...text].reduce((bits, letter) => bits | (8 >> 'iorw'.indexOf(letter)), 0);
}
