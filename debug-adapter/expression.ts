import { xNumber } from '../riscv/registers';
import { badExpression } from './errors';

/** A parsed expression: C's operators on unsigned 64-bit values, with gdb's `$register`, `*address` and `{type} address`. */
export type Expression =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'register'; readonly name: string }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'memory'; readonly type: MemoryType; readonly address: Expression }
  | { readonly kind: 'unary'; readonly operator: '-' | '~'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression };

export interface MemoryType {
  /** Bytes. */
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
}

export type BinaryOperator = '|' | '^' | '&' | '<<' | '>>' | '+' | '-' | '*' | '/' | '%';

/** The names that `{type}` takes: C's for lp64, and the assembler's. */
export const memoryTypes: ReadonlyMap<string, MemoryType> = new Map<string, MemoryType>([
  ['char', { size: 1, signed: false }],
  ['signed char', { size: 1, signed: true }],
  ['unsigned char', { size: 1, signed: false }],
  ['short', { size: 2, signed: true }],
  ['unsigned short', { size: 2, signed: false }],
  ['int', { size: 4, signed: true }],
  ['unsigned int', { size: 4, signed: false }],
  ['unsigned', { size: 4, signed: false }],
  ['long', { size: 8, signed: true }],
  ['unsigned long', { size: 8, signed: false }],
  ['byte', { size: 1, signed: false }],
  ['half', { size: 2, signed: false }],
  ['word', { size: 4, signed: false }],
  ['dword', { size: 8, signed: false }],
]);

/** C's levels of binary operators, the loosest first. */
const levels: readonly (readonly BinaryOperator[])[] = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];
const deepest = 200;

/** Parses a whole text. Throws `badExpression` with the column of the problem, counted from 1. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.binary(0);
  parser.expectEnd();
  return expression;
}

/** Parses `target = value`; undefined where the text is no assignment. */
export function parseAssignment(text: string): { target: Expression; value: Expression } | undefined {
  const at = text.indexOf('=');
  if (at < 0 || text[at + 1] === '=') return undefined;
  return { target: parseExpression(text.slice(0, at)), value: parseExpression(text.slice(at + 1)) };
}

/** Numbers, then names (a leading $ marks a register), a character, and operators. */
const token = /\s*(?:(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)|(\$?[A-Za-z_.][\w.$]*)|'(\\?[^'])'|(<<|>>|[-+*/%&|^~(){}]))/y;
const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, '0': 0, '\\': 92, "'": 39 };

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.take(candidate));
      if (!operator) return left;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  expectEnd(): void {
    if (this.text.slice(this.position).trim() !== '') this.fail('Unexpected text');
  }

  private unary(): Expression {
    if (++this.depth > deepest) this.fail('Too deeply nested');
    try {
      return this.unaryOperator() ?? this.primary();
    } finally {
      this.depth--;
    }
  }

  private unaryOperator(): Expression | undefined {
    if (this.take('-')) return { kind: 'unary', operator: '-', operand: this.unary() };
    if (this.take('~')) return { kind: 'unary', operator: '~', operand: this.unary() };
    if (this.take('+')) return this.unary();
    if (this.take('*')) return { kind: 'memory', type: { size: 8, signed: false }, address: this.unary() };
    if (this.take('&')) return this.addressOf();
    if (this.take('{')) return this.typedMemory();
    return undefined;
  }

  private addressOf(): Expression {
    const found = this.peek();
    const name = found?.[2];
    if (!found || !name || name.startsWith('$')) this.fail('"&" takes a symbol');
    this.position = token.lastIndex;
    return { kind: 'symbol', name };
  }

  private typedMemory(): Expression {
    const end = this.text.indexOf('}', this.position);
    const name = this.text.slice(this.position, end).trim().replace(/\s+/g, ' ');
    const type = end < 0 ? undefined : memoryTypes.get(name);
    if (!type) this.fail(`"{type}" takes one of ${[...memoryTypes.keys()].join(', ')}`);
    this.position = end + 1;
    return { kind: 'memory', type, address: this.unary() };
  }

  private primary(): Expression {
    if (this.take('(')) {
      const inner = this.binary(0);
      if (!this.take(')')) this.fail('Missing ")"');
      return inner;
    }
    const found = this.peek();
    if (!found || found[4]) this.fail('Missing a value');
    this.position = token.lastIndex;
    const [, number, name, character] = found;
    if (number) return { kind: 'number', value: BigInt.asUintN(64, BigInt(number)) };
    if (character) return { kind: 'number', value: BigInt(characterCode(character)) };
    return nameOf(name!);
  }

  private take(operator: string): boolean {
    if (this.peek()?.[4] !== operator) return false;
    this.position = token.lastIndex;
    return true;
  }

  private peek(): RegExpExecArray | null {
    token.lastIndex = this.position;
    return token.exec(this.text);
  }

  private fail(problem: string): never {
    throw badExpression(this.text, this.position + 1, problem);
  }
}

/** `$name` is always a register; a bare name is one where the ABI has it, else a symbol. */
function nameOf(name: string): Expression {
  if (name.startsWith('$')) return { kind: 'register', name: name.slice(1) };
  return name === 'pc' || xNumber(name) !== undefined ? { kind: 'register', name } : { kind: 'symbol', name };
}

function characterCode(character: string): number {
  return character.startsWith('\\') ? (escapes[character[1]!] ?? character.charCodeAt(1)) : character.codePointAt(0)!;
}
