import { csrNumber } from '../../riscv/csrs';
import type { Operands } from '../../riscv/encode';
import { floatConstantNumber } from '../../riscv/float-constants';
import { type ImmediateOperand, type OperandKind, operandKinds, type RegisterOperand, type RoundingOperand } from '../../riscv/operands';
import { fNumber, xNames, xNumber } from '../../riscv/registers';
import { roundingModeName, roundingModeNames, roundingModeNumber } from '../../riscv/rounding';
import { SourceError, type Span } from './diagnostics';
import { knownNumber } from './evaluate';
import { type Expression, type ExpressionScope, parseExpression } from './expression';
import type { FixupKind } from './fixups';
import type { TokenReader } from './token-reader';

/** A written operand that is not of the kind that a form of the instruction wants there. */
export class Mismatch {
  constructor(
    /** What would have been right: "a register". */
    readonly expected: string,
    readonly span: Span,
  ) {}
}

/** What one written operand gives. */
export interface ParsedOperand {
  readonly fields?: Operands;
  /** A value that waits for addresses, and what is made of it. */
  readonly late?: { readonly expression: Expression; readonly kind: FixupKind; readonly span: Span };
  /** The place that a branch or jump goes to. */
  readonly target?: Expression;
}

/** Reads a written operand as one of that kind. Throws SourceError where it is of the kind but wrong in itself. */
export function parseOperand(kind: OperandKind, reader: TokenReader, scope: ExpressionScope): ParsedOperand | Mismatch {
  const operand = operandKinds[kind];
  switch (operand.syntax) {
    case 'register':
      return alone(registerFields(operand, reader), reader) ?? new Mismatch('a register', reader.span);
    case 'float register':
      return alone(registerFields(operand, reader), reader) ?? new Mismatch('a floating-point register', reader.span);
    case 'rounding':
      return parseRounding(operand, reader) ?? new Mismatch(roundingExpected(operand), reader.span);
    case 'float constant':
      return parseFloatConstant(reader) ?? new Mismatch('a constant of fli', reader.span);
    case 'address':
      return parseAddress(operand, reader) ?? new Mismatch("a register in parentheses such as '(a0)'", reader.span);
    case 'memory': {
      const value = parseOffset(kind, reader, scope);
      const base = reader.accept('(') ? registerFields(operand.base, reader) : undefined;
      if (!base || !reader.accept(')') || !reader.atEnd) return new Mismatch("an address such as '8(sp)'", reader.span);
      return { ...value, fields: { ...value.fields, ...base.fields } };
    }
    case 'set':
      return parseSet(kind, reader) ?? new Mismatch("a set of 'iorw'", reader.span);
    case 'csr':
      return parseCsr(reader, scope);
    case 'target':
      return isRegister(reader) ? new Mismatch('a label', reader.span) : { target: toEnd(reader, scope) };
    case 'value':
    case 'upper':
      return isRegister(reader) || (reader.peek()?.text === '(' && isRegister(reader, 1))
        ? new Mismatch('an immediate', reader.span)
        : parseValue(operand, kind, reader, scope);
  }
}

/** Reads the symbol operand of a macro; `@plt` after it says nothing in a static program. */
export function parseSymbolOperand(reader: TokenReader, scope: ExpressionScope): Expression | Mismatch {
  if (isRegister(reader)) return new Mismatch('a symbol', reader.span);
  const expression = parseTarget(reader, scope);
  return reader.atEnd ? expression : new Mismatch('a symbol', reader.span);
}

/** The number of the register that the whole operand is. */
export function parseRegister(reader: TokenReader, numberOf = xNumber): number | Mismatch {
  const token = reader.peek();
  const number = token?.kind === 'name' ? numberOf(token.text) : undefined;
  if (number === undefined) return new Mismatch(numberOf === xNumber ? 'a register' : 'a floating-point register', reader.span);
  reader.next();
  return number;
}

