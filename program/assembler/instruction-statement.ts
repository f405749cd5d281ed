import { encode, OperandError, type Operands } from '../../riscv/encode';
import { rowOf } from '../../riscv/instruction-table';
import { isaName, isIn, missingFrom } from '../../riscv/isa-string';
import { type Form, formsOf, mnemonics } from '../../riscv/pseudo-instructions';
import { fNumber, xNumber } from '../../riscv/registers';
import { SourceError } from './diagnostics';
import {
  append,
  appendLate,
  emitBranch,
  emitLate,
  emitLoadImmediate,
  emitMacro,
  emitSingle,
  type MacroForm,
  type MacroOperands,
  requireBits,
  type SingleForm,
} from './emit-instruction';
import { knownNumber } from './evaluate';
import type { Expression } from './expression';
import { Mismatch, type ParsedOperand, parseOperand, parseRegister, parseSymbolOperand } from './instruction-operands';
import { unknownName } from './nearest-name';
import type { SourceAssembler } from './source-assembler';
import type { TokenReader } from './token-reader';

/** What kept a form from being meant: the operand it stumbled over, and what would have been right there. */
interface Failure {
  readonly operand: number;
  readonly error: SourceError | Mismatch;
}

/** Assembles an instruction or pseudo-instruction, `name` in lower case, into the current section. Throws SourceError. */
export function assembleInstruction(source: SourceAssembler, written: string, name: string, reader: TokenReader): void {
  const forms = formsOf(name);
  if (forms.length === 0) throw new SourceError(source.span, unknownName('instruction', written, [...mnemonics, ...source.macros.keys()]));
  requireBits(source);
  const operands = reader.operands();
  if (name === 'unimp' && operands.length === 0 && source.options.hasCompressed) {
    append(source, 0, 2);
    return;
  }
  if (name === 'add' && operands.length === 4) {
    addThreadOffset(source, operands);
    return;
  }
  const failures: Failure[] = [];
  const { isa } = source.options.state;
  let missing: string | undefined;
  for (const form of forms) {
    if (form.operands.length !== operands.length) continue;
    if (form.kind === 'single' && !isIn(isa, rowOf(form.meaning))) {
      missing ??= missingFrom(isa, rowOf(form.meaning));
      continue;
    }
    const failure = form.kind === 'single' ? trySingle(source, form, operands) : tryMacro(source, form, operands);
    if (!failure) return;
    failures.push(failure);
  }
  if (failures.length > 0) throw worst(failures);
  if (missing !== undefined) throw new SourceError(source.span, `'${name}' needs the extension ${missing}, which ${isaName(isa)} has not`);
  throw new SourceError(source.span, wrongCount(name, forms, operands.length));
}

/** `add rd, rs1, tp, %tprel_add(symbol)`, which tells the linker what the addition is for and is no other instruction. */
function addThreadOffset(source: SourceAssembler, operands: readonly TokenReader[]): void {
  const [rd, rs1, rs2] = operands.slice(0, 3).map((reader) => {
    const register = parseRegister(reader);
    if (register instanceof Mismatch) throw new SourceError(register.span, `expected ${register.expected}`);
    reader.expectEnd();
    return register;
  });
  const mark = operands[3]!;
  if (!mark.accept('%') || mark.name('tprel_add').text !== 'tprel_add') throw mark.restart().failure('expected %tprel_add(symbol)');
  mark.expect('(');
  const { span } = mark;
  const symbol = source.expression(mark);
  mark.expect(')');
  mark.expectEnd();
  appendLate(source, encode('add', { rd: rd!, rs1: rs1!, rs2: rs2! }), 'tprel_add', symbol, span);
}

function wrongCount(name: string, forms: readonly Form[], count: number): string {
  const counts = [...new Set(forms.map((form) => form.operands.length))].sort((a, b) => a - b);
  const wanted = counts.join(' or ');
  return `'${name}' takes ${wanted === '0' ? 'no operands' : `${wanted} operand${wanted === '1' ? '' : 's'}`}, not ${count}`;
}

