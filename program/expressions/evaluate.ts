import { optimizedOut } from '../dwarf/location/location';
import { Quad } from '../reals/quad';
import { alignmentOf, arrayOf, doubleType, floatType, intType, longDoubleType, sizeOf, unsignedLongType } from '../types/base-types';
import { type RecordType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { addressOf, inMemory, type Value, type ValueMemory } from '../values/value';
import { writeBytes } from '../values/value-bytes';
import { Arithmetic } from './arithmetic';
import { type Callee, Callees } from './callees';
import { type Argument, callOf, type FunctionCall } from './calls';
import { castTo, dynamicCast } from './casts';
import { complexOf, complexValue } from './complex';
import { ExpressionError } from './expression-error';
import { characterType, integerLiteral, stringLiteral } from './literals';
import { memberOf, memberPointerType, pointerToMember } from './member-pointers';
import { findMember, unknownBase } from './members';
import { methodOf, methodsNamed, objectOf } from './methods';
import { isAddressType, isFloatRegisterType, wordType } from './numbers';
import { described, fail, numberValue, Operands } from './operands';
import { parseExpression, parseType } from './parser';
import { Places } from './places';
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
  /** The functions of a name that are no methods: those in sight, and those in namespaces besides; none unless given. */
  functionsNamed?(name: string, namespaces: readonly string[]): readonly Value[];
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
  private readonly callees: Callees;
  private readonly places: Places;

  constructor(
    private readonly scope: ExpressionScope,
    private readonly source: string,
  ) {
    this.operands = new Operands(scope.memory);
    this.arithmetic = new Arithmetic(this.operands, scope.hasBool);
    this.places = new Places(this.operands, this.arithmetic, scope.isAssembly);
    this.callees = new Callees(this.operands, (name, namespaces) => scope.functionsNamed?.(name, namespaces) ?? []);
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
        return this.binary(expression);
      case 'logical': {
        const first = this.evaluate(expression.left);
        const own = strip(this.operands.referred(first).type).kind === 'record' ? this.ownLogical(expression, first) : undefined;
        if (own) return own;
        const left = this.truth(first, expression.left.at);
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
    const own = operator === '&' ? undefined : this.operator(operator, [{ value, at: operand.at }], at);
    if (own) return own;
    switch (operator) {
      case '*':
        return this.places.target(value, at);
      case '&':
        return this.places.address(value, operand.kind === 'name', operand.at);
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

  private step({ by, isPrefix, operand, at }: Expression & { kind: 'step' }): Value {
    const place = this.evaluate(operand);
    const own = this.ownStep(place, by, isPrefix, at);
    if (own) return own;
    const before = this.operands.read(place, operand.at);
    const one = numberValue({ type: intType, number: 1n });
    const after = this.arithmetic.binary(by === 1 ? '+' : '-', before, one, at);
    this.store(operand, place, after, operand.at);
    if (!isPrefix) return before;
    return operand.kind === 'register' ? this.evaluate(operand) : place;
  }

  /** The program's operator behind its operand takes an int besides. */
  private ownStep(value: Value, by: 1 | -1, isPrefix: boolean, at: number): Value | undefined {
    const rest = isPrefix ? [] : [{ value: numberValue({ type: intType, number: 0n }), at }];
    return this.operator(by === 1 ? '++' : '--', [{ value, at }, ...rest], at);
  }

  private assign({ operator, left, right, at }: Expression & { kind: 'assign' }): Value {
    if (left.kind === 'register' && !operator) {
      const value = this.evaluate(right);
      const kept = isCopied(value) ? this.operands.read(value, right.at) : value;
      if (this.operands.isUnevaluated || this.scope.assignConvenience?.(left.name, kept)) return kept;
    }
    const place = this.evaluate(left);
    const value = this.evaluate(right);
    // gdb assigns as C does.
    const own =
      operator &&
      this.operator(
        `${operator}=`,
        [
          { value: place, at: left.at },
          { value, at: right.at },
        ],
        at,
      );
    if (own) return own;
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
    const found = findMember(record, type, name, memory) ?? this.methodValue(record, type, name);
    if (found?.location === unknownBase && !this.operands.isUnevaluated) return fail(unknownBase.reason, at);
    return found ?? fail(`There is no member named "${name}" in ${typeName(type)}`, at);
  }

  /** The first function of that name. */
  private methodValue(object: Value, type: RecordType, name: string): Value | undefined {
    const { memory } = this.scope;
    const [found] = methodsNamed(type, name);
    const part = found && objectOf(object, found, memory);
    return part && methodOf(part, found.method, memory);
  }

  private call({ callee, list, at }: Expression & { kind: 'call' }): Value {
    return this.invoke(
      this.callee(
        callee,
        list.map((each) => this.argument(each)),
        at,
      ),
      at,
    );
  }

  private callee(callee: Expression, list: readonly Argument[], at: number): Callee {
    const method = callee.kind === 'member' ? this.method(callee, list) : undefined;
    if (method) return method;
    const named = callee.kind === 'name' ? this.namedCallee(callee, list) : undefined;
    if (named) return named;
    const value = this.evaluate(callee);
    return this.callees.operator('()', [{ value, at }, ...list]) ?? { value, self: undefined, list };
  }

  /** Undefined where the name means one thing only. */
  private namedCallee({ name, at }: Expression & { kind: 'name' }, list: readonly Argument[]): Callee | undefined {
    const { scope, last } = splitScope(name);
    const record = scope === '' ? undefined : this.scope.typeNamed(scope);
    const bare = record && strip(record);
    const isOfClass = bare?.kind === 'record';
    return isOfClass ? this.callees.withoutObject(bare, last, list, at) : this.callees.named(name, this.scope.valueNamed(name), list, at);
  }

  /** Undefined for what is no function of a class. */
  private method({ object, name, isArrow, at }: Expression & { kind: 'member' }, list: readonly Argument[]): Callee | undefined {
    const record = this.record(object, isArrow, at);
    const type = strip(record.type);
    if (type.kind !== 'record' || findMember(record, type, name, this.scope.memory)) return undefined;
    return this.callees.method(record, type, name, list, at);
  }

  private invoke(callee: Callee, at: number): Value {
    const call = callOf(callee, this.operands, at);
    if (this.operands.isUnevaluated) return { type: call.result, location: optimizedOut, from: 0 };
    return this.scope.call?.(call) ?? fail('There is no program to call a function of', at);
  }

  private argument(expression: Expression): Argument {
    return { value: this.evaluate(expression), at: expression.at };
  }

  /** What the program's own operator for its classes gives; undefined where it has none. */
  private operator(symbol: string, list: readonly Argument[], at: number): Value | undefined {
    const callee = this.callees.operator(symbol, list);
    return callee && this.invoke(callee, at);
  }

  /** Both operands of the program's own are evaluated. */
  private ownLogical({ operator, left, right, at }: Expression & { kind: 'logical' }, first: Value): Value | undefined {
    return this.operator(operator, [{ value: first, at: left.at }, this.argument(right)], at);
  }

  private binary({ operator, left, right, at }: Expression & { kind: 'binary' }): Value {
    const [first, second] = [this.argument(left), this.argument(right)];
    return this.operator(operator, [first, second], at) ?? this.arithmetic.binary(operator, first.value, second.value, at);
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
    let value = this.operands.referred(this.evaluate(object));
    for (let depth = 0; isArrow && depth < mostArrows; depth += 1) {
      const inner = this.operator('->', [{ value, at: object.at }], at);
      if (!inner) break;
      value = this.operands.referred(inner);
    }
    const { kind } = strip(value.type);
    return kind === 'pointer' || (isArrow && kind !== 'record') ? this.places.target(value, at) : value;
  }

  private index({ array, index, at }: Expression & { kind: 'index' }): Value {
    const holder = { value: this.operands.referred(this.evaluate(array)), at: array.at };
    const position = this.argument(index);
    return this.operator('[]', [holder, position], at) ?? this.places.element(holder.value, position, at);
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
}

/** Objects that stand for another one's pointer, in a row. */
const mostArrows = 20;

function isPointer({ type }: Value): boolean {
  const bare = strip(type);
  return bare.kind === 'pointer' && bare.flavour === '*' && !isAddressType(type);
}

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
