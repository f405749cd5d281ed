import { boolType, intType, longType, sizeOf } from '../types/base-types';
import { strip } from '../types/type';
import { ofBytes, type Value } from '../values/value';
import { bytesOfNumber } from '../values/value-bytes';
import { complexNumber, complexValue, isEqual, onComplex, onComplexUnary } from './complex';
import { ExpressionError } from './expression-error';
import { isNullMember, memberPointerType } from './member-pointers';
import { compare, convertNumber, isAddressType, isComparison, isZero, type NumberValue, negated, operate, promotedAlone } from './numbers';
import { described, fail, numberValue, type Operands } from './operands';
import type { BinaryOperator } from './syntax';
import { elementsOf, onVectors, vectorOf, vectorType } from './vectors';

/** C's operators on values: on numbers, pointers, complex numbers and vectors. */
export class Arithmetic {
  constructor(
    private readonly operands: Operands,
    /** Comparisons give a bool, as in C++. */
    private readonly hasBool: boolean,
  ) {}

  truthValue(isTrue: boolean): Value {
    return numberValue({ type: this.hasBool ? boolType : intType, number: isTrue ? 1n : 0n });
  }

  unary(operator: '-' | '+' | '~', value: Value, at: number, operandAt: number): Value {
    const source = this.plain(value, operandAt);
    return told(at, () => {
      const complex = this.operands.complex(source, operandAt);
      if (complex) return complexValue(onComplexUnary(operator, complex));
      const vector = vectorType(source.type);
      if (vector) {
        const elements = elementsOf(vector, this.operands.bytes(source, operandAt));
        return vectorOf(
          vector,
          elements.map((each) => onNumber(operator, each)),
        );
      }
      if (isPointer(source)) return fail(`"${operator}" cannot be applied to ${described(source.type)}`, at);
      const { bits } = this.operands.referred(value);
      return numberValue(onNumber(operator, promotedAlone(this.operands.number(source, operandAt), bits)));
    });
  }

  binary(operator: BinaryOperator, left: Value, right: Value, at: number): Value {
    const { operands } = this;
    const [a, b] = isMove(operator) ? [operands.decayed(left), operands.decayed(right)] : [this.plain(left, at), this.plain(right, at)];
    return told(at, () => {
      if (memberPointerType(a.type) || memberPointerType(b.type)) return this.onMemberPointers(operator, a, b, at);
      if (isPointer(a) || isPointer(b)) return this.onPointers(operator, a, b, at);
      const vector = vectorType(a.type) ?? vectorType(b.type);
      if (vector) {
        const other = vectorType(b.type) ?? vector;
        if (isComparison(operator) && !(vectorType(a.type) && vectorType(b.type))) return fail('A vector is compared with a vector', at);
        if (isComparison(operator) && operator !== '==' && operator !== '!=') return fail('Vectors have no order', at);
        if (operator !== '==' && operator !== '!=') {
          return onVectors(operator, vector, operands.elements(a, vector, at), other, operands.elements(b, vector, at));
        }
        // As a whole and by their bytes, as gdb has it.
        const [x, y] = [operands.bytes(a, at), operands.bytes(b, at)];
        if (x.length !== y.length) return fail('The vectors have different sizes', at);
        return this.truthValue(x.every((each, index) => each === y[index]) === (operator === '=='));
      }
      const complex = this.onComplex(operator, a, b, at);
      if (complex) return complex;
      const isLogic = isBool(a) && isBool(b) && (operator === '&' || operator === '|' || operator === '^');
      const isShift = operator === '<<' || operator === '>>';
      const x = isShift ? promotedAlone(operands.number(a, at), operands.referred(a).bits) : operands.promotedNumber(a, at);
      const y = operands.promotedNumber(b, at);
      const isUnknownDivisor = operands.isUnevaluated && y.number === 0n;
      const result = operate(operator, x, isUnknownDivisor ? { ...y, number: 1n } : y);
      if (isLogic) return numberValue({ type: a.type, number: result.number });
      return isComparison(operator) ? this.truthValue(!isZero(result.number)) : numberValue(result);
    });
  }

  /** The address in a register counts as a number, which gdb's users cast. */
  private plain(value: Value, at: number): Value {
    const source = this.operands.decayed(value);
    return isAddressType(source.type) ? ofBytes(longType, this.operands.bytes(source, at)) : source;
  }

  private onComplex(operator: BinaryOperator, a: Value, b: Value, at: number): Value | undefined {
    const [left, right] = [this.operands.complex(a, at), this.operands.complex(b, at)];
    if (!left && !right) return undefined;
    const x = left ?? complexNumber(this.operands.number(a, at));
    const y = right ?? complexNumber(this.operands.number(b, at));
    if (operator === '==' || operator === '!=') return this.truthValue(isEqual(x, y) === (operator === '=='));
    return complexValue(onComplex(operator, x, y));
  }

