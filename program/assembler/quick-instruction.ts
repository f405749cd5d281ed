import { OperandError, type Operands } from '../../riscv/encode';
import { rowOf } from '../../riscv/instruction-table';
import { isIn } from '../../riscv/isa-string';
import { operandKinds } from '../../riscv/operands';
import { formsOf } from '../../riscv/pseudo-instructions';
import { fNumber, xNumber } from '../../riscv/registers';
import { SourceError } from './diagnostics';
import {
  emitBranch,
  emitLoadImmediate,
  emitMacro,
  emitSingle,
  type MacroForm,
  type MacroOperands,
  type SingleForm,
} from './emit-instruction';
import type { Expression } from './expression';
import type { SourceAssembler } from './source-assembler';
import { type SourceLine, spanIn } from './source-line';

/**
 * Assembles a line that holds one instruction and nothing unusual: registers, small numbers, names of symbols, `8(sp)`. Nearly all
 * lines of compilers and people are such, and without tokens they take a fraction of the time. False where the line is anything
 * else or has a mistake; then nothing is done, and the general way finds what it is.
 */
export function assembleQuickly(source: SourceAssembler, line: SourceLine): boolean {
  const { text } = line;
  const start = skipBlanks(text, 0);
  const end = endOfWord(text, start);
  if (end === start) return false;
  if (text.charCodeAt(end) === colon) return defineLabel(source, line, start, end);
  if (text.charCodeAt(start) === dot || !source.section.hasBits) return false;
  const mnemonic = text.slice(start, end);
  const forms = formsOf(mnemonic);
  if (forms.length === 0 || !scanOperands(text, end) || (source.macros.size > 0 && source.macros.has(mnemonic))) return false;
  if (mnemonic === 'unimp') return false;
  const { isa } = source.options.state;
  let isPlaced = false;
  for (const form of forms) {
    if (form.operands.length !== count) continue;
    if (form.kind === 'single' && !isIn(isa, rowOf(form.meaning))) continue;
    if (!isPlaced) source.enter(line, start + 1, end - start);
    isPlaced = true;
    try {
      if (form.kind === 'single' ? single(source, form, line) : macro(source, form, line)) return true;
    } catch (error) {
      if (!(error instanceof OperandError || error instanceof SourceError)) throw error;
    }
    // Another form may fit, but which mistake to report is for the general way to say.
    return false;
  }
  return false;
}

/** A line with a label alone. */
function defineLabel(source: SourceAssembler, line: SourceLine, start: number, end: number): boolean {
  const { text } = line;
  const after = skipBlanks(text, end + 1);
  if (after < text.length && text.charCodeAt(after) !== hash) return false;
  const first = text.charCodeAt(start);
  const isNumeric = first >= zero && first <= nine;
  if (isNumeric && (end - start > 9 || !/^\d+$/.test(text.slice(start, end)))) return false;
  const name = text.slice(start, end);
  source.enter(line, start + 1, end - start);
  try {
    const symbol = isNumeric ? source.symbols.nextNumeric(Number(name)) : source.symbols.get(name);
    source.defineLabel(symbol, name, source.span);
    return true;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return false;
  }
}

/** One operand of the line: a register, a number, a register with an offset, a name, or a numeric label such as `1f`. */
interface Operand {
  kind: 'register' | 'float register' | 'number' | 'memory' | 'name' | 'local';
  /** The register's number. */
  register: number;
  /** The number or offset. */
  value: number;
  /** Where a name or numeric label is. */
  start: number;
  end: number;
}

const most = 4;
const scanned: Operand[] = Array.from({ length: most }, () => ({ kind: 'number', register: 0, value: 0, start: 0, end: 0 }));
let count = 0;

const [tab, space, hash, percent, open, close, comma, minus, dot, zero, nine, colon, backwards, forwards, x] = [
  0x09, 0x20, 0x23, 0x25, 0x28, 0x29, 0x2c, 0x2d, 0x2e, 0x30, 0x39, 0x3a, 0x62, 0x66, 0x78,
];

/** Reads the operands into `scanned`; false where there is anything but the usual. */
function scanOperands(text: string, from: number): boolean {
  count = 0;
  let at = skipBlanks(text, from);
  if (at === text.length || text.charCodeAt(at) === hash) return true;
  if (at === from) return false;
  for (;;) {
    if (count === most) return false;
    at = scanOperand(text, at, scanned[count++]!);
    if (at < 0) return false;
    at = skipBlanks(text, at);
    if (at === text.length || text.charCodeAt(at) === hash) return true;
    if (text.charCodeAt(at) !== comma) return false;
    at = skipBlanks(text, at + 1);
  }
}

/** The position after the operand; -1 where it is none of the usual. */
function scanOperand(text: string, start: number, operand: Operand): number {
  const first = text.charCodeAt(start);
  if (first === minus || (first >= zero && first <= nine)) {
    const end = scanNumber(text, start, operand);
    if (end < 0 || text.charCodeAt(end) !== open) return end;
    return scanBase(text, end, operand);
  }
  if (first === open) {
    operand.value = 0;
    return scanBase(text, start, operand);
  }
  const end = endOfWord(text, start);
  if (end === start || first === percent) return -1;
  const register = registerAt(text, start, end);
  if (register >= 0) {
    operand.kind = register < 32 ? 'register' : 'float register';
    operand.register = register & 31;
    return end;
  }
  if (end === start + 1 && first === dot) return -1;
  operand.kind = 'name';
  operand.start = start;
  operand.end = end;
  return end;
}

