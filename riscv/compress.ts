import { compressedRows } from './compressed-rows';
import type { Operands } from './encode';
import type { BaseMnemonic, InstructionRow, Mnemonic } from './instruction-table';
import { generalIsa, type Isa, isIn } from './isa-string';
import { type Operand, operandKinds, type RegisterOperand } from './operands';
import { type Piece, type Range, scatter } from './pieces';

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
  const { rd = 0, rs1 = 0, rs2 = 0, frd = 0, frs2 = 0, immediate = 0 } = operands;
  const compressor = compressorOf(mnemonic, among, isa);
  const signed = mnemonic === 'lui' && immediate >= 2 ** 31 ? immediate - 2 ** 32 : immediate;
  const form = compressor.find(rd | frd, rs1, rs2 | frs2, signed);
  if (!form) return undefined;
  if (form.isMove) return { mnemonic: form.mnemonic, operands: { rd, rs2: rs1 } };
  return { mnemonic: form.mnemonic, operands: compressor.isExchanged ? { ...operands, rs1: rs2, rs2: rs1 } : operands };
}

/** The compressor of a base mnemonic to one of these compressed ones, as `compress` chooses. It is made once for each ISA. */
export function compressorOf(mnemonic: BaseMnemonic, among: readonly Mnemonic[] | undefined, isa: Isa): Compressor {
  let ofIsa = compressors.get(isa);
  if (!ofIsa) {
    ofIsa = new Map();
    compressors.set(isa, ofIsa);
  }
  const key = among ? `${mnemonic} ${among}` : mnemonic;
  let compressor = ofIsa.get(key);
  if (!compressor) {
    compressor = new Compressor(mnemonic, among, isa);
    ofIsa.set(key, compressor);
  }
  return compressor;
}

const compressors = new WeakMap<Isa, Map<string, Compressor>>();

/** GNU as makes these of `j`, `jr rs`, `ret`, `not` and their like, but not of the instruction with all its operands written. */
const notByDefault: ReadonlySet<Mnemonic> = new Set<Mnemonic>(['c.j', 'c.jr', 'c.jalr', 'c.not', 'c.zext.w']);

/** Their sources may be exchanged where that makes the destination the first source. */
const commutative: ReadonlySet<Mnemonic> = new Set<Mnemonic>(['add', 'addw', 'and', 'or', 'xor', 'mul']);

/** Finds compressed forms of one base instruction. It works on numbers alone, as it is asked for nearly every line of a source. */
export class Compressor {
  /** Whether the form that was found last has the sources exchanged. */
  isExchanged = false;
  private readonly forms: readonly CompressedForm[];
  private readonly isCommutative: boolean;

  constructor(mnemonic: BaseMnemonic, among: readonly Mnemonic[] | undefined, isa: Isa) {
    this.isCommutative = commutative.has(mnemonic);
    const forms: CompressedForm[] = [];
    for (const row of compressedRows as readonly InstructionRow<Mnemonic, BaseMnemonic>[]) {
      if (!isIn(isa, row)) continue;
      const isChosen = among ? among.includes(row.mnemonic) : !notByDefault.has(row.mnemonic);
      if (row.expandsTo === mnemonic && isChosen) forms.push(new CompressedForm(row, among !== undefined));
    }
    const move = compressedRows.find((row) => row.mnemonic === 'c.mv')!;
    if (mnemonic === 'addi' && isIn(isa, move) && (among?.includes('c.mv') ?? true)) forms.push(CompressedForm.move(move));
    this.forms = forms;
  }

  /** The form that says exactly this; registers of either kind by their numbers. */
  find(rd: number, rs1: number, rs2: number, immediate: number): CompressedForm | undefined {
    this.isExchanged = false;
    const mayExchange = this.isCommutative && rd === rs2 && rd !== rs1;
    for (let index = 0; index < this.forms.length; index++) {
      const form = this.forms[index]!;
      if (form.fits(rd, rs1, rs2, immediate)) return form;
      if (mayExchange && form.fits(rd, rs2, rs1, immediate)) {
        this.isExchanged = true;
        return form;
      }
    }
    return undefined;
  }

  /** The 16 bits of the form that says exactly this; 0, which is no instruction, where there is none. */
  encode(rd: number, rs1: number, rs2: number, immediate: number): number {
    const form = this.find(rd, rs1, rs2, immediate);
    if (!form) return 0;
    return this.isExchanged ? form.encode(rd, rs2, rs1, immediate) : form.encode(rd, rs1, rs2, immediate);
  }
}

