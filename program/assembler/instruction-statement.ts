import { compress } from '../../riscv/compress';
import { encode, OperandError, type Operands } from '../../riscv/encode';
import { type BaseMnemonic, type Mnemonic, rowOf } from '../../riscv/instruction-table';
import { isaName, isIn, missingFrom } from '../../riscv/isa-string';
import { loadImmediate } from '../../riscv/load-immediate';
import { type Form, formsOf, mnemonics } from '../../riscv/pseudo-instructions';
import { SourceError } from './diagnostics';
import { knownNumber } from './evaluate';
import type { Expression } from './expression';
import type { FixupKind } from './fixups';
import { Mismatch, type ParsedOperand, parseOperand, parseRegister, parseSymbolOperand } from './instruction-operands';
import { unknownName } from './nearest-name';
import type { SourceAssembler } from './source-assembler';
import type { Statement } from './statement';
import type { TokenReader } from './token-reader';

type SingleForm = Form & { kind: 'single' };
type MacroForm = Form & { kind: 'macro' };

/** What kept a form from being meant: the operand it stumbled over, and what would have been right there. */
interface Failure {
  readonly operand: number;
  readonly error: SourceError | Mismatch;
}

/**
 * Assembles an instruction or pseudo-instruction into the current section. Throws SourceError. What it comes to is kept with the
 * statement where no symbol has a part in it.
 */
export function assembleInstruction(source: SourceAssembler, statement: Statement, reader: TokenReader): void {
  const { section, options } = source;
  const known = statement.encoded;
  if (known?.options === options.state && section.hasBits) {
    source.recorded = undefined;
    for (const { word, size } of known.words) append(source, word, size);
    return;
  }
  const words: { word: number; size: 2 | 4 }[] = [];
  source.recorded = words;
  assembleForm(source, statement.name!.text, reader);
  if (source.recorded === words) statement.encoded = { options: options.state, words };
}

