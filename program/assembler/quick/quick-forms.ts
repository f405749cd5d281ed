import { type Compressor, compressorOf } from '../../../riscv/compress';
import { encode, type Operands } from '../../../riscv/encode';
import { type BaseMnemonic, type InstructionRow, type Mnemonic, rowOf } from '../../../riscv/instruction-table';
import { type Isa, isIn } from '../../../riscv/isa-string';
import type { MacroStep } from '../../../riscv/macros';
import { type ImmediateOperand, type MemoryOperand, type Operand, operandKinds, type RegisterOperand } from '../../../riscv/operands';
import { type Form, formsOf } from '../../../riscv/pseudo-instructions';
import { type MacroForm, pairKind, type SingleForm } from '../emit-instruction';
import type { FixupKind } from '../fixups';
import { modifiersOf } from '../instruction-operands';

/** What an operand of a form is, as far as it is read quickly. */
export const wants = {
  register: 0,
  floatRegister: 1,
  immediate: 2,
  upper: 3,
  memory: 4,
  address: 5,
  target: 6,
  symbol: 7,
  constant: 8,
} as const;

/** How an immediate stands in the word: none, from bit 20 on, as stores have it, or as it is (the upper 20 bits). */
export const placements = { none: 0, high: 1, store: 2, upper: 3 } as const;

/** The registers of an instruction by the lowest bits of their fields. */
const slots: readonly number[] = [7, 15, 20, 27];

/** One instruction whose operands are put together as numbers. */
export interface QuickSingle {
  readonly kind: 'single';
  /** One of `wants` for each operand. */
  readonly operands: Uint8Array;
  /** For each operand the slots that its register goes to: bit N for `slots[N]`. */
  readonly registers: Uint8Array;
  /** The word without registers and immediate. */
  readonly match: number;
  /** What registers and immediate are that no operand gives. */
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly immediate: number;
  readonly placement: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly compressor: Compressor | undefined;
  readonly isJump: boolean;
  /** The relocations that modifiers ask for here. */
  readonly modifiers: Readonly<Record<string, FixupKind>>;
}

/** `auipc` and the instruction that adds the rest of the distance. */
export interface QuickPair {
  readonly kind: 'pair';
  readonly operands: Uint8Array;
  readonly first: number;
  readonly second: number;
  /** For each operand what its register is multiplied by in the two words. */
  readonly firstFactors: Float64Array;
  readonly secondFactors: Float64Array;
  readonly fixup: FixupKind;
  readonly name: string;
}

/** `li`. */
export interface QuickConstant {
  readonly kind: 'constant';
  readonly operands: Uint8Array;
  readonly small: Compressor | undefined;
  readonly upper: Compressor | undefined;
  readonly word: Compressor | undefined;
}

/** A form that is only read the general way. */
export interface GeneralForm {
  readonly kind: 'general';
  /** As many as it has operands. */
  readonly operands: Uint8Array;
}

export type QuickForm = QuickSingle | QuickPair | QuickConstant | GeneralForm;

/** The quick forms of mnemonics in one ISA, each mnemonic's made when it is first asked for. */
export class QuickForms {
  private readonly known = new Map<string, readonly QuickForm[]>();
  /** The instructions of `li` with long numbers, by register and number. */
  readonly constants = new Map<string, Uint8Array>();

  private constructor(private readonly isa: Isa) {}

  static in(isa: Isa): QuickForms {
    let forms = formsByIsa.get(isa);
    if (!forms) {
      forms = new QuickForms(isa);
      formsByIsa.set(isa, forms);
    }
    return forms;
  }

  /** The forms of a mnemonic that the ISA has, none for an unknown one. */
  of(mnemonic: string): readonly QuickForm[] {
    let forms = this.known.get(mnemonic);
    if (!forms) {
      forms =
        mnemonic === 'unimp'
          ? []
          : formsOf(mnemonic)
              .filter((form) => this.has(form))
              .map((form) => this.make(form));
      if (forms.length > 0) this.known.set(mnemonic, forms);
    }
    return forms;
  }

  private has(form: Form): boolean {
    return form.kind === 'macro' || isIn(this.isa, rowOf(form.meaning));
  }

  private make(form: Form): QuickForm {
    const general: GeneralForm = { kind: 'general', operands: new Uint8Array(form.operands.length) };
    if (form.kind === 'single') return this.single(form) ?? general;
    if (form.steps !== 'loadImmediate') return this.pair(form, form.steps) ?? general;
    const [small, upper, word] = [this.compressor('addi', ['c.li']), this.compressor('lui'), this.compressor('addiw')];
    return { kind: 'constant', operands: Uint8Array.of(wants.register, wants.constant), small, upper, word };
  }

  private compressor(mnemonic: BaseMnemonic, among?: readonly Mnemonic[]): Compressor | undefined {
    return this.isa.has('C') ? compressorOf(mnemonic, among, this.isa) : undefined;
  }