/** The failure of the form that got furthest; forms that only wanted another kind of operand there are told together. */
function worst(failures: readonly Failure[]): SourceError {
  const furthest = Math.max(...failures.map(({ operand }) => operand));
  const errors = failures.filter(({ operand }) => operand === furthest).map(({ error }) => error);
  const wrongValue = errors.find((error) => error instanceof SourceError);
  if (wrongValue) return wrongValue;
  const mismatches = errors as Mismatch[];
  const expected = [...new Set(mismatches.map((mismatch) => mismatch.expected))].join(' or ');
  return new SourceError(mismatches[0]!.span, `expected ${expected}`);
}

function trySingle(source: SourceAssembler, form: SingleForm, readers: readonly TokenReader[]): Failure | undefined {
  const operands: { -readonly [F in keyof Operands]: Operands[F] } = { ...form.fixed };
  let late: ParsedOperand['late'];
  let target: Expression | undefined;
  let targetSpan = source.span;
  for (let index = 0; index < readers.length; index++) {
    let parsed: ParsedOperand | Mismatch;
    try {
      parsed = parseOperand(form.operands[index]!, readers[index]!.restart(), source);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { operand: index, error };
    }
    if (parsed instanceof Mismatch) return { operand: index, error: parsed };
    const { fields } = parsed;
    if (fields) {
      const immediate = (operands.immediate ?? 0) + (fields.immediate ?? 0);
      Object.assign(operands, fields);
      operands.immediate = immediate;
    }
    late ??= parsed.late;
    if (parsed.target) {
      target = parsed.target;
      targetSpan = readers[index]!.restart().span;
    }
  }
  try {
    if (target) emitBranch(source, form, operands, target, targetSpan);
    else if (late) emitLate(source, form, operands, late);
    else emitSingle(source, form.meaning, operands, form.compressed);
    return undefined;
  } catch (error) {
    if (!(error instanceof OperandError)) throw error;
    const index = operandOf(form, error);
    return { operand: index ?? 0, error: new SourceError(index === undefined ? source.span : readers[index]!.span, error.message) };
  }
}

/** Which written operand an error is about: `encode` counts those of the meaning. */
function operandOf(form: SingleForm, error: OperandError): number | undefined {
  if (error.index === undefined) return undefined;
  const wrong = rowOf(form.meaning).operands[error.index];
  const index = form.operands.indexOf(wrong!);
  return index >= 0 ? index : form.operands.length - 1;
}

function attempt<T>(operand: number, parse: () => T | Mismatch): { readonly value: T } | Failure {
  try {
    const value = parse();
    return value instanceof Mismatch ? { operand, error: value } : { value };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { operand, error };
  }
}

function tryMacro(source: SourceAssembler, form: MacroForm, readers: readonly TokenReader[]): Failure | undefined {
  const operands: MacroOperands = { rd: 0, rs2: 0, frd: 0, frs2: 0, temporary: 0, symbol: undefined, constant: 0n, span: source.span };
  for (const [index, kind] of form.operands.entries()) {
    const reader = readers[index]!.restart();
    const parsed = attempt<unknown>(index, () => {
      if (kind === 'constant') return parseConstant(source, reader);
      const isFloat = kind === 'frd' || kind === 'frs2';
      const value = kind === 'symbol' ? parseSymbolOperand(reader, source) : parseRegister(reader, isFloat ? fNumber : xNumber);
      if (!(value instanceof Mismatch)) reader.expectEnd();
      return value;
    });
    if ('operand' in parsed) return parsed;
    Object.assign(operands, { [kind]: parsed.value });
    if (kind === 'symbol') operands.span = reader.restart().span;
  }
  if (form.steps === 'loadImmediate') emitLoadImmediate(source, operands.rd, operands.constant);
  else emitMacro(source, form, operands);
  return undefined;
}

function parseConstant(source: SourceAssembler, reader: TokenReader): bigint | Mismatch {
  const { span } = reader;
  if (parseRegister(reader) instanceof Mismatch === false) return new Mismatch('an immediate', span);
  const value = knownNumber(source.expression(reader));
  reader.expectEnd();
  if (value === undefined) throw new SourceError(span, "'li' needs a number that is known at this line; for an address use 'la'");
  return value;
}
