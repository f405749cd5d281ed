import type { Instruction } from './instruction';
import { lengthOf } from './instruction-row';
import { type BaseMnemonic, type InstructionRow, instructionTable, type Mnemonic } from './instruction-table';
import { type Isa, isIn, wholeIsa } from './isa-string';
import { type Operand, operandKinds, type RegisterField } from './operands';
import { gather, gathering } from './pieces';

type Table = readonly InstructionRow<Mnemonic, BaseMnemonic>[];

/** A row, and how its fields are taken from a word. */
export class Encoding {
  readonly match: number;
  readonly mask: number;
  readonly length: 2 | 4;
  readonly meaning: BaseMnemonic;
  #fields: Fields | undefined;

  constructor(readonly row: Table[number]) {
    // As words with a sign, which the engine compares without making numbers of them.
    this.match = row.match | 0;
    this.mask = row.mask | 0;
    this.length = lengthOf(row);
    this.meaning = row.expandsTo ?? (row.mnemonic as BaseMnemonic);
  }

  /** Made when a word of the row is met: most programs use few rows. */
  get fields(): Fields {
    this.#fields ??= fieldsOf(this.row);
    return this.#fields;
  }
}

/**
 * Where the fields of a row are in a word. Of a register: the lowest of its bits, in bits 4-0, the mask of its bits, in 9-5, and what is
 * added to them, from 10 on, for `registerIn`; 0 where the row has none. Of others what `gather` takes; undefined where the row has none.
 */
export type Fields = Record<RegisterField, number> & {
  immediate: readonly number[] | undefined;
  csr: readonly number[] | undefined;
  roundingMode: readonly number[] | undefined;
};

type Buckets = readonly (readonly Encoding[])[];

/** The encoding of the instruction in the low bits of a word, if any. */
export type FindEncoding = (word: number) => Encoding | undefined;

/** Finds those that a machine with those extensions has: a hint of an extension that it has not is the base instruction of that word. */
export function encodingsFor(isa: Isa): FindEncoding {
  if (isa === wholeIsa) return (word) => findAmong(encodings32, encodings16, word);
  const table = instructionTable.filter((row) => isIn(isa, row));
  const [of32, of16] = [encodings32For(table), encodings16For(table)];
  return (word) => findAmong(of32, of16, word);
}

/** The instruction of a word that has that encoding. */
export function instructionIn(word: number, { row, meaning, length, fields }: Encoding): Instruction {
  return {
    mnemonic: row.mnemonic,
    meaning,
    length,
    word: length === 4 ? word >>> 0 : word & 0xffff,
    rd: registerIn(word, fields.rd),
    rs1: registerIn(word, fields.rs1),
    rs2: registerIn(word, fields.rs2),
    frd: registerIn(word, fields.frd),
    frs1: registerIn(word, fields.frs1),
    frs2: registerIn(word, fields.frs2),
    frs3: registerIn(word, fields.frs3),
    immediate: fields.immediate ? gather(word, fields.immediate) : 0,
    csr: fields.csr ? gather(word, fields.csr) : 0,
    roundingMode: fields.roundingMode ? gather(word, fields.roundingMode) : 0,
  };
}

/** The register that a field of `Fields` has in a word. */
export function registerIn(word: number, field: number): number {
  return ((word >>> (field & 31)) & ((field >>> 5) & 31)) + (field >>> 10);
}

/**
 * Decodes the instruction in the low bits of `word`: 32 bits as fetched, of which a compressed instruction takes the low 16.
 * Undefined for what is reserved or left to extensions that the table has not, and for longer encodings; hints decode as the
 * instruction that they are.
 */
export type Decode = (word: number) => Instruction | undefined;

/** Decodes for a machine that has those extensions. */
export function decoderFor(isa: Isa): Decode {
  if (isa === wholeIsa) return decode;
  const find = encodingsFor(isa);
  return (word) => decodedBy(find(word), word);
}