  private single({ meaning, operands, fixed, compressed }: SingleForm): QuickSingle | undefined {
    const row = rowOf(meaning);
    if (row.expandsTo || row.nonzero) return undefined;
    const wanted = operands.map((kind) => wantOf(operandKinds[kind]));
    const immediateOf = row.operands.map((kind) => operandKinds[kind]).find(hasImmediate);
    const placement = immediateOf ? placementOf(immediateOf) : placements.none;
    const isGiven = operands.some((kind) => hasImmediate(operandKinds[kind]));
    if (wanted.includes(undefined) || placement === undefined || (isGiven && fixed.immediate !== undefined)) return undefined;
    const { rd = 0, rs1 = 0, rs2 = 0, immediate = 0, ...others } = fixed;
    if (Object.keys(others).some((field) => field.startsWith('f'))) return undefined;
    const isPacked = row.packed !== undefined;
    return {
      kind: 'single',
      operands: Uint8Array.from(wanted as number[]),
      registers: Uint8Array.from(operands, (kind) => slotsOf(operandKinds[kind], row)),
      match: encode(meaning, isPacked ? { ...others, immediate } : others),
      rd,
      rs1,
      rs2,
      immediate: isPacked ? 0 : immediate,
      placement,
      minimum: immediateOf?.range.minimum ?? 0,
      maximum: immediateOf?.range.maximum ?? 0,
      compressor: this.compressor(meaning as BaseMnemonic, compressed),
      isJump: meaning === 'jal',
      modifiers: modifiersOf(row.operands.find((kind) => hasImmediate(operandKinds[kind]))),
    };
  }

  private pair({ name, operands }: MacroForm, steps: readonly MacroStep[]): QuickPair | undefined {
    const [first, second] = steps;
    if (first?.immediate !== '%pcrel_hi' || !second || steps.length !== 2 || name.startsWith('la.')) return undefined;
    const factors = (step: MacroStep) =>
      Float64Array.from(operands, (operand) => {
        let factor = 0;
        for (const field of registerFields) if (step[field] === operand) factor += 2 ** lowOf[field];
        return factor;
      });
    const numbers = (step: MacroStep): Operands =>
      Object.fromEntries(registerFields.flatMap((field) => (typeof step[field] === 'number' ? [[field, step[field]]] : [])));
    const wanted = { symbol: wants.symbol, frd: wants.floatRegister, frs2: wants.floatRegister, constant: wants.constant };
    return {
      kind: 'pair',
      operands: Uint8Array.from(operands, (operand) => wanted[operand as keyof typeof wanted] ?? wants.register),
      first: encode(first.mnemonic, numbers(first)),
      second: encode(second.mnemonic, numbers(second)),
      firstFactors: factors(first),
      secondFactors: factors(second),
      fixup: pairKind(second.mnemonic),
      name,
    };
  }
}

const formsByIsa = new WeakMap<Isa, QuickForms>();

const registerFields = ['rd', 'rs1', 'rs2', 'frd', 'frs2'] as const;
const lowOf = { rd: 7, rs1: 15, rs2: 20, frd: 7, frs2: 20 } as const;

function wantOf(operand: Operand): number | undefined {
  switch (operand.syntax) {
    case 'register':
    case 'float register':
      if (operand.bits !== 5 || operand.except !== undefined) return undefined;
      return operand.syntax === 'register' ? wants.register : wants.floatRegister;
    case 'address':
      return wants.address;
    case 'memory':
      return wants.memory;
    case 'value':
      return wants.immediate;
    case 'upper':
      return wants.upper;
    case 'target':
      return wants.target;
    default:
      return undefined;
  }
}

function hasImmediate(operand: Operand): operand is ImmediateOperand | MemoryOperand {
  return ['memory', 'value', 'upper', 'target'].includes(operand.syntax);
}

/** How the immediate stands in the word; undefined where it is otherwise than those of most instructions. */
function placementOf({ syntax, pieces }: ImmediateOperand | MemoryOperand): number | undefined {
  if (syntax === 'target') return placements.none;
  if (syntax === 'upper') return placements.upper;
  const first = pieces[0]!;
  const second = pieces[1];
  if (!second) return first[1] === 20 && first[2] === 0 ? placements.high : undefined;
  return first[1] === 25 && second[1] === 7 ? placements.store : undefined;
}

/** The slots of the word that the register of an operand goes to. */
function slotsOf(operand: Operand, row: InstructionRow): number {
  const fields = registerOf(operand)?.fields ?? [];
  let bits = 0;
  for (const kind of row.operands) {
    const taken = registerOf(operandKinds[kind]);
    if (taken?.fields.some((field) => fields.includes(field))) bits |= 1 << slots.indexOf(taken.low);
  }
  return bits;
}

function registerOf(operand: Operand): RegisterOperand | undefined {
  if (operand.syntax === 'memory') return operand.base;
  return 'fields' in operand ? operand : undefined;
}
