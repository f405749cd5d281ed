import { type OperandKind, operandKinds } from '../../../riscv/operands';
import { scatter } from '../../../riscv/pieces';
import { fNumber, xNumber } from '../../../riscv/registers';
import { SourceError } from '../diagnostics';
import { append, appendLate, emitSingle, requireBits } from '../emit-instruction';
import type { FixupKind } from '../fixups';
import { Mismatch, type ParsedOperand, parseOperand } from '../instruction-operands';
import type { SourceAssembler } from '../source-assembler';
import { expectNone, type TokenReader } from '../token-reader';
import type { DirectiveTable } from './directive';

/** `.insn`: an instruction by its format and fields, or by its word (GNU as manual, section "RISC-V Instruction Formats"). */
export const insnDirectives: DirectiveTable = {
  '.insn': insn,
  '.nop': (source) => {
    requireBits(source);
    emitSingle(source, 'addi', { rd: 0, rs1: 0, immediate: 0 });
  },
};

/** An operand as instructions have it, and for a target what is to be done when its address is known. */
interface OperandField {
  readonly operand: OperandKind;
  readonly fixup?: FixupKind;
}

/** A field of a format: a number of so many bits at a place, a register at a place, or an operand. */
type Field =
  | { readonly number: string; readonly bits: number; readonly low: number }
  | { readonly register: number; readonly bits: 5 | 3 }
  | OperandField;

const number = (name: string, bits: number, low: number): Field => ({ number: name, bits, low });
const funct3 = number('funct3', 3, 12);
const funct7 = number('funct7', 7, 25);
const funct2 = number('funct2', 2, 25);
const [compressed3, compressed4, compressed6, compressed2] = [
  number('funct3', 3, 13),
  number('funct4', 4, 12),
  number('funct6', 6, 10),
  number('funct2', 2, 5),
];
const [rd, rs1, rs2, rs3]: Field[] = [7, 15, 20, 27].map((low) => ({ register: low, bits: 5 }));
const [compressedRd, compressedRs2]: Field[] = [7, 2].map((low) => ({ register: low, bits: 5 }));
const [shortHigh, shortLow]: Field[] = [7, 2].map((low) => ({ register: low, bits: 3 }));
const branch: Field = { operand: 'branch', fixup: 'branch' };
const jump: Field = { operand: 'jump', fixup: 'jump' };
const compressedMemory: Field = { operand: "c.word(rs1')" };

/** The fields after the opcode, one list for each way to write the format. */
const formats: Readonly<Record<string, readonly (readonly Field[])[]>> = {
  r: [
    [funct3, funct7, rd!, rs1!, rs2!],
    [funct3, funct2, rd!, rs1!, rs2!, rs3!],
  ],
  r4: [[funct3, funct2, rd!, rs1!, rs2!, rs3!]],
  i: [
    [funct3, rd!, rs1!, { operand: 'immediate' }],
    [funct3, rd!, { operand: 'load(rs1)' }],
  ],
  s: [[funct3, rs2!, { operand: 'store(rs1)' }]],
  b: [[funct3, rs1!, rs2!, branch]],
  sb: [[funct3, rs1!, rs2!, branch]],
  u: [[rd!, { operand: 'upper' }]],
  j: [[rd!, jump]],
  uj: [[rd!, jump]],
  cr: [[compressed4, compressedRd!, compressedRs2!]],
  ci: [[compressed3, compressedRd!, { operand: 'c.immediate' }]],
  ciw: [[compressed3, shortLow!, number('immediate', 8, 5)]],
  css: [[compressed3, compressedRs2!, number('immediate', 6, 7)]],
  cl: [[compressed3, shortLow!, compressedMemory]],
  cs: [[compressed3, shortLow!, compressedMemory]],
  ca: [[compressed6, compressed2, shortHigh!, shortLow!]],
  cb: [[compressed3, shortHigh!, { operand: 'c.branch', fixup: 'c.branch' }]],
  cj: [[compressed3, { operand: 'c.jump', fixup: 'c.jump' }]],
};

/** Names for opcodes (Volume I, table "RISC-V base opcode map"), and for the quadrants of compressed instructions. */
const opcodes: Readonly<Record<string, number>> = {
  LOAD: 0x03,
  LOAD_FP: 0x07,
  CUSTOM_0: 0x0b,
  MISC_MEM: 0x0f,
  OP_IMM: 0x13,
  AUIPC: 0x17,
  OP_IMM_32: 0x1b,
  STORE: 0x23,
  STORE_FP: 0x27,
  CUSTOM_1: 0x2b,
  AMO: 0x2f,
  OP: 0x33,
  LUI: 0x37,
  OP_32: 0x3b,
  MADD: 0x43,
  MSUB: 0x47,
  NMSUB: 0x4b,
  NMADD: 0x4f,
  OP_FP: 0x53,
  OP_V: 0x57,
  CUSTOM_2: 0x5b,
  BRANCH: 0x63,
  JALR: 0x67,
  JAL: 0x6f,
  SYSTEM: 0x73,
  CUSTOM_3: 0x7b,
};
const quadrants: Readonly<Record<string, number>> = { C0: 0, C1: 1, C2: 2 };

