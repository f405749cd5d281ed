import type { Instruction } from './instruction';
import { lengthOf } from './instruction-row';
import { type BaseMnemonic, type InstructionRow, instructionTable, type Mnemonic } from './instruction-table';
import { type Isa, isIn, wholeIsa } from './isa-string';
import { type Operand, operandKinds, type RoundingOperand } from './operands';
import { gatherer, type Piece } from './pieces';

type Fields = { -readonly [Key in keyof Instruction]: Instruction[Key] };
type Step = (word: number, fields: Fields) => unknown;

type Table = readonly InstructionRow<Mnemonic, BaseMnemonic>[];

/** A row, and how its fields are taken from a word. */
class Decoder {
  #steps: readonly Step[] | undefined;

  constructor(readonly row: Table[number]) {}

  /** Made when a word of the row is met: most programs use few rows. */
  get steps(): readonly Step[] {
    this.#steps ??= stepsOf(this.row);
    return this.#steps;
  }
}

type Buckets = readonly (readonly Decoder[])[];

/**
 * Decodes the instruction in the low bits of `word`: 32 bits as fetched, of which a compressed instruction takes the low 16.
 * Undefined for what is reserved or left to extensions that the table has not, and for longer encodings; hints decode as the
 * instruction that they are.
 */
export type Decode = (word: number) => Instruction | undefined;

/** Decodes for a machine that has those extensions: a hint of an extension that it has not is the base instruction of that word. */
export function decoderFor(isa: Isa): Decode {
  if (isa === wholeIsa) return decode;
  const table = instructionTable.filter((row) => isIn(isa, row));
  const [of32, of16] = [decoders32For(table), decoders16For(table)];
  return (word) => decodeAmong(of32, of16, word);
}

/** Decodes with all of the table. */
export const decode: Decode = (word) => decodeAmong(decoders32, decoders16, word);

function decodeAmong(of32: Buckets, of16: Buckets, word: number): Instruction | undefined {
  return (word & 3) === 3 ? decodeWith(of32[bucket32(word)]!, word >>> 0, 4) : decodeWith(of16[bucket16(word)]!, word & 0xffff, 2);
}

function decodeWith(decoders: readonly Decoder[], word: number, length: 2 | 4): Instruction | undefined {
  for (const decoder of decoders) {
    const { row } = decoder;
    if ((word & row.mask) >>> 0 !== row.match) continue;
    const fields: Fields = {
      mnemonic: row.mnemonic,
      meaning: row.expandsTo ?? (row.mnemonic as BaseMnemonic),
      length,
      word,
      rd: 0,
      rs1: 0,
      rs2: 0,
      frd: 0,
      frs1: 0,
      frs2: 0,
      frs3: 0,
      immediate: 0,
      csr: 0,
      roundingMode: 0,
    };
    for (const step of decoder.steps) step(word, fields);
    if (row.nonzero === undefined || row.nonzero.every((name) => fields[name] !== 0)) return fields;
  }
  return undefined;
}

// Rows are looked up by opcode (bits 6-2) and funct3, compressed ones by quadrant (bits 1-0) and funct3.
const bucket32 = (word: number) => ((word >>> 2) & 0x1f) | ((word >>> 7) & 0xe0);
const bucket16 = (word: number) => (word & 3) | ((word >>> 11) & 0x1c);
const decoders32 = decoders32For(instructionTable);
const decoders16 = decoders16For(instructionTable);

function decoders32For(table: Table): Buckets {
  return buckets(table, 4, 256, bucket32, 0x707c);
}

function decoders16For(table: Table): Buckets {
  return buckets(table, 2, 32, bucket16, 0xe003);
}

/** The decoders for instructions of that length, in the table's order, in each bucket whose words can be theirs; `key` are the bits looked up by. */
function buckets(table: Table, length: 2 | 4, count: number, bucketOf: (word: number) => number, key: number): Buckets {
  const filled = Array.from({ length: count }, (): Decoder[] => []);
  for (const row of table) {
    if (lengthOf(row) !== length) continue;
    const decoder = new Decoder(row);
    const free = key & ~row.mask;
    // Every subset of the bits of the key that the row leaves free, from all of them down to none.
    for (let chosen = free; ; chosen = (chosen - 1) & free) {
      filled[bucketOf(row.match | chosen)]!.push(decoder);
      if (chosen === 0) break;
    }
  }
  return filled;
}

function stepsOf(row: InstructionRow): readonly Step[] {
  const steps = row.operands.flatMap((kind) => operandSteps(operandKinds[kind]));
  if (row.packed) steps.push(immediateStep(row.packed, false));
  if (row.implied) steps.push((_, fields) => Object.assign(fields, row.implied));
  return steps;
}

function operandSteps(operand: Operand): readonly Step[] {
  if (operand.syntax === 'memory') return [...operandSteps(operand.base), immediateStep(operand.pieces, operand.signed)];
  if (operand.syntax === 'csr') return [csrStep(operand.pieces)];
  if (operand.syntax === 'rounding') return [roundingStep(operand)];
  if ('pieces' in operand) return [immediateStep(operand.pieces, operand.signed)];
  const { fields: names, low, bits } = operand;
  return names.map((name) => (word, fields) => {
    fields[name] = bits === 5 ? (word >>> low) & 31 : bits === 3 ? 8 + ((word >>> low) & 7) : 2;
  });
}

function immediateStep(pieces: readonly Piece[], signed: boolean): Step {
  const gather = gatherer(pieces, signed);
  return (word, fields) => {
    fields.immediate = gather(word);
  };
}

function csrStep(pieces: readonly Piece[]): Step {
  const gather = gatherer(pieces, false);
  return (word, fields) => {
    fields.csr = gather(word);
  };
}

function roundingStep({ pieces, only }: RoundingOperand): Step {
  const gather = gatherer(pieces, false);
  return (word, fields) => {
    fields.roundingMode = only ?? gather(word);
  };
}
