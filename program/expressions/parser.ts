import type { Type } from '../types/type';
import { typeName } from '../types/type-name';
import type { BinaryOperator, Expression, ParserNames, UnaryOperator } from './syntax';
import { TokenCursor } from './token-cursor';
import { parseTypeName, type TypeParserNames } from './type-parser';

/** Parses an expression of C, with gdb's `$register`, `{type} address` and `first@count`. Throws ExpressionError. */
export function parseExpression(source: string, names: ParserNames): Expression {
  const cursor = new TokenCursor(source);
  const expression = new Parser(cursor, names).comma();
  if (cursor.token) cursor.fail('Unexpected text');
  return expression;
}

/** Parses a text that is a type and nothing else; undefined for anything else. */
export function parseType(source: string, names: ParserNames): Type | undefined {
  const cursor = new TokenCursor(source);
  const type = new Parser(cursor, names).type();
  return cursor.token ? undefined : type;
}

/** C's binary operators by level, the loosest first; gdb's @ binds as tightly as a shift of units would. */
const levels: readonly (readonly (BinaryOperator | '@' | '.*' | '->*')[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['@'],
  ['+', '-'],
  ['*', '/', '%'],
  ['.*', '->*'],
];
const assignments = ['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='] as const;
const unaries: readonly UnaryOperator[] = ['-', '+', '~', '!', '*', '&'];
const castWords: ReadonlySet<string> = new Set(['static_cast', 'reinterpret_cast', 'const_cast', 'dynamic_cast']);
const alignmentWords: ReadonlySet<string> = new Set(['alignof', '_Alignof', '__alignof__', '__alignof']);

class Parser {
  private readonly names: TypeParserNames;

  constructor(
    private readonly cursor: TokenCursor,
    names: ParserNames,
  ) {
    this.names = {
      typeNamed: (name, tag) => names.typeNamed(name, tag),
      hasName: (name) => names.hasName(name),
      operandType: () => names.typeOf(this.comma()),
    };
  }

  /** A type's name; undefined, and nothing consumed, where there is none. */
  type(): Type | undefined {
    return this.cursor.name === undefined ? undefined : parseTypeName(this.cursor, this.names);
  }

  comma(): Expression {
    let left = this.assignment();
    for (let at = this.cursor.at; this.cursor.take(','); at = this.cursor.at) {
      left = { kind: 'comma', at, left, right: this.assignment() };
    }
    return left;
  }

  private assignment(): Expression {
    return this.cursor.nested(() => {
      const left = this.choice();
      const { at } = this.cursor;
      const operator = this.cursor.takeOneOf(assignments);
      if (!operator) return left;
      const kind = operator === '=' ? undefined : (operator.slice(0, -1) as BinaryOperator);
      return { kind: 'assign', at, operator: kind, left, right: this.assignment() };
    });
  }

  private choice(): Expression {
    const condition = this.logical('||');
    const { at } = this.cursor;
    if (!this.cursor.take('?')) return condition;
    const yes = this.comma();
    if (!this.cursor.take(':')) this.cursor.fail('Missing ":"');
    return { kind: 'choice', at, condition, yes, no: this.assignment() };
  }

  private logical(operator: '&&' | '||'): Expression {
    const inner = () => (operator === '||' ? this.logical('&&') : this.binary(0));
    let left = inner();
    for (let at = this.cursor.at; this.cursor.take(operator); at = this.cursor.at)
      left = { kind: 'logical', at, operator, left, right: inner() };
    return left;
  }

  private binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const { at } = this.cursor;
      const operator = this.cursor.takeOneOf(operators);
      if (!operator) return left;
      const right = this.binary(level + 1);
      if (operator === '@') left = { kind: 'sequence', at, first: left, count: right };
      else if (operator === '.*' || operator === '->*') {
        left = { kind: 'member-pointer', at, object: left, pointer: right, isArrow: operator === '->*' };
      } else left = { kind: 'binary', at, operator, left, right };
    }
  }

  private unary(): Expression {
    return this.cursor.nested(() => {
      const { at } = this.cursor;
      const step = this.cursor.takeOneOf(['++', '--']);
      if (step) return { kind: 'step', at, by: step === '++' ? 1 : -1, isPrefix: true, operand: this.unary() };
      const operator = this.cursor.takeOneOf(unaries);
      if (operator) return { kind: 'unary', at, operator, operand: this.unary() };
      if (this.cursor.take('&&')) this.cursor.fail('"&&" takes two operands', at);
      if (this.cursor.take('{')) return this.typedMemory(at);
      if (this.cursor.name === 'sizeof') return this.sizeOf(at);
      if (alignmentWords.has(this.cursor.name ?? '')) return this.alignOf(at);
      return this.cast() ?? this.postfix(this.namedCast() ?? this.primary());
    });
  }

  private typedMemory(at: number): Expression {
    const type = this.type() ?? this.cursor.fail('"{type}" takes a type');
    if (!this.cursor.take('}')) this.cursor.fail('Missing "}"');
    return { kind: 'memory', at, type, address: this.unary() };
  }

  private sizeOf(at: number): Expression {
    this.cursor.next();
    const start = this.cursor.save();
    if (this.cursor.take('(')) {
      const type = this.type();
      if (type && this.cursor.take(')')) return { kind: 'sizeof-type', at, type };
      this.cursor.restore(start);
    }
    return { kind: 'sizeof', at, operand: this.unary() };
  }

  private alignOf(at: number): Expression {
    this.cursor.next();
    if (!this.cursor.take('(')) this.cursor.fail('Missing "("');
    const type = this.type() ?? this.names.operandType();
    if (!this.cursor.take(')')) this.cursor.fail('Missing ")"');
    return { kind: 'alignof', at, type };
  }

  /** `(type) operand`. */
  private cast(): Expression | undefined {
    const { cursor } = this;
    const { at } = cursor;
    const start = cursor.save();
    if (!cursor.take('(')) return undefined;
    const type = this.type();
    if (type && cursor.take(')')) return { kind: 'cast', at, type, operand: this.unary() };
    cursor.restore(start);
    return undefined;
  }

  /** C++'s `static_cast<type>(operand)`. */
  private namedCast(): Expression | undefined {
    const { cursor } = this;
    const { at } = cursor;
    const word = cursor.name ?? '';
    if (!castWords.has(word)) return undefined;
    cursor.next();
    if (!cursor.take('<')) cursor.fail('Missing "<"');
    const type = this.type() ?? cursor.fail('A type is missing');
    if (!cursor.take('>')) cursor.fail('Missing ">"');
    if (!cursor.sees('(')) cursor.fail('Missing "("');
    return { kind: word === 'dynamic_cast' ? 'dynamic-cast' : 'cast', at, type, operand: this.primary() };
  }

  private postfix(operand: Expression): Expression {
    const { cursor } = this;
    let expression = operand;
    for (;;) {
      const { at } = cursor;
      if (cursor.take('[')) {
        const index = this.comma();
        if (!cursor.take(']')) cursor.fail('Missing "]"');
        expression = { kind: 'index', at, array: expression, index };
      } else if (cursor.sees('.') || cursor.sees('->')) {
        const isArrow = cursor.sees('->');
        cursor.next();
        const name = cursor.qualifiedName(() => false) ?? cursor.fail('The name of a member is missing');
        expression = { kind: 'member', at, object: expression, name, isArrow };
      } else if (cursor.sees('(')) {
        expression = this.overload(expression) ?? { kind: 'call', at, callee: expression, list: this.list() };
      } else {
        const step = cursor.takeOneOf(['++', '--']);
        if (!step) return expression;
        expression = { kind: 'step', at, by: step === '++' ? 1 : -1, isPrefix: false, operand: expression };
      }
    }
  }

  private list(): readonly Expression[] {
    const { cursor } = this;
    cursor.next();
    const list: Expression[] = [];
    if (cursor.take(')')) return list;
    do list.push(this.assignment());
    while (cursor.take(','));
    if (!cursor.take(')')) cursor.fail('Missing ")"');
    return list;
  }

  /** gdb's `function(int, char *)`: which of those that have the name is meant. */
  private overload(expression: Expression): Expression | undefined {
    const { cursor } = this;
    const start = cursor.save();
    if (expression.kind !== 'name' || !cursor.take('(')) return undefined;
    const parameters: string[] = [];
    for (let type = this.type(); type; type = this.type()) {
      parameters.push(typeName(type));
      if (!cursor.take(',')) break;
    }
    const name = `${expression.name}(${parameters.join() === 'void' ? '' : parameters.join(', ')})`;
    if (parameters.length > 0 && cursor.take(')') && this.names.hasName(name)) return { ...expression, name };
    cursor.restore(start);
    return undefined;
  }

  private primary(): Expression {
    const { cursor } = this;
    const { token, at } = cursor;
    if (cursor.take('(')) {
      const inner = this.comma();
      if (!cursor.take(')')) cursor.fail('Missing ")"');
      return inner;
    }
    if (token?.kind === 'name' || cursor.sees('::')) return this.named(at);
    if (!token || token.kind === 'operator') return cursor.fail('Missing a value');
    cursor.next();
    if ((token.kind === 'integer' || token.kind === 'float') && token.isImaginary) return { kind: 'imaginary', at, part: token };
    if (token.kind !== 'string') return token;
    let { text } = token;
    for (let more = cursor.token; more?.kind === 'string'; more = cursor.token) {
      text += more.text;
      cursor.next();
    }
    return { kind: 'string', at, text, prefix: token.prefix };
  }

  private named(at: number): Expression {
    const { cursor } = this;
    const text = cursor.name;
    if (text?.startsWith('$')) {
      cursor.next();
      return { kind: 'register', at, name: text.slice(1) };
    }
    const name = cursor.qualifiedName((whole) => this.names.hasName(whole));
    return name === undefined ? cursor.fail('Missing a value') : { kind: 'name', at, name };
  }
}