function registerFields(operand: RegisterOperand, reader: TokenReader): ParsedOperand | undefined {
  const token = reader.peek();
  const number = token?.kind === 'name' ? (operand.syntax === 'float register' ? fNumber : xNumber)(token.text) : undefined;
  if (number === undefined) return undefined;
  reader.next();
  return registersOf(operand)[number];
}

/** The operand, which has to be the whole of what is written. */
function alone<T>(operand: T, reader: TokenReader): T {
  if (operand !== undefined && !reader.atEnd) throw reader.failure("expected ',' or the end of the statement");
  return operand;
}

/** What each register gives as such an operand, made once. */
function registersOf(operand: RegisterOperand): readonly ParsedOperand[] {
  let parsed = registers.get(operand);
  if (!parsed) {
    parsed = xNames.map((_, number) => ({ fields: Object.fromEntries(operand.fields.map((field) => [field, number])) }));
    registers.set(operand, parsed);
  }
  return parsed;
}

const registers = new Map<RegisterOperand, readonly ParsedOperand[]>();

function roundingExpected({ only }: RoundingOperand): string {
  return only === undefined ? `a rounding mode (${roundingModeNames.join(', ')})` : `the rounding mode ${roundingModeName(only)}`;
}

function parseRounding({ only }: RoundingOperand, reader: TokenReader): ParsedOperand | undefined {
  const token = reader.peek();
  const mode = token?.kind === 'name' ? roundingModeNumber(token.text) : undefined;
  if (mode === undefined || (only !== undefined && mode !== only)) return undefined;
  reader.next();
  return reader.atEnd ? { fields: { roundingMode: mode } } : undefined;
}

/** A constant of `fli`, whose number the lexer may have taken apart. */
function parseFloatConstant(reader: TokenReader): ParsedOperand | undefined {
  const number = floatConstantNumber(reader.takeText().trim());
  return number === undefined ? undefined : { fields: { immediate: number } };
}

/** `(a0)`, or `0(a0)` as GNU as also takes it. */
function parseAddress(operand: RegisterOperand, reader: TokenReader): ParsedOperand | undefined {
  if (reader.peek()?.value === 0n) reader.next();
  const base = reader.accept('(') ? registerFields(operand, reader) : undefined;
  return base && reader.accept(')') && reader.atEnd ? base : undefined;
}

/** The offset before `(register)`; without one it is 0. */
function parseOffset(kind: OperandKind, reader: TokenReader, scope: ExpressionScope): ParsedOperand {
  if (reader.peek()?.text === '(' && isRegister(reader, 1)) return {};
  return parseValue(operandKinds[kind] as ImmediateOperand, kind, reader, scope, false);
}

function parseValue(
  operand: Pick<ImmediateOperand, 'syntax'>,
  kind: OperandKind,
  reader: TokenReader,
  scope: ExpressionScope,
  whole = true,
): ParsedOperand {
  const span = reader.span;
  const modified = parseModifier(kind, reader, scope, span);
  if (modified) {
    if (whole) reader.expectEnd();
    return modified;
  }
  const expression = parseExpression(reader, scope);
  if (whole) reader.expectEnd();
  const known = knownNumber(expression);
  if (known === undefined) {
    const late = lateKinds[kind];
    if (!late) throw new SourceError(span, 'this operand must be a number that is known at this line');
    return { late: { expression, kind: late, span } };
  }
  if (operand.syntax !== 'upper') return { fields: { immediate: Number(wrapHexadecimal(known)) } };
  if (known < 0n || known > 0xfffffn) throw new SourceError(span, `immediate ${known} is out of range 0..1048575`);
  return { fields: { immediate: Number(BigInt.asIntN(32, known << 12n)) } };
}

