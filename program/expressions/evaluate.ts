import { optimizedOut } from '../dwarf/location/location';
import { Quad } from '../reals/quad';
import {
  alignmentOf,
  arrayOf,
  doubleType,
  floatType,
  intType,
  longDoubleType,
  longType,
  pointerTo,
  sizeOf,
  unsignedLongType,
} from '../types/base-types';
import { type BaseEncoding, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { addressOf, inMemory, partOf, type Value, type ValueMemory } from '../values/value';
import { writeBytes } from '../values/value-bytes';
import { Arithmetic } from './arithmetic';
import { callOf, type FunctionCall } from './calls';
import { castTo, dynamicCast } from './casts';
import { complexOf, complexValue } from './complex';
import { ExpressionError } from './expression-error';
import { characterType, integerLiteral, stringLiteral } from './literals';
import { isOverloaded, memberOf, memberPointerType, methodCallOf, methodOf, pointerToMember } from './member-pointers';
import { findMember, unknownBase } from './members';
import { dataAddressType, isAddressType, isFloatRegisterType, wordType } from './numbers';
import { described, fail, numberValue, Operands, pointerValue } from './operands';
import { parseExpression, parseType } from './parser';
import { splitScope } from './scoped-name';
import type { Expression, ParserNames, TypeNames } from './syntax';

/** What an expression finds its names in: a frame, or the program as a whole. */
export interface ExpressionScope extends TypeNames {
  readonly memory: ValueMemory;
  /** A variable, function, enumerator or symbol. */
  valueNamed(name: string): Value | undefined;
  /** Of a register, or of what gdb calls a convenience variable. Throws ExpressionError where its value is not known. */
  register(name: string): Value | undefined;
  /** Sets a convenience variable; false where the name is a register's. */
  assignConvenience?(name: string, value: Value): boolean;
  /** Numbers are whole words, as in assembly, rather than C's int. */
  readonly isAssembly: boolean;
  /** Comparisons give a bool, as in C++. */
  readonly hasBool: boolean;
  /** Why nothing may be written, if so. */
  readonly readOnly: string | undefined;
  /** Runs a function of the program. Throws ExpressionError where that may not be, or it does not return. */
  call?(call: FunctionCall): Value;
}

/** Evaluates a text. Throws ExpressionError with the place of the problem. */
export function evaluateText(source: string, scope: ExpressionScope): Value {
  const evaluator = new Evaluator(scope, source);
  return evaluator.evaluate(parseExpression(source, evaluator.names));
}

/** A type, and whether it was named itself rather than an expression of it. */
export interface TypeOfText {
  readonly type: Type;
  readonly isName: boolean;
}

/** The type of an expression, which is not evaluated, or the one that a text names. */
export function typeOfText(source: string, scope: ExpressionScope): TypeOfText {
  const evaluator = new Evaluator(scope, source);
  const type = parseType(source, evaluator.names);
  return type ? { type, isName: true } : { type: evaluator.typeOf(parseExpression(source, evaluator.names)), isName: false };
}

/** Whether an expression is true, as in a condition. */
export function isTrue(source: string, scope: ExpressionScope): boolean {
  const evaluator = new Evaluator(scope, source);
  const expression = parseExpression(source, evaluator.names);
  return evaluator.truth(evaluator.evaluate(expression), expression.at);
}

/** Writes a value from an expression, converted as C's assignment does. Throws ExpressionError where either cannot be. */
export function assignText(target: Value, source: string, scope: ExpressionScope): void {
  const evaluator = new Evaluator(scope, source);
  const expression = parseExpression(source, evaluator.names);
  evaluator.write(target, evaluator.evaluate(expression), expression.at);
}

/** Elements that `first@count` may have. */
const mostElements = 1 << 20;

/** Operators whose left operand is one again, in a row. */
const deepest = 1000;

class Evaluator {
  private depth = 0;
  private readonly operands: Operands;
  private readonly arithmetic: Arithmetic;

  constructor(
    private readonly scope: ExpressionScope,
    private readonly source: string,
  ) {
    this.operands = new Operands(scope.memory);
    this.arithmetic = new Arithmetic(this.operands, scope.hasBool);
  }

  /** What the parser asks. */
  get names(): ParserNames {
    const { scope } = this;
    return {
      typeNamed: (name, tag) => scope.typeNamed(name, tag),
      hasName: (name) => scope.hasName(name),
      typeOf: (operand) => this.typeOnly(operand),
    };
  }

  evaluate(expression: Expression): Value {
    if (++this.depth > deepest) fail('Too many operators', expression.at);
    try {
      return this.valueOf(expression);
    } catch (error) {
      if (error instanceof ExpressionError && error.at === undefined) throw new ExpressionError(error.problem, expression.at);
      throw error;
    } finally {
      this.depth--;
    }
  }

  /** A reference stays one. */
  typeOf(expression: Expression): Type {
    return this.unevaluated(() => this.evaluate(expression)).type;
  }

  truth(value: Value, at: number): boolean {
    return this.operands.truth(value, at);
  }

  /** As gdb's `?:` has it, of a struct too: whether a bit of it is set. */
  private isSet(value: Value, at: number): boolean {
    const source = this.operands.referred(value);
    return strip(source.type).kind === 'record' && !isFloatRegisterType(source.type)
      ? this.operands.bytes(source, at).some(Boolean)
      : this.truth(source, at);
  }

  write(target: Value, value: Value, at: number): void {
    if (this.operands.isUnevaluated) return;
    if (this.scope.readOnly !== undefined) throw new ExpressionError(this.scope.readOnly, at);
    const destination = this.operands.held(this.operands.referred(target));
    const problem = writeBytes(destination, this.operands.bytesFor(destination.type, value, at), this.scope.memory);
    if (problem !== undefined) throw new ExpressionError(`It cannot be assigned: ${problem}`, at);
  }

  private valueOf(expression: Expression): Value {
    const { operands, arithmetic, scope } = this;
    switch (expression.kind) {
      case 'integer':
        return this.integer(expression.value, expression.suffix, expression.isDecimal);
      case 'float': {
        const type = expression.suffix === 'f' ? floatType : expression.suffix === 'l' ? longDoubleType : doubleType;
        return numberValue({ type, number: expression.suffix === 'l' ? Quad.parse(expression.text) : realOf(expression.text) });
      }
      case 'imaginary': {
        const { type, number } = operands.number(this.evaluate(expression.part), expression.at);
        return complexValue({ type: complexOf(type), real: 0n, imaginary: number });
      }
      case 'character':
        return numberValue({ type: scope.isAssembly ? wordType : this.characterType(expression.prefix), number: BigInt(expression.value) });
      case 'string':
        return stringLiteral(expression.text, this.characterType(expression.prefix));
      case 'register':
        return scope.register(expression.name) ?? fail(`No symbol or register "$${expression.name}"`, expression.at);
      case 'name':
        return this.named(expression.name, expression.at);
      case 'unary':
        return this.unary(expression);
      case 'step':
        return this.step(expression);
      case 'binary':
        return arithmetic.binary(expression.operator, this.evaluate(expression.left), this.evaluate(expression.right), expression.at);
      case 'logical': {
        const left = this.truth(this.evaluate(expression.left), expression.left.at);
        const isDecided = expression.operator === '&&' ? !left : left;
        const right = () => this.truth(this.evaluate(expression.right), expression.right.at);
        if (!isDecided) return arithmetic.truthValue(right());
        // What it is of must fit all the same.
        this.unevaluated(right);
        return arithmetic.truthValue(left);
      }
      case 'assign':
        return this.assign(expression);
      case 'choice': {
        const isYes = this.isSet(this.evaluate(expression.condition), expression.condition.at);
        return this.evaluate(isYes ? expression.yes : expression.no);
      }
      case 'comma':
        this.evaluate(expression.left);
        return this.evaluate(expression.right);
      case 'member':
        return this.member(expression);
      case 'member-pointer':
        return this.memberPointer(expression);
      case 'index':
        return this.index(expression);
      case 'call':
        return this.call(expression);
      case 'cast':
        return castTo(this.evaluate(expression.operand), expression.type, operands, expression.operand.at);
      case 'dynamic-cast':
        return operands.isUnevaluated
          ? { type: expression.type, location: optimizedOut, from: 0 }
          : dynamicCast(this.evaluate(expression.operand), expression.type, scope, operands, expression.operand.at);
      case 'memory':
        return inMemory(expression.type, operands.address(this.evaluate(expression.address), expression.address.at));
      case 'sequence':
        return this.sequence(expression);
      case 'sizeof':
        return this.size(this.typeOnly(expression.operand), expression.at);
      case 'sizeof-type':
        return this.size(expression.type, expression.at);
      case 'alignof':
        return numberValue({ type: unsignedLongType, number: BigInt(alignmentOf(expression.type)) });
    }
  }

  private named(name: string, at: number): Value {
    const value = this.scope.valueNamed(name);
    if (value) return value;
    if (this.scope.typeNamed(name)) fail(`"${name}" is a type: a value is missing`, at);
    const { scope, last } = splitScope(name);
    const record = scope === '' ? undefined : this.scope.typeNamed(scope);
    if (record && strip(record).kind === 'record' && this.memberAddress(name)) {
      return fail(`"${last}" is a member of an object of ${scope}: name the object, or write "&${name}"`, at);
    }
    return fail(`No symbol or register "${name}" in this program`, at);
  }

  private integer(value: bigint, suffix: string, isDecimal: boolean): Value {
    if (this.scope.isAssembly) return numberValue({ type: wordType, number: BigInt.asUintN(64, value) });
    return numberValue(integerLiteral(value, suffix, isDecimal));
  }

  /** As the program has it: C's wide characters are typedefs. */
  private characterType(prefix: string): Type {
    const type = characterType(prefix);
    return prefix === '' ? type : (this.scope.typeNamed(type.name) ?? type);
  }

  private unary({ operator, operand, at }: Expression & { kind: 'unary' }): Value {
    const member = operator === '&' && operand.kind === 'name' ? this.memberAddress(operand.name) : undefined;
    if (member) return member;
    const pointer = operator === '&' && operand.kind === 'unary' && operand.operator === '*' ? this.evaluate(operand.operand) : undefined;
    const decayed = pointer && this.operands.decayed(pointer);
    // C17, 6.5.3.2: nothing is read for it.
    if (decayed && strip(decayed.type).kind === 'pointer') return decayed;
    const value = this.evaluate(operand);
    switch (operator) {
      case '*':
        return this.target(value, at);
      case '&':
        return this.addressValue(value, operand);
      case '!':
        return this.arithmetic.truthValue(!this.truth(value, operand.at));
      default:
        return this.arithmetic.unary(operator, value, at, operand.at);
    }
  }

  /** What `&Class::member` is for a member that an object is needed for. */
  private memberAddress(name: string): Value | undefined {
    const { scope, last } = splitScope(name);
    const record = scope === '' ? undefined : this.scope.typeNamed(scope);
    const bare = record && strip(record);
    return bare?.kind === 'record' ? pointerToMember(bare, last, this.scope.memory) : undefined;
  }

  private addressValue(value: Value, operand: Expression): Value {
    const referred = this.operands.referred(value);
    // A reference that is optimised out, or that the compiler has removed.
    if (referred !== value && addressOf(referred) === undefined) return { ...value, type: pointerTo(referred.type) };
    if (referred.type === wordType && operand.kind === 'name') return referred;
    const address = addressOf(referred);
    if (address !== undefined && referred.bits === undefined) return pointerValue(referred.type, address);
    if (referred.bits !== undefined) return fail('A bit-field has no address', operand.at);
    const { location } = referred;
    if (location.kind === 'register') return fail('It is in a register and has no address', operand.at);
    if (location.kind === 'missing' && this.operands.isUnevaluated) return pointerValue(referred.type, 0n);
    if (location.kind === 'missing') return fail(`It is ${location.reason} and has no address`, operand.at);
    return fail('"&" takes a symbol or an object in memory', operand.at);
  }

  private step({ by, isPrefix, operand, at }: Expression & { kind: 'step' }): Value {
    const place = this.evaluate(operand);
    const before = this.operands.read(place, operand.at);
    const one = numberValue({ type: intType, number: 1n });
    const after = this.arithmetic.binary(by === 1 ? '+' : '-', before, one, at);
    this.store(operand, place, after, operand.at);
    if (!isPrefix) return before;
    return operand.kind === 'register' ? this.evaluate(operand) : place;
  }

  private assign({ operator, left, right, at }: Expression & { kind: 'assign' }): Value {
    if (left.kind === 'register' && !operator) {
      const value = this.evaluate(right);
      const kept = isCopied(value) ? this.operands.read(value, right.at) : value;
      if (this.operands.isUnevaluated || this.scope.assignConvenience?.(left.name, kept)) return kept;
    }
    const place = this.evaluate(left);
    const value = this.evaluate(right);
    if (operator && isPointer(this.operands.decayed(value))) {
      fail(`"${operator}=" takes a number, and this is ${described(value.type)}`, right.at);
    }
    const { location } = this.operands.referred(place);
    if (location.kind === 'value' && left.kind !== 'register') {
      fail(`"${this.source.slice(left.at, at).trim()}" cannot be assigned: name a variable, a register or memory`, left.at);
    }
    this.store(left, place, operator ? this.arithmetic.binary(operator, place, value, at) : value, right.at);
    return left.kind === 'register' ? this.operands.held(this.evaluate(left)) : place;
  }

  /** Writes what an expression names, which may be a convenience variable. */
  private store(expression: Expression, place: Value, value: Value, at: number): void {
    if (this.operands.isUnevaluated) return;
    if (expression.kind === 'register' && this.scope.assignConvenience?.(expression.name, value)) return;
    this.write(place, value, at);
  }

  private member({ object, name, isArrow, at }: Expression & { kind: 'member' }): Value {
    const { memory } = this.scope;
    const record = this.record(object, isArrow, at);
    const type = strip(record.type);
    if (type.kind !== 'record') return fail(`"${isArrow ? '->' : '.'}" takes a struct or union, and this is ${described(record.type)}`, at);
    const found = findMember(record, type, name, memory) ?? methodOf(record, type, name, memory);
    if (found?.location === unknownBase && !this.operands.isUnevaluated) return fail(unknownBase.reason, at);
    return found ?? fail(`There is no member named "${name}" in ${typeName(type)}`, at);
  }

  private call({ callee, list, at }: Expression & { kind: 'call' }): Value {
    const { operands, scope } = this;
    const method = callee.kind === 'member' ? this.methodCall(callee) : undefined;
    const target = method?.value ?? this.evaluate(callee);
    const call = callOf(
      target,
      method?.self,
      list.map((each) => ({ value: this.evaluate(each), at: each.at })),
      operands,
      at,
    );
    if (operands.isUnevaluated) return { type: call.result, location: optimizedOut, from: 0 };
    return scope.call?.(call) ?? fail('There is no program to call a function of', at);
  }

  /** The function that a member is, and the object that it is called on; undefined for what is no function of a class. */
  private methodCall({ object, name, isArrow, at }: Expression & { kind: 'member' }) {
    const record = this.record(object, isArrow, at);
    const type = strip(record.type);
    if (type.kind !== 'record' || findMember(record, type, name, this.scope.memory)) return undefined;
    if (isOverloaded(type, name)) return fail(`Several functions of ${typeName(type)} are called "${name}"`, at);
    return methodCallOf(record, type, name, this.scope.memory);
  }

  private memberPointer({ object, pointer, isArrow, at }: Expression & { kind: 'member-pointer' }): Value {
    const record = this.record(object, isArrow, at);
    const member = this.operands.referred(this.evaluate(pointer));
    const type = memberPointerType(member.type);
    if (!type) return fail(`"${isArrow ? '->*' : '.*'}" takes a pointer to a member, and this is ${described(member.type)}`, pointer.at);
    if (strip(record.type).kind !== 'record')
      return fail(`A pointer to a member needs an object, and this is ${described(record.type)}`, at);
    return memberOf(record, type, this.operands.number(member, pointer.at).number as bigint, this.scope.memory);
  }

  /** The object that a member is of. As gdb's, `.` takes a pointer to it too, and `->` the object. */
  private record(object: Expression, isArrow: boolean, at: number): Value {
    const value = this.operands.referred(this.evaluate(object));
    const { kind } = strip(value.type);
    return kind === 'pointer' || (isArrow && kind !== 'record') ? this.target(value, at) : value;
  }

  private index({ array, index, at }: Expression & { kind: 'index' }): Value {
    const { operands, arithmetic } = this;
    const holder = operands.referred(this.evaluate(array));
    const position = this.evaluate(index);
    const type = strip(holder.type);
    const number = operands.number(position, index.at).number;
    if (typeof number !== 'bigint') return fail('An index must be an integer', index.at);
    if (type.kind === 'array') {
      const size = sizeOf(type.element);
      if (size === undefined) return fail('The size of its elements is not known', at);
      if (number > farthest || number < -farthest) return fail('The index is too large', index.at);
      const isOutside = number < type.lowerBound || (typeof type.count === 'number' && number >= type.lowerBound + type.count);
      if (isOutside && addressOf(holder) === undefined) return fail('The index is outside of the array, which is not in memory', index.at);
      return partOf(holder, type.element, Number(number - BigInt(type.lowerBound)) * size);
    }
    if (type.kind === 'pointer') return this.target(arithmetic.binary('+', holder, position, at), at);
    if (strip(operands.decayed(position).type).kind === 'pointer') return this.target(arithmetic.binary('+', position, holder, at), at);
    return fail(`Only arrays and pointers can be indexed, and this is ${described(holder.type)}`, at);
  }

  private sequence({ first, count, at }: Expression & { kind: 'sequence' }): Value {
    const value = this.operands.referred(this.evaluate(first));
    const { number } = this.operands.number(this.evaluate(count), count.at);
    if (typeof number !== 'bigint' || number < 1n || number > mostElements)
      return fail(`"@" takes a count from 1 to ${mostElements}`, count.at);
    if (addressOf(value) === undefined || value.bits !== undefined) return fail('"@" takes an object in memory', at);
    return { ...value, type: arrayOf(value.type, Number(number)) };
  }

  /** The type of an operand whose value is not wanted, and may not be known. */
  private typeOnly(operand: Expression): Type {
    return this.unevaluated(() => this.operands.referred(this.evaluate(operand)).type);
  }

  /** Nothing is written meanwhile, and a value that is not there is no problem. */
  private unevaluated<Result>(evaluate: () => Result): Result {
    const before = this.operands.isUnevaluated;
    this.operands.isUnevaluated = true;
    try {
      return evaluate();
    } finally {
      this.operands.isUnevaluated = before;
    }
  }

  /** Of a reference, what it refers to counts; of an array whose number of elements is not known, nothing. */
  private size(type: Type, at: number): Value {
    const bare = strip(type);
    if (bare.kind === 'pointer' && (bare.flavour === '&' || bare.flavour === '&&')) return this.size(bare.target, at);
    const isUnknown = bare.kind === 'array' && bare.count === undefined;
    const size = bare.kind === 'void' || bare.kind === 'function' ? 1 : isUnknown ? 0 : sizeOf(type);
    if (size === undefined) return fail(`The size of ${described(type)} is not known`, at);
    return numberValue({ type: unsignedLongType, number: BigInt(size) });
  }

  /** What `*` gives: of a whole number, the int at that address, as gdb's; in assembly the doubleword. */
  private target(value: Value, at: number): Value {
    const { operands, scope } = this;
    const list = operands.referred(value);
    const listType = strip(list.type);
    // One that is in no memory: of a literal, of a register.
    if (listType.kind === 'array' && !listType.isVector && addressOf(list) === undefined) return partOf(list, listType.element, 0);
    const pointer = operands.decayed(value);
    const type = strip(pointer.type);
    if (type.kind === 'pointer') {
      if (type.flavour === 'member') return fail('A pointer to a member needs an object: write object.*pointer', at);
      if (pointer.type === dataAddressType) return inMemory(longType, operands.address(pointer, at));
      if (strip(type.target).kind === 'void') return fail('"*" takes no pointer to void: cast it first', at);
      const { location } = pointer;
      const implicit = location.kind === 'pointer' ? scope.memory.implicitTarget(location.die) : undefined;
      if (location.kind === 'pointer' && !operands.isUnevaluated) {
        return implicit ? partOf(implicit, type.target, Number(location.offset)) : fail('What it points to is optimized out', at);
      }
      return inMemory(type.target, operands.address(pointer, at));
    }
    const isInteger = type.kind === 'base' && addressEncodings.has(type.encoding);
    if (!isInteger) return fail(`"*" takes a pointer, and this is ${described(value.type)}`, at);
    return inMemory(scope.isAssembly || type === wordType ? wordType : intType, operands.address(pointer, at));
  }
}

/** Whole numbers that may be an address. */
const addressEncodings: ReadonlySet<BaseEncoding> = new Set(['signed', 'unsigned', 'signed-char', 'unsigned-char']);
function isPointer({ type }: Value): boolean {
  const bare = strip(type);
  return bare.kind === 'pointer' && bare.flavour === '*' && !isAddressType(type);
}

/** Elements beyond which nothing is. */
const farthest = 1n << 48n;

/** Its bytes are kept as they are now: not those of a function, nor of what is too large. */
function isCopied({ type }: Value): boolean {
  const size = sizeOf(type);
  return size !== undefined && size <= mostKept;
}

const mostKept = 1 << 16;

/** The number of a literal, which may be in C's hexadecimal form. */
function realOf(text: string): number {
  const [, digits, fraction = '', exponent] = /^0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([-+]?\d+)$/.exec(text) ?? [];
  if (digits === undefined) return Number(text);
  return Number(BigInt(`0x0${digits}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
}
