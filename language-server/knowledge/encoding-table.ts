import type { InstructionRow } from '../../riscv/instruction-row';
import { operandKinds } from '../../riscv/operands';

/** Neighbouring bits of an instruction that belong together; bit 0 is the lowest. */
export interface EncodingField {
  readonly high: number;
  readonly low: number;
  /** The bits themselves where they are fixed, else what they hold: `rd`, `imm[4:0]`. */
  readonly text: string;
}

/** The encoding of an instruction, from its highest bit to its lowest. */
export function encodingFields(row: InstructionRow): EncodingField[] {
  const size = row.extension === 'C' || (row.match & 3) !== 3 ? 16 : 32;
  const owners = ownersOf(row);
  const fields: { high: number; low: number; owner: string; bits: string }[] = [];
  for (let bit = size - 1; bit >= 0; bit--) {
    const isFixed = ((row.mask >>> bit) & 1) === 1;
    const owner = isFixed ? 'fixed' : (owners.get(bit)?.owner ?? 'any');
    const shown = isFixed ? String((row.match >>> bit) & 1) : '';
    const last = fields.at(-1);
    const follows = owner === last?.owner && (isFixed ? !isBoundary(bit, size) : isNext(owners, bit));
    if (last && follows) fields[fields.length - 1] = { ...last, low: bit, bits: last.bits + shown };
    else fields.push({ high: bit, low: bit, owner, bits: shown });
  }
  return fields.map(({ high, low, owner, bits }) => ({
    high,
    low,
    text: owner === 'fixed' ? bits : textOf(owner, owners.get(high), owners.get(low)),
  }));
}

interface Owner {
  readonly owner: string;
  /** Which bit of the value it is; undefined for registers, which are whole. */
  readonly valueBit?: number;
}

/** The bits that operands have. */
function ownersOf(row: InstructionRow): Map<number, Owner> {
  const owners = new Map<number, Owner>();
  const register = ({ fields, low, bits }: { fields: readonly string[]; low: number; bits: number }) => {
    for (let bit = low; bit < low + bits; bit++) owners.set(bit, { owner: fields.join('=') });
  };
  const pieces = (list: readonly (readonly [number, number, number])[], owner: string) => {
    for (const [high, low, value] of list) {
      for (let bit = low; bit <= high; bit++) owners.set(bit, { owner, valueBit: value + bit - low });
    }
  };
  for (const kind of row.operands) {
    const operand = operandKinds[kind];
    if ('fields' in operand) register(operand);
    if ('base' in operand) register(operand.base);
    if ('pieces' in operand) pieces(operand.pieces, nameOf(operand.syntax));
  }
  if (row.packed) pieces(row.packed, row.mnemonic.startsWith('fence') ? 'fm' : 'aq rl');
  return owners;
}

function nameOf(syntax: string): string {
  if (syntax === 'csr') return 'csr';
  return syntax === 'set' ? 'set' : 'imm';
}

/** Whether the bits of a value go on downwards from the bit above. */
function isNext(owners: ReadonlyMap<number, Owner>, bit: number): boolean {
  const here = owners.get(bit);
  const above = owners.get(bit + 1);
  return here?.valueBit === undefined || here.valueBit + 1 === above?.valueBit;
}

function textOf(owner: string, high: Owner | undefined, low: Owner | undefined): string {
  if (owner === 'any') return '-';
  if (high?.valueBit === undefined || owner !== 'imm') return owner;
  return high.valueBit === low?.valueBit ? `imm[${high.valueBit}]` : `imm[${high.valueBit}:${low?.valueBit}]`;
}

/** Where the fixed fields of the base formats begin: opcode, funct3, funct7. */
function isBoundary(bit: number, size: number): boolean {
  return size === 32 ? [6, 11, 14, 19, 24].includes(bit) : [1, 6, 12].includes(bit);
}
