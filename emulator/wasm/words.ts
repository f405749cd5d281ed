import { type Expression, type I32, type I64, i32, opcode, select } from './expression';

/** Whether a value of 64 bits is one of 32, sign-extended, whatever its operands are. */
export function isWord(value: I64): boolean {
  switch (value.opcode) {
    case opcode.extendS:
    case opcode.extend8S:
    case opcode.extend16S:
    case opcode.extend32S:
      return true;
    case opcode.extendU:
      return value.first!.opcode >= opcode.firstComparison && value.first!.opcode <= opcode.lastComparison;
    case opcode.i64Constant:
      return value.wide === undefined;
    default:
      return false;
  }
}

/** Whether a value of 32 bits has been made wider, which is not needed where only that is used. */
export function isExtended({ opcode: number }: Expression): boolean {
  return number === opcode.extendS;
}

/** The operands of which a value has each bit from one or both. */
export function bitwiseOperands({ opcode: number, first, second }: I64): readonly [I64, I64] | undefined {
  const isBitwise = number === opcode.select || number === opcode.i64And || number === opcode.i64Or || number === opcode.i64Xor;
  return isBitwise ? [first as I64, second as I64] : undefined;
}

/** The lower half of a value; what is done bit by bit to get it is done to lower halves. */
export function lowerHalf(value: I64): I32 {
  const { opcode: number, first, second, third } = value;
  if (number === opcode.select) return select(third as I32, lowerHalf(first as I64), lowerHalf(second as I64));
  const operation = bitwise.get(number);
  if (operation) return operation(lowerHalf(first as I64), lowerHalf(second as I64));
  const { immediate, wide = immediate } = value;
  if (number === opcode.i64Constant && typeof wide === 'number') return i32.constant(wide | 0);
  return number === opcode.extendS ? (first as I32) : i32.wrap(value);
}

/** A comparison of 64 bits as one of the lower halves: the same where both operands are words. Undefined for other conditions. */
export function comparedAsWords({ opcode: number, first, second }: I32): I32 | undefined {
  return comparisons.get(number)?.(lowerHalf(first as I64), lowerHalf(second as I64));
}

type Operation = (left: I32, right: I32) => I32;

const bitwise: ReadonlyMap<number, Operation> = new Map([
  [opcode.i64And, i32.and],
  [opcode.i64Or, i32.or],
  [opcode.i64Xor, i32.xor],
]);

const comparisons: ReadonlyMap<number, Operation> = new Map([
  [opcode.i64Eq, i32.eq],
  [opcode.i64Ne, i32.ne],
  [opcode.i64LtS, i32.ltS],
  [opcode.i64LtU, i32.ltU],
  [opcode.i64GeS, i32.geS],
  [opcode.i64GeU, i32.geU],
]);
