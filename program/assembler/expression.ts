import { type Expansion, SourceError, type Span } from './diagnostics';
import type { Place } from './section';
import type { AssemblySymbol } from './symbols';
import type { TokenReader } from './token-reader';

/** A value that may depend on addresses. Numbers are 64-bit two's complement. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: bigint }
  | SymbolUse
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    };

/** A symbol where it is used: one object says both, as there are so many. */
export class SymbolUse implements Span {
  readonly kind: 'symbol';

  constructor(
    readonly symbol: AssemblySymbol,
    readonly path: string,
    readonly line: number,
    readonly column: number,
    readonly length: number,
    readonly within: Expansion | undefined,
  ) {
    this.kind = 'symbol';
  }

  static at(symbol: AssemblySymbol, { path, line, column, length, within }: Span): SymbolUse {
    return new SymbolUse(symbol, path, line, column, length, within);
  }

  get span(): Span {
    return this;
  }
}

export type UnaryOperator = '-' | '~' | '!';
export type BinaryOperator = keyof typeof ranks;

/** The precedence of GNU as, which is not that of its manual: `+` and `-` bind looser than the bit operators, tighter than comparisons. */
const ranks = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<>': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '|': 5,
  '!': 5,
  '^': 5,
  '&': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '<<': 6,
  '>>': 6,
} as const;

/** What an expression's names mean in the source being read. */
export interface ExpressionScope {
  /** The place that `.` is. */
  here(): Place;
  /** The meaning of a name: its value where `.set` gave it one so far, else the symbol. */
  symbol(name: string, span: Span): Expression;
  /** The meaning of `1b` or `1f`; undefined where there is no such label before. */
  numeric(number: number, direction: 'b' | 'f', span: Span): Expression | undefined;
  /** Takes a warning. */
  warn(span: Span, message: string): void;
}

/** Deeper nesting than this is an error, so that no source exhausts the stack. */
const deepest = 200;

/** Reads one expression; throws a SourceError where there is none. */
export function parseExpression(reader: TokenReader, scope: ExpressionScope): Expression {
  return parseBinary(reader, scope, 1, 0);
}

function parseBinary(reader: TokenReader, scope: ExpressionScope, lowest: number, depth: number): Expression {
  let left = parseUnary(reader, scope, depth);
  for (;;) {
    const token = reader.peek();
    if (token?.kind !== 'punctuator' || !(token.text in ranks)) return left;
    const operator = token.text as BinaryOperator;
    const rank = ranks[operator];
    if (rank < lowest) return left;
    reader.next();
    const span = reader.spanOf(token);
    const right = reader.atEnd ? zeroFor(scope, span) : parseBinary(reader, scope, rank + 1, depth + 1);
    if ((operator === '/' || operator === '%') && right.kind === 'constant' && right.value === 0n) {
      // GNU as divides by 1 then.
      scope.warn(span, 'division by zero: 1 is taken');
      left = binary(operator, left, constant(1n), span);
    } else left = binary(operator, left, right, span);
  }
}

function zeroFor(scope: ExpressionScope, span: Span): Expression {
  scope.warn(span, 'the operand after this is missing: 0 is taken');
  return constant(0n);
}

function parseUnary(reader: TokenReader, scope: ExpressionScope, depth: number): Expression {
  const token = reader.next('an expression');
  const span = reader.spanOf(token);
  if (depth > deepest) throw new SourceError(span, 'this expression is nested too deep');
  switch (token.kind) {
    case 'number':
      if (token.value! >= 1n << 64n) throw new SourceError(span, 'this number does not fit in 64 bits');
      return constant(token.value!);
    case 'local': {
      const number = Number.parseInt(token.text, 10);
      const direction = token.text.endsWith('b') ? 'b' : 'f';
      const found = scope.numeric(number, direction, span);
      if (!found) throw new SourceError(span, `there is no label '${number}:' before this line`);
      return found;
    }
    case 'name':
      if (token.text === '.') return { kind: 'place', place: scope.here() };
      return scope.symbol(token.text, span);
    case 'string':
      return scope.symbol(new TextDecoder().decode(token.bytes!), span);
    case 'problem':
      throw new SourceError(span, token.text);
    case 'punctuator':
      if (token.text === '(') {
        const inner = parseBinary(reader, scope, 1, depth + 1);
        reader.expect(')');
        return inner;
      }
      if (token.text === '+') return parseUnary(reader, scope, depth + 1);
      if (token.text === '-' || token.text === '~' || token.text === '!') {
        return unary(token.text, parseUnary(reader, scope, depth + 1), span);
      }
  }
  throw new SourceError(span, `expected an expression, not '${token.text}'`);
}

export function constant(value: bigint): Expression {
  return { kind: 'constant', value: BigInt.asIntN(64, value) };
}

export function unary(operator: UnaryOperator, operand: Expression, span: Span): Expression {
  if (operand.kind === 'constant') return constant(computeUnary(operator, operand.value));
  return { kind: 'unary', operator, operand, span };
}

export function binary(operator: BinaryOperator, left: Expression, right: Expression, span: Span): Expression {
  if (left.kind === 'constant' && right.kind === 'constant') {
    const value = computeBinary(operator, left.value, right.value);
    if (value === undefined) throw new SourceError(span, 'division by zero');
    return constant(value);
  }
  return { kind: 'binary', operator, left, right, span };
}

export function computeUnary(operator: UnaryOperator, value: bigint): bigint {
  if (operator === '-') return -value;
  return operator === '~' ? ~value : value === 0n ? 1n : 0n;
}

/** The value of two 64-bit numbers under an operator; undefined for a division by zero. Comparisons give -1 for true. */
export function computeBinary(operator: BinaryOperator, left: bigint, right: bigint): bigint | undefined {
  const truth = (holds: boolean) => (holds ? -1n : 0n);
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    case '<<':
      return right >= 0n && right < 64n ? left << right : 0n;
    case '>>':
      return right >= 0n && right < 64n ? BigInt.asUintN(64, left) >> right : 0n;
    case '|':
      return left | right;
    case '!':
      return left | ~right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '==':
      return truth(left === right);
    case '!=':
    case '<>':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '<=':
      return truth(left <= right);
    case '>':
      return truth(left > right);
    case '>=':
      return truth(left >= right);
    case '&&':
      return left !== 0n && right !== 0n ? 1n : 0n;
    case '||':
      return left !== 0n || right !== 0n ? 1n : 0n;
  }
}
