import type { Instruction } from './instruction';
import { type BaseMnemonic, type InstructionRow, instructionTable, type Mnemonic } from './instruction-table';
import { type Operand, operandKinds, type RoundingOperand } from './operands';
import { gatherer, type Piece } from './pieces';

type Fields = { -readonly [Key in keyof Instruction]: Instruction[Key] };
type Step = (word: number, fields: Fields) => unknown;

interface Decoder {
  readonly row: InstructionRow<Mnemonic, BaseMnemonic>;
  readonly steps: readonly Step[];
}

/**
 * Decodes the instruction in the low bits of `word`: 32 bits as fetched, of which a compressed instruction takes the low 16.
 * Undefined for what RV64IMAC_Zicsr_Zifencei reserves or leaves to other extensions, and for longer encodings; hints decode as
 * the instruction that they are.
 */
export function decode(word: number): Instruction | undefined {
  return (word & 3) === 3
    ? decodeWith(decoders32[bucket32(word)]!, word >>> 0, 4)
    : decodeWith(decoders16[bucket16(word)]!, word & 0xffff, 2);
}

function decodeWith(decoders: readonly Decoder[], word: number, length: 2 | 4): Instruction | undefined {
  for (const { row, steps } of decoders) {
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
    for (const step of steps) step(word, fields);
    if (row.nonzero === undefined || row.nonzero.every((name) => fields[name] !== 0)) return fields;
  }
  return undefined;
}

// Rows are looked up by opcode (bits 6-2) and funct3, compressed ones by quadrant (bits 1-0) and funct3.
const bucket32 = (word: number) => ((word >>> 2) & 0x1f) | ((word >>> 7) & 0xe0);
const bucket16 = (word: number) => (word & 3) | ((word >>> 11) & 0x1c);
const decoders32 = buckets(256, 4, (bucket) => ((bucket & 0x1f) << 2) | ((bucket & 0xe0) << 7) | 3);
const decoders16 = buckets(32, 2, (bucket) => (bucket & 3) | ((bucket & 0x1c) << 11));

function buckets(count: number, length: 2 | 4, wordOf: (bucket: number) => number): readonly (readonly Decoder[])[] {
  const decoders = instructionTable
    .filter((row) => (row.extension === 'C' ? 2 : 4) === length)
    .map((row) => ({ row, steps: stepsOf(row) }));
  const known = length === 4 ? 0x707f : 0xe003;
  return Array.from({ length: count }, (_, bucket) =>
    decoders.filter(({ row }) => (wordOf(bucket) & row.mask & known) === (row.match & known)),
  );
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
