import { Op } from './operations';
import { floatOf, generic, genericType, integerOf, type StackValue, signedOf, valueOfFloat } from './stack-value';

/** Undefined for a division by zero. */
type Binary = (left: StackValue, right: StackValue) => StackValue | undefined;

export const unaryOperations: ReadonlyMap<number, (value: StackValue) => StackValue> = new Map([
  [Op.neg, (value: StackValue) => (isFloat(value) ? valueOfFloat(-floatOf(value), value.type) : integerOf(-value.bits, value.type))],
  [Op.not, (value: StackValue) => integerOf(~value.bits, value.type)],
  [
    Op.abs,
    (value: StackValue) => {
      if (isFloat(value)) return valueOfFloat(Math.abs(floatOf(value)), value.type);
      const number = signedOf(value);
      return integerOf(number < 0n ? -number : number, value.type);
    },
  ],
]);

/** Both operands have one type. Division of the generic type is signed, its remainder is not (DWARF 5, section 2.5.1.4). */
export const binaryOperations: ReadonlyMap<number, Binary> = new Map<number, Binary>([
  [
    Op.plus,
    arithmetic(
      (a, b) => a + b,
      (a, b) => a + b,
    ),
  ],
  [
    Op.minus,
    arithmetic(
      (a, b) => a - b,
      (a, b) => a - b,
    ),
  ],
  [
    Op.mul,
    arithmetic(
      (a, b) => a * b,
      (a, b) => a * b,
    ),
  ],
  [
    Op.div,
    arithmetic(
      (a, b) => (b === 0n ? undefined : a / b),
      (a, b) => a / b,
    ),
  ],
  [Op.mod, remainder],
  [Op.and, (left, right) => integerOf(left.bits & right.bits, left.type)],
  [Op.or, (left, right) => integerOf(left.bits | right.bits, left.type)],
  [Op.xor, (left, right) => integerOf(left.bits ^ right.bits, left.type)],
  [Op.eq, comparison((a, b) => a === b)],
  [Op.ne, comparison((a, b) => a !== b)],
  [Op.lt, comparison((a, b) => a < b)],
  [Op.le, comparison((a, b) => a <= b)],
  [Op.gt, comparison((a, b) => a > b)],
  [Op.ge, comparison((a, b) => a >= b)],
]);

/** The right operand is a count, of whatever type. */
export const shiftOperations: ReadonlyMap<number, Binary> = new Map<number, Binary>([
  [Op.shl, (left, right) => integerOf(left.bits << count(right), left.type)],
  [Op.shr, (left, right) => integerOf(left.bits >> count(right), left.type)],
  [Op.shra, (left, right) => integerOf(signedOf(left) >> count(right), left.type)],
]);

function isFloat({ type }: StackValue): boolean {
  return type.encoding === 'float';
}

/** A number as arithmetic takes it: the generic type counts as signed. */
function operand(value: StackValue): bigint {
  return value.type.encoding === 'signed' || value.type === genericType ? signedOf(value) : value.bits;
}

function arithmetic(integers: (a: bigint, b: bigint) => bigint | undefined, floats: (a: number, b: number) => number): Binary {
  return (left, right) => {
    if (isFloat(left)) return valueOfFloat(floats(floatOf(left), floatOf(right)), left.type);
    const result = integers(operand(left), operand(right));
    return result === undefined ? undefined : integerOf(result, left.type);
  };
}

function remainder(left: StackValue, right: StackValue): StackValue | undefined {
  if (right.bits === 0n) return undefined;
  if (left.type.encoding === 'signed') return integerOf(signedOf(left) % signedOf(right), left.type);
  return integerOf(left.bits % right.bits, left.type);
}

function comparison(holds: (a: bigint | number, b: bigint | number) => boolean): Binary {
  return (left, right) => {
    const result = isFloat(left) ? holds(floatOf(left), floatOf(right)) : holds(operand(left), operand(right));
    return generic(result ? 1n : 0n);
  };
}

function count({ bits }: StackValue): bigint {
  return bits > 128n ? 128n : bits;
}
