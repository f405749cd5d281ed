import { csrNumber } from '../../riscv/csrs';
import { floatConstantNumber } from '../../riscv/float-constants';
import { type OperandKind, operandKinds } from '../../riscv/operands';
import { type Form, formsOf } from '../../riscv/pseudo-instructions';
import { roundingModeNumber } from '../../riscv/rounding';
import { registerNamed } from './registers';

/** Whether the assembler knows a mnemonic, in lower case. */
export function isInstruction(name: string): boolean {
  return formsOf(name).length > 0;
}

/**
 * Whether a name that is a whole operand of an instruction is no symbol there: a register, a CSR of an instruction that takes one,
 * a set of a fence. With an empty mnemonic only registers count.
 */
export function isNameOfInstruction(mnemonic: string, name: string): boolean {
  if (registerNamed(name)) return true;
  if (mnemonic === '') return false;
  const syntaxes = syntaxesOf(mnemonic);
  return (
    (syntaxes.has('csr') && csrNumber(name) !== undefined) ||
    (syntaxes.has('set') && /^i?o?r?w?$/.test(name)) ||
    (syntaxes.has('rounding') && roundingModeNumber(name) !== undefined) ||
    (syntaxes.has('float constant') && floatConstantNumber(name) !== undefined)
  );
}

type Syntax = (typeof operandKinds)[OperandKind]['syntax'];

const known = new Map<string, ReadonlySet<Syntax>>();

function syntaxesOf(mnemonic: string): ReadonlySet<Syntax> {
  let syntaxes = known.get(mnemonic);
  if (!syntaxes) {
    syntaxes = new Set(formsOf(mnemonic).flatMap((form) => (form.kind === 'single' ? form.operands.map(syntaxOf) : [])));
    known.set(mnemonic, syntaxes);
  }
  return syntaxes;
}

export function syntaxOf(kind: OperandKind): Syntax {
  return operandKinds[kind].syntax;
}

/** How an operand is written in syntax lines: `rd`, `offset(rs1)`, `target`. */
export function operandNames(form: Form): string[] {
  if (form.kind === 'macro') return [...form.operands];
  return form.operands.map((kind) => shownNames[kind] ?? kind.replace(/^c\./, ''));
}

/** Kinds whose names in the table say more about bits than about what to write. */
const shownNames: Partial<Record<OperandKind, string>> = {
  'load(rs1)': 'offset(rs1)',
  'store(rs1)': 'offset(rs1)',
  branch: 'target',
  jump: 'target',
  'c.branch': 'target',
  'c.jump': 'target',
  upper: 'upper20',
  'c.upper': 'upper6',
  'c.immediate': 'immediate',
  'sp,sp': 'sp',
  'rd=rs1': 'rd',
  "rd'=rs1'": "rd'",
  'rd≠sp': 'rd',
  'c.rs1': 'rs1',
  'c.rs2': 'rs2',
  "c.word(rs1')": "offset(rs1')",
  "c.double(rs1')": "offset(rs1')",
  'c.lwsp(sp)': 'offset(sp)',
  'c.ldsp(sp)': 'offset(sp)',
  'c.swsp(sp)': 'offset(sp)',
  'c.sdsp(sp)': 'offset(sp)',
  'c.addi16sp': 'immediate',
  'c.addi4spn': 'immediate',
  frd: 'rd',
  frs1: 'rs1',
  frs2: 'rs2',
  frs3: 'rs3',
  'frs1=frs2': 'rs1',
  "frd'": "rd'",
  "frs2'": "rs2'",
  'c.frs2': 'rs2',
  rounding: 'rounding mode',
  'towards zero': 'rtz',
  'float constant': 'constant',
  'prefetch(rs1)': 'offset(rs1)',
  "c.byte(rs1')": "offset(rs1')",
  "c.half(rs1')": "offset(rs1')",
  predecessor: 'before',
  successor: 'after',
};