  private onPointers(operator: BinaryOperator, left: Value, right: Value, at: number): Value {
    const synthetic = this.moveSynthetic(operator, left, right, at);
    if (synthetic) return synthetic;
    const [a, b] = [left, right].map((each) => this.operands.number(each, at).number) as [unknown, unknown];
    if (typeof a !== 'bigint' || typeof b !== 'bigint') {
      return fail(`"${operator}" cannot be applied to ${described(left.type)} and ${described(right.type)}`, at);
    }
    if (isComparison(operator)) {
      return this.truthValue(compare(operator, BigInt.asUintN(64, a), BigInt.asUintN(64, b)));
    }
    const [isLeft, isRight] = [isPointer(left), isPointer(right)];
    const pointer = isLeft ? left : right;
    const unit = BigInt(pointedSize(pointer));
    if (unit === 0n) return fail(`The size of what ${described(pointer.type)} points to is not known: cast it first`, at);
    if (isLeft && isRight && pointedSize(left) !== pointedSize(right)) {
      return fail(`${described(left.type)} and ${described(right.type)} point to objects of different sizes`, at);
    }
    if (operator === '-' && isLeft && isRight) return numberValue({ type: longType, number: BigInt.asIntN(64, a - b) / unit });
    if (operator === '+' && !(isLeft && isRight)) return isLeft ? moved(left, a + b * unit) : moved(right, b + a * unit);
    if (operator === '-' && isLeft) return moved(left, a - b * unit);
    return fail(`"${operator}" cannot be applied to ${described(left.type)} and ${described(right.type)}`, at);
  }

  /** A pointer that the compiler has removed, of which it says what it points to. */
  private moveSynthetic(operator: BinaryOperator, left: Value, right: Value, at: number): Value | undefined {
    const { location } = left;
    if (location.kind !== 'pointer' || (operator !== '+' && operator !== '-')) return undefined;
    const { number } = this.operands.number(right, at);
    if (typeof number !== 'bigint' || isPointer(right)) return undefined;
    const distance = number * BigInt(pointedSize(left));
    return { ...left, location: { ...location, offset: location.offset + (operator === '+' ? distance : -distance) } };
  }

  /** They are equal or not, also to a null pointer. */
  private onMemberPointers(operator: BinaryOperator, left: Value, right: Value, at: number): Value {
    if (operator !== '==' && operator !== '!=') {
      return fail(`"${operator}" cannot be applied to ${described(left.type)} and ${described(right.type)}`, at);
    }
    const [a, b] = [left, right].map((each) => {
      const number = this.operands.number(each, at).number;
      const type = memberPointerType(each.type);
      if (!type && !isZero(number)) fail(`${described(each.type)} is no pointer to a member`, at);
      return { number, isNull: !type || isNullMember(type, number as bigint) };
    }) as [{ number: unknown; isNull: boolean }, { number: unknown; isNull: boolean }];
    const areEqual = a.isNull || b.isNull ? a.isNull && b.isNull : a.number === b.number;
    return this.truthValue(areEqual === (operator === '=='));
  }
}

function onNumber(operator: '-' | '+' | '~', { type, number }: NumberValue): NumberValue {
  if (operator === '~' && typeof number !== 'bigint') throw new ExpressionError('"~" takes an integer');
  const result = operator === '-' ? negated(number) : operator === '~' ? ~(number as bigint) : number;
  return convertNumber({ type, number: result }, type);
}

function isMove(operator: BinaryOperator): boolean {
  return operator === '+' || operator === '-' || isComparison(operator);
}

function isPointer(value: Value): boolean {
  return strip(value.type).kind === 'pointer';
}

function isBool({ type }: Value): boolean {
  const bare = strip(type);
  return bare.kind === 'base' && bare.encoding === 'boolean';
}

/** Of void and of a function 1, as GNU C has it; 0 of what has no size. */
function pointedSize(value: Value): number {
  const type = strip(value.type);
  const target = type.kind === 'pointer' ? strip(type.target) : type;
  return target.kind === 'void' || target.kind === 'function' ? 1 : (sizeOf(target) ?? 0);
}

function moved(pointer: Value, address: bigint): Value {
  return ofBytes(pointer.type, bytesOfNumber(address, 8));
}

/** Problems without a place are at the operator's. */
function told<Result>(at: number, evaluate: () => Result): Result {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof ExpressionError && error.at === undefined) throw new ExpressionError(error.problem, at);
    throw error;
  }
}