/** GNU as takes numbers such as 0xffffffffffffffff for the negative numbers that they are in 64 bits. */
function wrapHexadecimal(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** `%lo(symbol)` and its like; undefined where there is none. */
function parseModifier(kind: OperandKind, reader: TokenReader, scope: ExpressionScope, span: Span): ParsedOperand | undefined {
  if (reader.peek()?.text !== '%') return undefined;
  reader.next();
  const { text } = reader.name('hi, lo, pcrel_hi or pcrel_lo');
  const fixup = modifiers[kind]?.[text];
  if (!fixup) {
    const possible = Object.keys(modifiers[kind] ?? {});
    throw new SourceError(span, `%${text} cannot be used here${possible.length > 0 ? `, only %${possible.join(', %')}` : ''}`);
  }
  reader.expect('(');
  const expression = parseExpression(reader, scope);
  reader.expect(')');
  return { late: { expression, kind: fixup, span } };
}

const modifiersI: Readonly<Record<string, FixupKind>> = { lo: 'lo12_i', pcrel_lo: 'pcrel_lo12_i', tprel_lo: 'tprel_lo12_i' };
const modifiers: Partial<Record<OperandKind, Readonly<Record<string, FixupKind>>>> = {
  immediate: modifiersI,
  'load(rs1)': modifiersI,
  'store(rs1)': { lo: 'lo12_s', pcrel_lo: 'pcrel_lo12_s', tprel_lo: 'tprel_lo12_s' },
  upper: {
    hi: 'hi20',
    pcrel_hi: 'pcrel_hi20',
    got_pcrel_hi: 'got_hi20',
    tprel_hi: 'tprel_hi20',
    tls_ie_pcrel_hi: 'tls_got_hi20',
    tls_gd_pcrel_hi: 'tls_gd_hi20',
  },
};

/** The modifiers that such an operand may have, and what each makes of it. */
export function modifiersOf(kind: OperandKind | undefined): Readonly<Record<string, FixupKind>> {
  return (kind && modifiers[kind]) ?? {};
}

/** Operands that may wait for a number that is not known at the line. */
const lateKinds: Partial<Record<OperandKind, FixupKind>> = {
  immediate: 'immediate_i',
  'load(rs1)': 'immediate_i',
  'store(rs1)': 'immediate_s',
};

function parseSet(kind: OperandKind, reader: TokenReader): ParsedOperand | undefined {
  const token = reader.peek();
  if (token?.kind !== 'name' || !/^i?o?r?w?$/.test(token.text)) return undefined;
  reader.next();
  let bits = 0;
  for (const letter of token.text) bits |= 8 >> 'iorw'.indexOf(letter);
  return { fields: { immediate: kind === 'predecessor' ? bits << 4 : bits } };
}

function parseCsr(reader: TokenReader, scope: ExpressionScope): ParsedOperand | Mismatch {
  const span = reader.span;
  const token = reader.peek();
  const named = token?.kind === 'name' && !reader.peek(1) ? csrNumber(token.text) : undefined;
  if (named !== undefined) {
    reader.next();
    return { fields: { csr: named } };
  }
  const value = knownNumber(toEnd(reader, scope));
  if (value === undefined) return new Mismatch('the name or number of a CSR', span);
  if (value < 0n || value > 0xfffn) throw new SourceError(span, `CSR number ${value} is out of range 0..4095`);
  return { fields: { csr: Number(value) } };
}

function toEnd(reader: TokenReader, scope: ExpressionScope): Expression {
  const expression = parseTarget(reader, scope);
  reader.expectEnd();
  return expression;
}

function parseTarget(reader: TokenReader, scope: ExpressionScope): Expression {
  const expression = parseExpression(reader, scope);
  if (reader.peek()?.text === '@' && reader.peek(1)?.text === 'plt') {
    reader.next();
    reader.next();
  }
  return expression;
}

function isRegister(reader: TokenReader, ahead = 0): boolean {
  const token = reader.peek(ahead);
  return token?.kind === 'name' && xNumber(token.text) !== undefined;
}
