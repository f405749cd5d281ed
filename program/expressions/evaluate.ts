import { optimizedOut } from '../dwarf/location/location';
import { Quad } from '../reals/quad';
import {
  arrayOf,
  boolType,
  char16Type,
  char32Type,
  charType,
  doubleType,
  floatType,
  intType,
  isScalar,
  longDoubleType,
  longLongType,
  longType,
  pointerTo,
  sizeOf,
  unsignedLongLongType,
  unsignedLongType,
  unsignedType,
  wideCharType,
} from '../types/base-types';
import { type BaseType, noMember, type PointerType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { dereferenced } from '../values/parts';
import { addressOf, inMemory, ofBytes, partOf, type Value, type ValueMemory } from '../values/value';
import { bytesOfNumber, readBytes, writeBytes } from '../values/value-bytes';
import { basePart, castAddress } from './base-casts';
import { ExpressionError } from './expression-error';
import { findMember } from './members';
import {
  compare,
  convertNumber,
  decodeNumber,
  encodeNumber,
  isComparison,
  isZero,
  type NumberValue,
  negated,
  operate,
  promoted,
  wordType,
} from './numbers';
import { parseExpression, parseType } from './parser';
import type { BinaryOperator, Expression, TypeNames } from './syntax';

/** What an expression finds its names in: a frame, or the program as a whole. */
export interface ExpressionScope extends TypeNames {
  readonly memory: ValueMemory;
  /** A variable, function, enumerator or symbol. */
  valueNamed(name: string): Value | undefined;
  /** Throws ExpressionError where its value is not known. */
  register(name: string): Value | undefined;
  /** Numbers are whole words, as in assembly, rather than C's int. */
  readonly isAssembly: boolean;
  /** Comparisons give a bool, as in C++. */
  readonly hasBool: boolean;
  /** Why nothing may be written, if so. */
  readonly readOnly: string | undefined;
}

/** Evaluates a text. Throws ExpressionError with the place of the problem. */
export function evaluateText(source: string, scope: ExpressionScope): Value {
  return new Evaluator(scope, source).evaluate(parseExpression(source, scope));
}

/** The type of an expression or of a type's name, whose value is not read. */
export function typeOfText(source: string, scope: ExpressionScope): Type {
  return parseType(source, scope) ?? evaluateText(source, scope).type;
}

/** Whether an expression is true, as in a condition. */
export function isTrue(source: string, scope: ExpressionScope): boolean {
  const evaluator = new Evaluator(scope, source);
  const expression = parseExpression(source, scope);
  return evaluator.truth(evaluator.evaluate(expression), expression.at);
}

/** Writes a value from an expression, converted as C's assignment does. Throws ExpressionError where either cannot be. */
export function assignText(target: Value, source: string, scope: ExpressionScope): void {
  const evaluator = new Evaluator(scope, source);
  const expression = parseExpression(source, scope);
  evaluator.write(target, evaluator.evaluate(expression), expression.at);
}

/** Elements that `first@count` may have. */
const mostElements = 1 << 20;

class Evaluator {
  private isUnevaluated = false;

  constructor(
    private readonly scope: ExpressionScope,
    private readonly source: string,
  ) {}

  evaluate(expression: Expression): Value {
    try {
      return this.valueOf(expression);
    } catch (error) {
      if (error instanceof ExpressionError && error.at === undefined) throw new ExpressionError(error.problem, expression.at);
      throw error;
    }
  }

  truth(value: Value, at: number): boolean {
    return !isZero(this.number(value, at).number);
  }

  write(target: Value, value: Value, at: number): void {
    if (this.scope.readOnly !== undefined) throw new ExpressionError(this.scope.readOnly, at);
    const destination = dereferenced(target, this.scope.memory);
    const problem = writeBytes(destination, this.bytesFor(destination.type, value, at), this.scope.memory);
    if (problem !== undefined) throw new ExpressionError(`It cannot be assigned: ${problem}`, at);
  }

  private valueOf(expression: Expression): Value {
    switch (expression.kind) {
      case 'integer':
        return this.integer(expression.value, expression.suffix, expression.isDecimal);
      case 'float': {
        const type = expression.suffix === 'f' ? floatType : expression.suffix === 'l' ? longDoubleType : doubleType;
        return numberValue({ type, number: expression.suffix === 'l' ? Quad.parse(expression.text) : Number(expression.text) });
      }
      case 'character':
        return numberValue({ type: this.scope.isAssembly ? wordType : characterType(expression.prefix), number: BigInt(expression.value) });
      case 'string':
        return stringValue(expression.text, characterType(expression.prefix));
      case 'register':
        return this.scope.register(expression.name) ?? fail(`No symbol or register "$${expression.name}"`, expression.at);
      case 'name':
        return this.named(expression.name, expression.at);
      case 'unary':
        return this.unary(expression);
      case 'step':
        return this.step(expression);
      case 'binary':
        return this.binary(expression.operator, this.evaluate(expression.left), this.evaluate(expression.right), expression.at);
      case 'logical': {
        const left = this.truth(this.evaluate(expression.left), expression.left.at);
        const isDecided = expression.operator === '&&' ? !left : left;
        const result = isDecided ? left : this.truth(this.evaluate(expression.right), expression.right.at);
        return this.truthValue(result);
      }
      case 'assign':
        return this.assign(expression);
      case 'choice': {
        const isYes = this.truth(this.evaluate(expression.condition), expression.condition.at);
        return this.evaluate(isYes ? expression.yes : expression.no);
      }
      case 'comma':
        this.evaluate(expression.left);
        return this.evaluate(expression.right);
      case 'member':
        return this.member(expression);
      case 'index':
        return this.index(expression);
      case 'cast':
        return this.cast(this.evaluate(expression.operand), expression.type, expression.operand.at);
      case 'memory':
        return inMemory(expression.type, this.address(this.evaluate(expression.address), expression.address.at));
      case 'sequence':
        return this.sequence(expression);
      case 'sizeof':
        return this.size(this.typeOnly(expression.operand), expression.at);
      case 'sizeof-type':
        return this.size(expression.type, expression.at);
    }
  }

  private truthValue(isTrue: boolean): Value {
    return numberValue({ type: this.scope.hasBool ? boolType : intType, number: isTrue ? 1n : 0n });
  }

  private named(name: string, at: number): Value {
    const value = this.scope.valueNamed(name);
    if (value) return value;
    if (this.scope.typeNamed(name)) fail(`"${name}" is a type: a value is missing`, at);
    return fail(`No symbol or register "${name}" in this program`, at);
  }

  /** C's type of an integer literal (C17, 6.4.4.1). */
  private integer(value: bigint, suffix: string, isDecimal: boolean): Value {
    if (this.scope.isAssembly) return numberValue({ type: wordType, number: BigInt.asUintN(64, value) });
    const isUnsigned = suffix.includes('u');
    const isLong = suffix.includes('l');
    const isLongLong = suffix.includes('ll');
    const canBeUnsigned = isUnsigned || !isDecimal;
    if (!isLong && !isUnsigned && value < 1n << 31n) return numberValue({ type: intType, number: value });
    if (!isLong && canBeUnsigned && value < 1n << 32n) return numberValue({ type: unsignedType, number: value });
    if (!isUnsigned && value < 1n << 63n) return numberValue({ type: isLongLong ? longLongType : longType, number: value });
    return numberValue({ type: isLongLong ? unsignedLongLongType : unsignedLongType, number: BigInt.asUintN(64, value) });
  }

  private unary({ operator, operand, at }: Expression & { kind: 'unary' }): Value {
    const value = this.evaluate(operand);
    switch (operator) {
      case '*':
        return this.target(value, at);
      case '&':
        return this.addressValue(value, operand);
      case '!':
        return this.truthValue(!this.truth(value, operand.at));
      default: {
        const { type, number } = promoted(this.number(value, operand.at), this.referred(value).bits);
        if (operator === '~' && typeof number !== 'bigint') fail('"~" takes an integer', at);
        const result = operator === '-' ? negated(number) : operator === '~' ? ~(number as bigint) : number;
        return numberValue(convertNumber({ type, number: result }, type));
      }
    }
  }

  private addressValue(value: Value, operand: Expression): Value {
    const referred = this.referred(value);
    if (referred.type === wordType && operand.kind === 'name') return referred;
    const address = addressOf(referred);
    if (address !== undefined && referred.bits === undefined) return pointerValue(referred.type, address);
    if (referred.bits !== undefined) return fail('A bit-field has no address', operand.at);
    const { location } = referred;
    if (location.kind === 'register') return fail('It is in a register and has no address', operand.at);
    if (location.kind === 'missing') return fail(`It is ${location.reason} and has no address`, operand.at);
    return fail('"&" takes a symbol or an object in memory', operand.at);
  }

  private step({ by, isPrefix, operand, at }: Expression & { kind: 'step' }): Value {
    const place = this.evaluate(operand);
    const before = this.read(place, operand.at);
    const one = numberValue({ type: intType, number: 1n });
    const after = this.binary(by === 1 ? '+' : '-', before, one, at);
    this.write(place, after, operand.at);
    return isPrefix ? place : before;
  }

  private assign({ operator, left, right, at }: Expression & { kind: 'assign' }): Value {
    const place = this.evaluate(left);
    const value = this.evaluate(right);
    const { location } = this.referred(place);
    if (location.kind === 'value') {
      fail(`"${this.source.slice(left.at, at).trim()}" cannot be assigned: name a variable, a register or memory`, left.at);
    }
    this.write(place, operator ? this.binary(operator, place, value, at) : value, right.at);
    return place;
  }

  private member({ object, name, isArrow, at }: Expression & { kind: 'member' }): Value {
    let record = this.referred(this.evaluate(object));
    if (isArrow) record = this.target(record, at);
    else if (strip(record.type).kind === 'pointer') record = this.target(record, at);
    const type = strip(record.type);
    if (type.kind !== 'record') return fail(`"${isArrow ? '->' : '.'}" takes a struct or union, and this is ${described(record.type)}`, at);
    const found = findMember(record, type, name, this.scope.memory);
    return found ?? fail(`There is no member named "${name}" in ${typeName(type)}`, at);
  }

  private index({ array, index, at }: Expression & { kind: 'index' }): Value {
    const holder = this.referred(this.evaluate(array));
    const position = this.evaluate(index);
    const type = strip(holder.type);
    const number = this.number(position, index.at).number;
    if (typeof number !== 'bigint') return fail('An index must be an integer', index.at);
    if (type.kind === 'array') {
      const size = sizeOf(type.element);
      if (size === undefined) return fail('The size of its elements is not known', at);
      return partOf(holder, type.element, Number(number - BigInt(type.lowerBound)) * size);
    }
    if (type.kind === 'pointer') return this.target(this.binary('+', holder, position, at), at);
    if (strip(this.referred(position).type).kind === 'pointer') return this.target(this.binary('+', position, holder, at), at);
    return fail(`Only arrays and pointers can be indexed, and this is ${described(holder.type)}`, at);
  }

  private sequence({ first, count, at }: Expression & { kind: 'sequence' }): Value {
    const value = this.referred(this.evaluate(first));
    const { number } = this.number(this.evaluate(count), count.at);
    if (typeof number !== 'bigint' || number < 1n || number > mostElements)
      return fail(`"@" takes a count from 1 to ${mostElements}`, count.at);
    if (addressOf(value) === undefined) return fail('"@" takes an object in memory', at);
    return { ...value, type: arrayOf(value.type, Number(number)) };
  }

  /** The type of an operand whose value is not wanted, and may not be known. */
  private typeOnly(operand: Expression): Type {
    const before = this.isUnevaluated;
    this.isUnevaluated = true;
    try {
      return this.referred(this.evaluate(operand)).type;
    } finally {
      this.isUnevaluated = before;
    }
  }

  private size(type: Type, at: number): Value {
    const bare = strip(type);
    const size = bare.kind === 'void' || bare.kind === 'function' ? 1 : sizeOf(type);
    if (size === undefined) return fail(`The size of ${described(type)} is not known`, at);
    return numberValue({ type: unsignedLongType, number: BigInt(size) });
  }

  private cast(value: Value, type: Type, at: number): Value {
    const target = strip(type);
    const source = this.referred(value);
    if (target.kind === 'void') return { ...source, type };
    if (target.kind === 'pointer' && target.flavour !== '*' && target.flavour !== 'member')
      return this.castObject(source, target.target, at);
    if (!isScalar(type)) {
      const base = basePart(source, type, this.scope.memory);
      if (base) return base;
      if (target.kind !== 'array' && typeName(strip(source.type)) === typeName(target)) return { ...source, type };
      if (addressOf(source) !== undefined && sizeOf(type) !== undefined) return { ...source, type };
      return fail(`It cannot be cast to ${typeName(type)}`, at);
    }
    return ofBytes(type, this.bytesFor(type, source, at));
  }

  /** What a cast to a reference refers to. */
  private castObject(source: Value, type: Type, at: number): Value {
    const base = basePart(source, type, this.scope.memory);
    if (base) return base;
    const address = addressOf(source);
    if (address === undefined) return fail('Only an object in memory can be referred to', at);
    return inMemory(type, castAddress(address, source.type, type, this.scope.memory));
  }

  private binary(operator: BinaryOperator, left: Value, right: Value, at: number): Value {
    const a = this.decayed(left);
    const b = this.decayed(right);
    const [isLeft, isRight] = [isPointer(a), isPointer(b)];
    try {
      if (isLeft || isRight) return this.onPointers(operator, a, b, at);
      const result = operate(operator, this.promotedNumber(a, at), this.promotedNumber(b, at));
      return isComparison(operator) ? this.truthValue(!isZero(result.number)) : numberValue(result);
    } catch (error) {
      if (error instanceof ExpressionError && error.at === undefined) throw new ExpressionError(error.problem, at);
      throw error;
    }
  }

  private onPointers(operator: BinaryOperator, left: Value, right: Value, at: number): Value {
    const a = this.number(left, at).number as bigint;
    const b = this.number(right, at).number as bigint;
    if (isComparison(operator)) {
      return this.truthValue(compare(operator, BigInt.asUintN(64, a), BigInt.asUintN(64, b)));
    }
    const [isLeft, isRight] = [isPointer(left), isPointer(right)];
    const unit = BigInt(this.pointedSize(isLeft ? left : right));
    if (operator === '-' && isLeft && isRight) return numberValue({ type: longType, number: BigInt.asIntN(64, a - b) / unit });
    if (operator === '+' && !(isLeft && isRight)) return isLeft ? moved(left, a + b * unit) : moved(right, b + a * unit);
    if (operator === '-' && isLeft) return moved(left, a - b * unit);
    return fail(`"${operator}" cannot be applied to ${described(left.type)} and ${described(right.type)}`, at);
  }

  private pointedSize(value: Value): number {
    const type = strip(value.type);
    return (type.kind === 'pointer' && sizeOf(type.target)) || 1;
  }

  /** What `*` gives: of a whole number, the doubleword at that address, as gdb's. */
  private target(value: Value, at: number): Value {
    const pointer = this.decayed(value);
    const type = strip(pointer.type);
    if (type.kind === 'pointer') {
      if (strip(type.target).kind === 'void') return fail('"*" takes no pointer to void: cast it first', at);
      const { location } = pointer;
      if (this.isUnevaluated) return { type: type.target, location: optimizedOut, from: 0 };
      const implicit = location.kind === 'pointer' ? this.scope.memory.implicitTarget(location.die) : undefined;
      if (location.kind === 'pointer') {
        return implicit ? partOf(implicit, type.target, Number(location.offset)) : fail('What it points to is optimized out', at);
      }
      return inMemory(type.target, this.address(pointer, at));
    }
    const isInteger = isScalar(type) && typeof this.number(pointer, at).number === 'bigint';
    if (!isInteger) return fail(`"*" takes a pointer, and this is ${described(value.type)}`, at);
    return inMemory(this.scope.isAssembly || type === wordType ? wordType : longType, this.address(pointer, at));
  }

  /** Zero makes the null pointer, which to a data member is not of zeros. */
  private pointerBits(target: PointerType, value: Value, at: number): bigint {
    const address = this.castAddress(target, value, at);
    const isNull = address === 0n && strip(value.type).kind !== 'pointer';
    return isNull && target.flavour === 'member' && strip(target.target).kind !== 'function' ? noMember : address;
  }

  private castAddress(target: PointerType, value: Value, at: number): bigint {
    const source = strip(value.type);
    const address = this.address(value, at);
    if (source.kind !== 'pointer' || source.flavour !== '*' || target.flavour !== '*') return address;
    return castAddress(address, source.target, target.target, this.scope.memory);
  }

  private address(value: Value, at: number): bigint {
    const { number } = this.number(value, at);
    return typeof number === 'bigint' ? BigInt.asUintN(64, number) : fail('An address must be an integer', at);
  }

  /** The number of a scalar; an array or function counts as its address. */
  private number(value: Value, at: number): NumberValue {
    const source = this.decayed(value);
    if (!isScalar(source.type)) return fail(`A number or pointer is wanted, and this is ${described(source.type)}`, at);
    const bytes = this.bytes(source, at);
    return { type: source.type, number: decodeNumber(source.type, bytes, source.bits) };
  }

  private promotedNumber(value: Value, at: number): NumberValue {
    return promoted(this.number(value, at), value.bits);
  }

  private bytes(value: Value, at: number): Uint8Array {
    const result = readBytes(value, this.scope.memory);
    if ('bytes' in result) return result.bytes;
    const { missing } = result;
    return fail(
      /^[A-Z]/.test(missing)
        ? missing
        : missing === 'not saved'
          ? 'Its register is not saved: a function called since may have changed it'
          : `Its value is ${missing}`,
      at,
    );
  }

  /** The bytes of a value converted to a type, as by assignment. */
  private bytesFor(type: Type, value: Value, at: number): Uint8Array {
    const target = strip(type);
    if (isScalar(target)) {
      const source = this.decayed(value);
      if (target.kind === 'pointer') return bytesOfNumber(this.pointerBits(target, source, at), sizeOf(type) ?? 8);
      return encodeNumber(this.number(source, at), type);
    }
    const source = this.referred(value);
    const size = sizeOf(type);
    const bytes = this.bytes(source, at);
    if (target.kind === 'array' && strip(source.type).kind === 'array' && size !== undefined && bytes.length <= size) {
      const padded = new Uint8Array(size);
      padded.set(bytes);
      return padded;
    }
    if (bytes.length !== size || target.kind !== strip(source.type).kind)
      fail(`${described(source.type)} cannot become ${described(type)}`, at);
    return bytes;
  }

  /** A copy of the value as it is now. */
  private read(value: Value, at: number): Value {
    const source = this.referred(value);
    return ofBytes(source.type, this.bytes(source, at));
  }

  private referred(value: Value): Value {
    return dereferenced(value, this.scope.memory);
  }

  /** An array as a pointer to its first element, a function as a pointer to it. */
  private decayed(value: Value): Value {
    const source = this.referred(value);
    const type = strip(source.type);
    const address = addressOf(source);
    if (address === undefined) return source;
    if (type.kind === 'array') return pointerValue(type.element, address);
    return type.kind === 'function' ? pointerValue(type, address) : source;
  }
}

/** The type of a literal's characters by its prefix (C17, 6.4.4.4 and 6.4.5). */
function characterType(prefix: string): BaseType {
  return { L: wideCharType, u: char16Type, U: char32Type }[prefix] ?? charType;
}

function stringValue(text: string, type: BaseType): Value {
  const { size } = type;
  const units = size === 2 ? [...text].flatMap((each) => Array.from(each, (_, index) => each.charCodeAt(index))) : codePoints(text);
  const bytes =
    size === 1
      ? new TextEncoder().encode(`${text}\0`)
      : Uint8Array.from([...units, 0].flatMap((unit) => [...bytesOfNumber(BigInt(unit), size)]));
  return ofBytes(arrayOf(type, bytes.length / size), bytes);
}

function codePoints(text: string): number[] {
  return Array.from(text, (each) => each.codePointAt(0)!);
}

function numberValue(value: NumberValue): Value {
  return ofBytes(value.type, encodeNumber(value, value.type));
}

function pointerValue(target: Type, address: bigint): Value {
  return ofBytes(pointerTo(target), bytesOfNumber(address, 8));
}

function moved(pointer: Value, address: bigint): Value {
  return ofBytes(pointer.type, bytesOfNumber(address, 8));
}

function isPointer(value: Value): boolean {
  return strip(value.type).kind === 'pointer';
}

function described(type: Type): string {
  return `"${typeName(type)}"`;
}

function fail(problem: string, at: number): never {
  throw new ExpressionError(problem, at);
}