type Place = 'rd' | 'rs1' | 'rs2';

/** What a compressed row asks of one register of its base instruction, and where it puts it. */
class RegisterRule {
  /** The lowest of its bits, the bits of it that are kept, and the numbers that it may have: bit N for register N. */
  low = 0;
  kept = 0;
  allowed: number;

  constructor(only: number) {
    this.allowed = 1 << only;
  }

  /** Takes the register from an operand. */
  take({ low, bits, except }: RegisterOperand): void {
    this.low = low;
    this.kept = bits === 5 ? 31 : bits === 3 ? 7 : 0;
    this.allowed = bits === 5 ? -1 : bits === 3 ? 0xff00 : 1 << 2;
    if (except !== undefined) this.allowed &= ~(1 << except);
  }

  notZero(): void {
    this.allowed &= ~1;
  }
}

const noPieces: readonly Piece[] = [];

/** A compressed row as numbers. */
class CompressedForm {
  readonly mnemonic: Mnemonic;
  readonly rd: RegisterRule;
  readonly rs1: RegisterRule;
  readonly rs2: RegisterRule;
  /** The destination is the first source too. */
  private isSame = false;
  /** It is c.mv for an addi of 0, whose first source is the second of c.mv. */
  isMove = false;
  private minimum: number;
  private maximum: number;
  private multiple = 1;
  private isZeroAllowed = true;
  private pieces = noPieces;
  private readonly match: number;

  /** `isNamed` says that the mnemonic asks for it: then GNU as takes c.addi of `add rd, rd, 0` though that is a hint. */
  constructor(row: InstructionRow<Mnemonic, BaseMnemonic>, isNamed: boolean) {
    this.mnemonic = row.mnemonic;
    this.match = row.match;
    const { implied } = row;
    this.rd = new RegisterRule(implied?.rd ?? 0);
    this.rs1 = new RegisterRule(implied?.rs1 ?? 0);
    this.rs2 = new RegisterRule(implied?.rs2 ?? 0);
    this.minimum = this.maximum = implied?.immediate ?? 0;
    for (const kind of row.operands) this.take(operandKinds[kind]);
    for (const field of [...(row.nonzero ?? []), ...(row.hint ?? [])]) {
      if (field !== 'immediate') this[field as Place].notZero();
      else if (row.nonzero?.includes('immediate') || !(isNamed && row.mnemonic === 'c.addi')) this.isZeroAllowed = false;
    }
    if (row.mnemonic === 'c.nop') this.minimum = this.maximum = 0;
  }

  static move(row: InstructionRow<Mnemonic, BaseMnemonic>): CompressedForm {
    const form = new CompressedForm(row, false);
    form.isMove = true;
    return form;
  }

  fits(rd: number, rs1: number, rs2: number, immediate: number): boolean {
    if (this.isMove) {
      rs2 = rs1;
      rs1 = 0;
    }
    if (((this.rd.allowed >>> rd) & (this.rs1.allowed >>> rs1) & (this.rs2.allowed >>> rs2) & 1) === 0) return false;
    if (this.isSame && rd !== rs1) return false;
    if (immediate < this.minimum || immediate > this.maximum) return false;
    return immediate === 0 ? this.isZeroAllowed : immediate % this.multiple === 0;
  }

  encode(rd: number, rs1: number, rs2: number, immediate: number): number {
    const second = this.isMove ? rs1 : rs2;
    const registers =
      ((rd & this.rd.kept) << this.rd.low) | ((rs1 & this.rs1.kept) << this.rs1.low) | ((second & this.rs2.kept) << this.rs2.low);
    return this.match | registers | (this.pieces.length > 0 ? scatter(immediate, this.pieces) : 0);
  }

  private take(operand: Operand): void {
    switch (operand.syntax) {
      case 'register':
      case 'float register':
        this.takeRegister(operand);
        break;
      case 'memory':
        this.takeRegister(operand.base);
        this.takeImmediate(operand);
        break;
      case 'value':
      case 'upper':
      case 'target':
        this.takeImmediate(operand);
    }
  }

  private takeRegister(operand: RegisterOperand): void {
    for (const field of operand.fields) this[field.replace(/^f/, '') as Place].take(operand);
    this.isSame ||= operand.fields.length > 1;
  }

  private takeImmediate({ range, pieces }: { readonly range: Range; readonly pieces: readonly Piece[] }): void {
    this.minimum = range.minimum;
    this.maximum = range.maximum;
    this.multiple = range.multiple;
    this.pieces = pieces;
  }
}