/** A decimal number of at most 9 digits or a hexadecimal one of at most 8. */
function scanNumber(text: string, start: number, operand: Operand): number {
  const isNegative = text.charCodeAt(start) === minus;
  let at = isNegative ? start + 1 : start;
  let value = 0;
  const first = at;
  if (text.charCodeAt(at) === zero && text.charCodeAt(at + 1) === x) {
    at += 2;
    for (let digit = hexadecimalDigit(text.charCodeAt(at)); digit >= 0; digit = hexadecimalDigit(text.charCodeAt(++at)))
      value = value * 16 + digit;
    if (at === first + 2 || at > first + 10) return -1;
  } else {
    for (let code = text.charCodeAt(at); code >= zero && code <= nine; code = text.charCodeAt(++at)) value = value * 10 + code - zero;
    if (at === first || at > first + 9 || (text.charCodeAt(first) === zero && at > first + 1)) return -1;
  }
  const after = text.charCodeAt(at);
  if (isWordPart(after)) {
    if ((after !== forwards && after !== backwards) || isNegative || isWordPart(text.charCodeAt(at + 1))) return -1;
    operand.kind = 'local';
    operand.value = value;
    operand.start = start;
    operand.end = at + 1;
    return at + 1;
  }
  operand.kind = 'number';
  operand.value = isNegative ? -value : value;
  return at;
}

/** `(register)` after an offset. */
function scanBase(text: string, at: number, operand: Operand): number {
  const end = endOfWord(text, at + 1);
  const register = registerAt(text, at + 1, end);
  if (register < 0 || register >= 32 || text.charCodeAt(end) !== close) return -1;
  operand.kind = 'memory';
  operand.register = register;
  return end + 1;
}

function single(source: SourceAssembler, form: SingleForm, line: SourceLine): boolean {
  const operands: { -readonly [F in keyof Operands]: Operands[F] } = { ...form.fixed };
  let target: Operand | undefined;
  for (let index = 0; index < count; index++) {
    const given = scanned[index]!;
    const kind = operandKinds[form.operands[index]!];
    switch (kind.syntax) {
      case 'register':
      case 'float register':
        if (given.kind !== kind.syntax) return false;
        for (const field of kind.fields) operands[field] = given.register;
        break;
      case 'memory':
        if (given.kind !== 'memory') return false;
        for (const field of kind.base.fields) operands[field] = given.register;
        operands.immediate = given.value;
        break;
      case 'value':
        if (given.kind !== 'number' || form.fixed.immediate !== undefined) return false;
        operands.immediate = given.value;
        break;
      case 'target':
        if (given.kind !== 'name' && given.kind !== 'local') return false;
        target = given;
        break;
      default:
        return false;
    }
  }
  if (target) {
    const symbol = symbolOf(source, target, line);
    if (!symbol) return false;
    emitBranch(source, form, operands, symbol);
  } else emitSingle(source, form.meaning, operands, form.compressed);
  return true;
}

function macro(source: SourceAssembler, form: MacroForm, line: SourceLine): boolean {
  const operands: MacroOperands = { rd: 0, rs2: 0, frd: 0, frs2: 0, temporary: 0, symbol: undefined, constant: 0n };
  for (let index = 0; index < count; index++) {
    const given = scanned[index]!;
    const kind = form.operands[index]!;
    if (kind === 'constant') {
      if (given.kind !== 'number') return false;
      operands.constant = BigInt(given.value);
    } else if (kind === 'symbol') {
      if (given.kind !== 'name') return false;
      operands.symbol = symbolOf(source, given, line);
    } else if (kind === 'rd' || kind === 'rs2' || kind === 'temporary') {
      if (given.kind !== 'register') return false;
      operands[kind] = given.register;
    } else return false;
  }
  if (form.steps === 'loadImmediate') emitLoadImmediate(source, operands.rd, operands.constant);
  else emitMacro(source, form, operands);
  return true;
}

function symbolOf(source: SourceAssembler, { kind, value, start, end }: Operand, line: SourceLine): Expression | undefined {
  if (kind === 'local') {
    return source.numeric(value, line.text.charCodeAt(end - 1) === backwards ? 'b' : 'f', spanIn(line, start + 1, end - start));
  }
  return source.symbol(line.text.slice(start, end), spanIn(line, start + 1, end - start));
}

/** Registers by the characters of their names, as `packed` makes them one number; those of floating point count from 32. */
const registers = new Map<number, number>();

for (const letters of ['x', 'f', 'a', 's', 't', 'fa', 'fs', 'ft', 'zero', 'ra', 'sp', 'gp', 'tp', 'fp']) {
  for (const name of [letters, ...Array.from({ length: 32 }, (_, number) => `${letters}${number}`)]) {
    const integer = xNumber(name);
    const float = fNumber(name);
    if (integer !== undefined) registers.set(packed(name, 0, name.length), integer);
    else if (float !== undefined) registers.set(packed(name, 0, name.length), 32 + float);
  }
}

/** The number of the register that the word is, -1 where it is none. */
function registerAt(text: string, start: number, end: number): number {
  if (end - start > 4 || end - start < 2) return -1;
  return registers.get(packed(text, start, end)) ?? -1;
}

function packed(text: string, start: number, end: number): number {
  let key = 0;
  for (let at = start; at < end; at++) key = (key << 8) | (text.charCodeAt(at) & 0xff);
  return key;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === space || code === tab; code = text.charCodeAt(++at));
  return at;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (isWordPart(text.charCodeAt(at))) at++;
  return at;
}

/** Letters, digits, `_`, `.` and `$`. Other characters of names are for the general way. */
function isWordPart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    code === dot ||
    code === 0x24
  );
}

function hexadecimalDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
