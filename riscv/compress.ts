import { compressedRows } from './compressed-rows';
import { mayFit, type Operands, operandProblem } from './encode';
import { type BaseMnemonic, type InstructionRow, isHint, type Mnemonic } from './instruction-table';
import { generalIsa, type Isa, isIn } from './isa-string';
import { type Operand, operandKinds } from './operands';

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
  const rows = candidatesIn(isa).get(mnemonic);
  if (rows) {
    const { rd = 0, rs1 = 0, rs2 = 0 } = operands;
    const exchanged = rd === rs2 && rd !== rs1 && commutative.has(mnemonic) ? { ...operands, rs1: rs2, rs2: rs1 } : undefined;
    for (const row of rows) {
      if (among ? !among.includes(row.mnemonic) : notByDefault.has(row.mnemonic)) continue;
      if (means(row, operands) || (row.mnemonic === 'c.addi' && among && addsZero(operands))) return { mnemonic: row.mnemonic, operands };
      if (exchanged && means(row, exchanged)) return { mnemonic: row.mnemonic, operands: exchanged };
    }
  }
  if (mnemonic === 'addi' && (operands.immediate ?? 0) === 0 && operands.rs1 && (among?.includes('c.mv') ?? true)) {
    return compress('add', { rd: operands.rd ?? 0, rs2: operands.rs1 }, ['c.mv'], isa);
  }
  return undefined;
}

type Candidates = ReadonlyMap<BaseMnemonic, readonly InstructionRow<Mnemonic, BaseMnemonic>[]>;

const candidatesByIsa = new WeakMap<Isa, Candidates>();

/** The compressed rows of an ISA by what they expand to. */
function candidatesIn(isa: Isa): Candidates {
  const known = candidatesByIsa.get(isa);
  if (known) return known;
  const candidates = new Map<BaseMnemonic, InstructionRow<Mnemonic, BaseMnemonic>[]>();
  for (const row of compressedRows) {
    if (!isIn(isa, row)) continue;
    const others = candidates.get(row.expandsTo!);
    if (others) others.push(row);
    else candidates.set(row.expandsTo!, [row]);
  }
  candidatesByIsa.set(isa, candidates);
  return candidates;
}

/** GNU as makes these of `j`, `jr rs`, `ret`, `not` and their like, but not of the instruction with all its operands written. */
const notByDefault: ReadonlySet<Mnemonic> = new Set<Mnemonic>(['c.j', 'c.jr', 'c.jalr', 'c.not', 'c.zext.w']);

/** Their sources may be exchanged where that makes the destination the first source. */
const commutative: ReadonlySet<Mnemonic> = new Set<Mnemonic>(['add', 'addw', 'and', 'or', 'xor', 'mul']);

/** GNU as makes c.addi of `add rd, rd, 0`, though that is a hint, but not of `addi rd, rd, 0`. */
function addsZero({ rd, rs1, immediate }: Operands): boolean {
  return rd !== undefined && rd !== 0 && rd === rs1 && immediate === 0;
}

const fields = ['rd', 'rs1', 'rs2', 'frd', 'frs2', 'immediate'] as const;

/** Whether the compressed row can say exactly this, and not as a hint. */
function means(row: InstructionRow<Mnemonic, BaseMnemonic>, operands: Operands): boolean {
  for (const [field, value] of silentFields.get(row)!) if ((operands[field] ?? 0) !== value) return false;
  return mayFit(row, operands) && !isHint(row, operands) && !operandProblem(row, operands);
}

/** For each compressed row the fields that no operand of it gives, with the values that they then have. */
const silentFields: ReadonlyMap<InstructionRow, readonly (readonly [field: (typeof fields)[number], value: number])[]> = new Map(
  compressedRows.map((row: InstructionRow) => {
    const given = new Set(row.operands.flatMap((kind) => givenBy(operandKinds[kind])));
    return [row, fields.filter((field) => !given.has(field)).map((field) => [field, row.implied?.[field] ?? 0] as const)];
  }),
);

function givenBy(operand: Operand): readonly string[] {
  if ('fields' in operand) return operand.fields;
  return operand.syntax === 'memory' ? [...operand.base.fields, 'immediate'] : ['immediate'];
}