function assembleForm(source: SourceAssembler, name: string, reader: TokenReader): void {
  const forms = formsOf(name);
  if (forms.length === 0) throw new SourceError(source.span, unknownName('instruction', name, [...mnemonics, ...source.macros.keys()]));
  const { section } = source;
  if (!section.hasBits) throw new SourceError(source.span, `'${section.name}' holds no bytes in the file: no instruction can be put there`);
  const operands = reader.operands();
  if (name === 'unimp' && operands.length === 0 && source.options.hasCompressed) {
    append(source, 0, 2);
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
    target ??= parsed.target;
  }
  try {
    if (target) emitBranch(source, form, operands, target);
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

/** Appends one instruction, in 2 bytes where GNU as does so. */
function emitSingle(source: SourceAssembler, mnemonic: Mnemonic, operands: Operands, among?: readonly Mnemonic[]): void {
  const explicit = rowOf(mnemonic).expandsTo !== undefined;
  const word = encode(mnemonic, operands);
  const mayCompress = !explicit && source.options.hasCompressed;
  const compressed = mayCompress ? compress(mnemonic as BaseMnemonic, operands, among, source.options.state.isa) : undefined;
  if (compressed) append(source, encode(compressed.mnemonic, compressed.operands), 2);
  else append(source, word, explicit ? 2 : 4);
}

function append(source: SourceAssembler, word: number, size: 2 | 4): void {
  const { section, recorded } = source;
  recorded?.push({ word, size });
  section.begin('code');
  source.lines.instruction(section);
  if (size === 2) section.fixed.append16(word);
  else section.fixed.append32(word);
}

function emitLate(source: SourceAssembler, form: SingleForm, operands: Operands, late: NonNullable<ParsedOperand['late']>): void {
  if (rowOf(form.meaning).expandsTo) throw new SourceError(late.span, 'this operand must be a number that is known at this line');
  const word = encode(form.meaning, operands);
  const { section } = source;
  source.recorded = undefined;
  section.fixups.push({ kind: late.kind, place: section.here(), size: 0, expression: late.expression, span: late.span });
  append(source, word, 4);
}

/** Appends a branch or jump whose length the layout decides. */
function emitBranch(source: SourceAssembler, form: SingleForm, operands: Operands, target: Expression): void {
  const { section, span } = source;
  const row = rowOf(form.meaning);
  source.recorded = undefined;
  encode(form.meaning, operands);
  const base = row.expandsTo ? { mnemonic: row.expandsTo, operands } : { mnemonic: form.meaning as BaseMnemonic, operands };
  const compressed = row.expandsTo
    ? { mnemonic: form.meaning, operands }
    : source.options.hasCompressed
      ? compress(base.mnemonic, { ...operands, immediate: 0 }, form.compressed, source.options.state.isa)
      : undefined;
  section.begin('code');
  source.lines.instruction(section);
  section.fragments.push({
    kind: 'branch',
    offset: section.fixed.length,
    size: 0,
    span,
    base,
    compressed,
    isJump: base.mnemonic === 'jal',
    target,
  });
}

interface MacroOperands {
  rd: number;
  rs2: number;
  temporary: number;
  symbol: Expression | undefined;
  constant: bigint;
}

function tryMacro(source: SourceAssembler, form: MacroForm, readers: readonly TokenReader[]): Failure | undefined {
  const operands: MacroOperands = { rd: 0, rs2: 0, temporary: 0, symbol: undefined, constant: 0n };
  for (const [index, kind] of form.operands.entries()) {
    const reader = readers[index]!.restart();
    const parsed = attempt<unknown>(index, () => {
      if (kind === 'constant') return parseConstant(source, reader);
      const value = kind === 'symbol' ? parseSymbolOperand(reader, source) : parseRegister(reader);
      if (!(value instanceof Mismatch)) reader.expectEnd();
      return value;
    });
    if ('operand' in parsed) return parsed;
    Object.assign(operands, { [kind]: parsed.value });
  }
  if (form.steps === 'loadImmediate') emitLoadImmediate(source, operands.rd, operands.constant);
  else expand(source, form, operands);
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

function emitLoadImmediate(source: SourceAssembler, rd: number, value: bigint): void {
  for (const { mnemonic, operands, compressed } of loadImmediate(rd, value)) emitSingle(source, mnemonic, operands, compressed);
}

/** Appends the instructions of a macro; its `%pcrel_hi` and `%pcrel_lo` become fixups. */
function expand(source: SourceAssembler, form: MacroForm, operands: MacroOperands): void {
  const { section } = source;
  const number = operands.symbol && knownNumber(operands.symbol);
  const isAddress = form.name === 'la' || form.name === 'lla';
  if (isAddress && number !== undefined) {
    // GNU as takes addiw here where `li` takes addi.
    if (BigInt.asIntN(12, number) === number) emitSingle(source, 'addiw', { rd: operands.rd, rs1: 0, immediate: Number(number) }, []);
    else emitLoadImmediate(source, operands.rd, number);
    return;
  }
  const usesTable = form.name === 'la' && source.options.state.pic;
  for (const step of form.steps as Exclude<typeof form.steps, string>) {
    const register = (which: typeof step.rd) => (which === undefined ? 0 : typeof which === 'number' ? which : operands[which]);
    const fields = { rd: register(step.rd), rs1: register(step.rs1), rs2: register(step.rs2) };
    if (typeof step.immediate === 'number') {
      emitSingle(source, step.mnemonic, { ...fields, immediate: step.immediate });
      continue;
    }
    source.recorded = undefined;
    if (step.immediate === '%pcrel_hi') {
      const kind = usesTable ? 'got_pair' : pairKind((form.steps[1] as { mnemonic: BaseMnemonic }).mnemonic);
      section.fixups.push({ kind, place: section.here(), size: 0, expression: operands.symbol!, span: source.span });
    }
    append(source, encode(usesTable && step.immediate === '%pcrel_lo' ? 'ld' : step.mnemonic, fields), 4);
  }
}

function pairKind(second: BaseMnemonic): FixupKind {
  if (second === 'jalr') return 'call';
  return rowOf(second).format === 'S' ? 'pair_s' : 'pair_i';
}
