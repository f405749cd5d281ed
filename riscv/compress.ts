import { compressedRows } from './compressed-rows';
import { decode } from './decode';
import { encode, type Operands, operandProblem, registersFit } from './encode';
import { type BaseMnemonic, type InstructionRow, isHint, type Mnemonic } from './instruction-table';
import { generalIsa, type Isa, isIn } from './isa-string';

export interface Compressed {
  readonly mnemonic: Mnemonic;
  readonly operands: Operands;
}

/**
 * The compressed instruction that GNU as chooses for a base instruction with these operands, or undefined where it keeps the
 * base one. `among` are the compressed mnemonics to choose from, for pseudo-instructions that GNU as compresses in their own way.
 */
export function compress(
  mnemonic: BaseMnemonic,
  operands: Operands,
  among?: readonly Mnemonic[],
  isa: Isa = generalIsa,
): Compressed | undefined {
  for (const row of candidates.get(mnemonic) ?? []) {
    if (!isIn(isa, row)) continue;
    if (among ? !among.includes(row.mnemonic) : notByDefault.has(row.mnemonic)) continue;
    const found = variants(mnemonic, operands).find((variant) => means(row, variant));
    if (found) return { mnemonic: row.mnemonic, operands: found };
  }
  if (mnemonic === 'addi' && (operands.immediate ?? 0) === 0 && operands.rs1 && (among?.includes('c.mv') ?? true)) {
    return compress('add', { rd: operands.rd ?? 0, rs2: operands.rs1 }, ['c.mv'], isa);
  }
  return undefined;
}

const candidates = new Map<BaseMnemonic, InstructionRow<Mnemonic, BaseMnemonic>[]>();
for (const row of compressedRows) {
  const others = candidates.get(row.expandsTo!);
  if (others) others.push(row);
  else candidates.set(row.expandsTo!, [row]);
}

/** GNU as makes these of `j`, `jr rs`, `ret`, `not` and their like, but not of the instruction with all its operands written. */
const notByDefault: ReadonlySet<Mnemonic> = new Set<Mnemonic>(['c.j', 'c.jr', 'c.jalr', 'c.not', 'c.zext.w']);

const commutative: ReadonlySet<Mnemonic> = new Set<Mnemonic>(['add', 'addw', 'and', 'or', 'xor', 'mul']);

/** The operands, and with the sources exchanged where that makes the destination the first source. */
function variants(mnemonic: BaseMnemonic, operands: Operands): Operands[] {
  const { rd = 0, rs1 = 0, rs2 = 0 } = operands;
  return commutative.has(mnemonic) && rd === rs2 && rd !== rs1 ? [operands, { ...operands, rs1: rs2, rs2: rs1 }] : [operands];
}

/** Whether the compressed row can say exactly this, and not as a hint. */
function means(row: InstructionRow<Mnemonic, BaseMnemonic>, operands: Operands): boolean {
  if (!registersFit(row, operands) || isHint(row, operands) || operandProblem(row, operands)) return false;
  const instruction = decode(encode(row.mnemonic, operands));
  return instruction?.mnemonic === row.mnemonic && fields.every((field) => (instruction[field] | 0) === ((operands[field] ?? 0) | 0));
}

const fields = ['rd', 'rs1', 'rs2', 'frd', 'frs2', 'immediate'] as const;