/** Decodes with all of the table. */
export const decode: Decode = (word) => decodedBy(findAmong(encodings32, encodings16, word), word);

function decodedBy(encoding: Encoding | undefined, word: number): Instruction | undefined {
  return encoding && instructionIn(word, encoding);
}

function findAmong(of32: Buckets, of16: Buckets, word: number): Encoding | undefined {
  const encodings = (word & 3) === 3 ? of32[bucket32(word)]! : of16[bucket16(word)]!;
  for (let index = 0; index < encodings.length; index += 1) {
    const encoding = encodings[index]!;
    if ((word & encoding.mask) === encoding.match && hasItsFields(word, encoding)) return encoding;
  }
  return undefined;
}

/** Whether no field is 0 that must not be. */
function hasItsFields(word: number, { row: { nonzero }, fields }: Encoding): boolean {
  if (!nonzero) return true;
  for (const name of nonzero) {
    const value = name === 'immediate' ? gather(word, fields.immediate!) : registerIn(word, fields[name]);
    if (value === 0) return false;
  }
  return true;
}

// Rows are looked up by opcode (bits 6-2) and funct3, compressed ones by quadrant (bits 1-0) and funct3.
const bucket32 = (word: number) => ((word >>> 2) & 0x1f) | ((word >>> 7) & 0xe0);
const bucket16 = (word: number) => (word & 3) | ((word >>> 11) & 0x1c);
const encodings32 = encodings32For(instructionTable);
const encodings16 = encodings16For(instructionTable);

function encodings32For(table: Table): Buckets {
  return buckets(table, 4, 256, bucket32, 0x707c);
}

function encodings16For(table: Table): Buckets {
  return buckets(table, 2, 32, bucket16, 0xe003);
}

/**
 * The encodings of instructions of that length, in the table's order, in each bucket whose words can be theirs; `key` are the bits looked
 * up by.
 */
function buckets(table: Table, length: 2 | 4, count: number, bucketOf: (word: number) => number, key: number): Buckets {
  const filled = Array.from({ length: count }, (): Encoding[] => []);
  for (const row of table) {
    if (lengthOf(row) !== length) continue;
    const encoding = new Encoding(row);
    const free = key & ~row.mask;
    // Every subset of the bits of the key that the row leaves free, from all of them down to none.
    for (let chosen = free; ; chosen = (chosen - 1) & free) {
      filled[bucketOf(row.match | chosen)]!.push(encoding);
      if (chosen === 0) break;
    }
  }
  return filled;
}

function fieldsOf(row: InstructionRow): Fields {
  const fields: Fields = {
    rd: 0,
    rs1: 0,
    rs2: 0,
    frd: 0,
    frs1: 0,
    frs2: 0,
    frs3: 0,
    immediate: undefined,
    csr: undefined,
    roundingMode: undefined,
  };
  for (const kind of row.operands) addOperand(fields, operandKinds[kind]);
  if (row.packed) fields.immediate = gathering(row.packed, false);
  for (const [name, value] of Object.entries(row.implied ?? {})) {
    if (name === 'immediate') fields.immediate = gathering([], false, value);
    else fields[name as RegisterField] = value << 10;
  }
  return fields;
}

function addOperand(fields: Fields, operand: Operand): void {
  if (operand.syntax === 'memory') addOperand(fields, operand.base);
  if (operand.syntax === 'rounding') fields.roundingMode = gathering(operand.pieces, false, operand.only);
  else if (operand.syntax === 'csr') fields.csr = gathering(operand.pieces, false);
  else if ('pieces' in operand) fields.immediate = gathering(operand.pieces, operand.signed);
  else {
    const { fields: names, low, bits } = operand;
    const [mask, least] = bits === 5 ? [31, 0] : bits === 3 ? [7, 8] : [0, 2];
    for (const name of names) fields[name] = low | (mask << 5) | (least << 10);
  }
}