function insn(source: SourceAssembler, reader: TokenReader): void {
  requireBits(source);
  const first = reader.peek();
  const format = first?.kind === 'name' ? formats[first.text.toLowerCase()] : undefined;
  if (!first || (first.kind === 'name' && !format)) {
    throw reader.failure(`expected a format (${Object.keys(formats).join(', ')}) or the word of an instruction`);
  }
  if (!format) {
    writeWord(source, reader);
    return;
  }
  reader.next();
  const operands = reader.operands();
  const isShort = first.text.toLowerCase().startsWith('c');
  const failures: SourceError[] = [];
  for (const fields of format) {
    if (operands.length !== fields.length + 1) continue;
    try {
      writeFields(source, fields, operands, isShort);
      return;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failures.push(error);
    }
  }
  const counts = format.map((fields) => fields.length + 1).join(' or ');
  throw failures.at(-1) ?? new SourceError(source.span, `'.insn ${first.text}' takes ${counts} operands, not ${operands.length}`);
}

function writeFields(source: SourceAssembler, fields: readonly Field[], operands: readonly TokenReader[], isShort: boolean): void {
  const late: NonNullable<ParsedOperand['late']>[] = [];
  let word = readOpcode(source, operands[0]!.restart(), isShort);
  for (const [index, field] of fields.entries()) {
    const reader = operands[index + 1]!.restart();
    if ('number' in field) word |= source.numberBetween(reader, field.number, 0, 2 ** field.bits - 1) << field.low;
    else if ('register' in field) word |= readRegister(reader, field.bits) << field.register;
    else word |= readOperand(source, field, reader, late);
  }
  if (late[0] && !isShort) {
    appendLate(source, word >>> 0, late[0].kind, late[0].expression, late[0].span);
    return;
  }
  const { section } = source;
  for (const { expression, kind, span } of late) section.fixups.push({ kind, place: section.here(), size: 0, expression, span });
  append(source, word >>> 0, isShort ? 2 : 4);
}

function readOpcode(source: SourceAssembler, reader: TokenReader, isShort: boolean): number {
  const token = reader.peek();
  const named = token?.kind === 'name' ? (isShort ? quadrants : opcodes)[token.text.toUpperCase()] : undefined;
  if (named !== undefined) {
    reader.next();
    reader.expectEnd();
    return named;
  }
  const { span } = reader;
  const value = source.numberBetween(reader, 'opcode', 0, isShort ? 2 : 127);
  if (!isShort && (value & 3) !== 3)
    throw new SourceError(span, `opcode ${value} is not that of a 4-byte instruction: its lowest 2 bits are ones`);
  return value;
}

function readRegister(reader: TokenReader, bits: 5 | 3): number {
  const token = reader.peek();
  const found = token?.kind === 'name' ? (xNumber(token.text) ?? fNumber(token.text)) : undefined;
  if (found === undefined) throw reader.failure('expected a register');
  if (bits === 3 && (found < 8 || found > 15))
    throw new SourceError(reader.span, `${token!.text} cannot be used here: only registers 8 to 15`);
  reader.next();
  reader.expectEnd();
  return bits === 3 ? found - 8 : found;
}

function readOperand(
  source: SourceAssembler,
  { operand: kind, fixup }: OperandField,
  reader: TokenReader,
  late: NonNullable<ParsedOperand['late']>[],
): number {
  const { span } = reader;
  const parsed = parseOperand(kind, reader, source);
  if (parsed instanceof Mismatch) throw new SourceError(parsed.span, `expected ${parsed.expected}`);
  const operand = operandKinds[kind];
  if (parsed.late) late.push(parsed.late);
  if (parsed.target) late.push({ expression: parsed.target, kind: fixup!, span });
  const value = parsed.fields?.immediate ?? 0;
  if (!('range' in operand)) return 0;
  const { minimum, maximum, multiple } = operand.range;
  // The offsets of cl and cs stand for themselves here, not for words.
  const unit = kind === "c.word(rs1')" ? multiple : 1;
  if (operand.syntax !== 'upper' && (value * unit < minimum || value * unit > maximum))
    throw new SourceError(span, `immediate ${value} is out of range ${minimum / unit}..${maximum / unit}`);
  const pieces = unit === 1 ? operand.pieces : shortOffset;
  const register = operand.syntax === 'memory' ? (parsed.fields?.rs1 ?? 0) : 0;
  const base = operand.syntax === 'memory' ? (operand.base.bits === 3 ? register & 7 : register) << operand.base.low : 0;
  if (operand.syntax === 'memory' && operand.base.bits === 3 && (register < 8 || register > 15))
    throw new SourceError(span, 'only the registers s0, s1 and a0-a5 can be the base here');
  return scatter(value, pieces) | base;
}

/** The offset of cl and cs: its 5 bits as they are. */
const shortOffset = [
  [6, 5, 0],
  [12, 10, 2],
] as const;

/** `.insn WORD`, or `.insn LENGTH, WORD`; without a length the lowest bits of the word say it. */
function writeWord(source: SourceAssembler, reader: TokenReader): void {
  const [first, second, ...more] = reader.operands();
  expectNone(more);
  const { span } = first!;
  const value = source.number(second ?? first!, 'word');
  const own = (value & 3n) === 3n ? 4 : 2;
  const length = second ? source.numberBetween(first!, 'length', 2, 4) : own;
  if (length !== own) throw new SourceError(span, `this word is that of an instruction of ${own} bytes, not ${length}`);
  if (value < 0n || value >= 1n << BigInt(8 * length)) throw new SourceError(span, `the word does not fit in ${length} bytes`);
  append(source, Number(value), length as 2 | 4);
}
