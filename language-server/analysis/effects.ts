import type { Token } from '../../program/assembler/lexer';
import type { Statement } from '../../program/assembler/statement';
import { findRow } from '../../riscv/instruction-table';
import { operandKinds } from '../../riscv/operands';
import { type Form, formsOf } from '../../riscv/pseudo-instructions';
import { type OperandSlot, operandSlots } from '../document/operand-slots';
import { operationOf } from '../document/parsed-line';
import { type Transfer, transferOf } from '../knowledge/control-flow';
import { registerNamed } from '../knowledge/registers';
import { numberOf } from '../workspace/constant-value';
import { none, type RegisterSet, setOf, union } from './register-set';

/** A load or store as it is written: `sd ra, 8(sp)`. */
export interface MemoryAccess {
  readonly kind: 'load' | 'store';
  /** The numbered name of the base register; undefined where a symbol is accessed. */
  readonly base: string | undefined;
  /** Undefined where it is no plain number. */
  readonly offset: number | undefined;
  readonly symbol: string | undefined;
  /** The register that is loaded or stored, by its numbered name. */
  readonly register: string | undefined;
  /** Bytes. */
  readonly width: number;
}

/** What one instruction does to registers, memory and the flow of control. */
export interface Effects {
  readonly mnemonic: string;
  readonly reads: RegisterSet;
  readonly writes: RegisterSet;
  readonly transfer: Transfer | undefined;
  /** The label that a branch, jump or call names. */
  readonly target: Token | undefined;
  readonly access: MemoryAccess | undefined;
  /** The number that the last operand is. */
  readonly immediate: number | undefined;
  /** Whether it copies one register to another. */
  readonly isCopy: boolean;
  /** Whether it does nothing but to write its registers. */
  readonly isPure: boolean;
}

/** The effects of an instruction; undefined for what the table does not tell: macros, other extensions, wrong operands. */
export function effectsOf(statement: Statement): Effects | undefined {
  const mnemonic = operationOf(statement);
  if (mnemonic === undefined) return undefined;
  const slots = operandSlots(statement.operands, 0, 0);
  const form = formsOf(mnemonic).find((each) => each.operands.length === slots.length && fits(each, slots));
  if (!form) return undefined;
  const { reads, writes } = form.kind === 'single' ? ofSingle(form, slots) : ofMacro(form, slots);
  const transfer = transferOf(mnemonic, statement.operands);
  const access = accessOf(form, slots);
  const isPure = !transfer && access?.kind !== 'store' && !hasOtherEffects(form);
  const number = slots.length > 0 ? numberOf(slots.at(-1)!.tokens, () => undefined) : undefined;
  return {
    mnemonic,
    reads,
    writes,
    transfer,
    target: transfer && targetOf(slots),
    access,
    immediate: number === undefined ? undefined : Number(number),
    isCopy: /^(?:(?:c\.)?mv|move|fmv\.[sdh])$/.test(mnemonic) || (mnemonic === 'addi' && number === 0n),
    isPure,
  };
}

function fits(form: Form, slots: readonly OperandSlot[]): boolean {
  return slots.every(({ tokens }, index) => {
    const register = tokens.length === 1 ? nameOf(tokens[0]) : undefined;
    if (form.kind === 'macro') {
      const kind = form.operands[index]!;
      return (kind !== 'symbol' && kind !== 'constant') === (register !== undefined);
    }
    const operand = operandKinds[form.operands[index]!];
    if (operand.syntax === 'register') return register?.startsWith('x') ?? false;
    if (operand.syntax === 'float register') return register?.startsWith('f') ?? false;
    const inParentheses =
      tokens.length >= 3 && tokens.at(-1)?.text === ')' && nameOf(tokens.at(-2)) !== undefined && tokens.at(-3)?.text === '(';
    return operand.syntax === 'memory' || operand.syntax === 'address' ? inParentheses : register === undefined && !inParentheses;
  });
}

function ofSingle(form: Form & { kind: 'single' }, slots: readonly OperandSlot[]): { reads: RegisterSet; writes: RegisterSet } {
  const row = findRow(form.meaning);
  const reads: string[] = [];
  const writes: string[] = [];
  const take = (fields: readonly string[], name: string | undefined) => {
    if (name === undefined) return;
    for (const field of fields) (isDestination(field) ? writes : reads).push(name);
  };
  for (const [index, kind] of form.operands.entries()) {
    const operand = operandKinds[kind];
    const { tokens } = slots[index]!;
    if (operand.syntax === 'register' || operand.syntax === 'float register') take(operand.fields, nameOf(tokens[0]));
    else if (operand.syntax === 'address') take(operand.fields, nameOf(tokens.at(-2)));
    else if (operand.syntax === 'memory') take(operand.base.fields, nameOf(tokens.at(-2)));
  }
  for (const [field, value] of Object.entries({ ...form.fixed, ...row?.implied })) {
    if (/^f?r(?:d|s[123])$/.test(field)) (isDestination(field) ? writes : reads).push(`${field.startsWith('f') ? 'f' : 'x'}${value}`);
  }
  return { reads: setOf(reads), writes: setOf(writes) };
}

function isDestination(field: string): boolean {
  return field === 'rd' || field === 'frd';
}

function ofMacro(form: Form & { kind: 'macro' }, slots: readonly OperandSlot[]): { reads: RegisterSet; writes: RegisterSet } {
  const named = (operand: string) => {
    const index = (form.operands as readonly string[]).indexOf(operand);
    const name = index < 0 ? undefined : nameOf(slots[index]?.tokens[0]);
    return name === undefined ? none : setOf([name]);
  };
  let writes = union(named('rd'), named('temporary'));
  if (form.name === 'call' && form.operands.length === 1) writes = union(writes, setOf(['x1']));
  if (form.name === 'tail') writes = union(writes, setOf(['x6']));
  const isPlainSource = form.operands.includes('rs2');
  return { reads: isPlainSource ? named('rs2') : none, writes };
}

const widths: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, d: 8 };

function accessOf(form: Form, slots: readonly OperandSlot[]): MemoryAccess | undefined {
  const match = /^(?:c\.)?f?(l|s)([bhwd])u?(?:sp)?$/.exec(form.name);
  if (!match) return undefined;
  const kind = match[1] === 'l' ? 'load' : 'store';
  const width = widths[match[2]!]!;
  const register = nameOf(slots[0]?.tokens[0]);
  const place = slots[1]?.tokens ?? [];
  if (form.kind === 'macro') {
    const symbol = place.length === 1 && place[0]!.kind === 'name' ? place[0]!.text : undefined;
    return { kind, base: undefined, offset: 0, symbol, register, width };
  }
  const offsets = place.slice(0, -3);
  const offset = offsets.length === 0 ? 0n : numberOf(offsets, () => undefined);
  return {
    kind,
    base: nameOf(place.at(-2)),
    offset: offset === undefined ? undefined : Number(offset),
    symbol: undefined,
    register,
    width,
  };
}

/** System instructions, atomics and fences do more than their registers tell. */
function hasOtherEffects(form: Form): boolean {
  if (form.kind === 'macro') return false;
  const extension = findRow(form.meaning)?.extension ?? '';
  if (extension === 'A' || extension.startsWith('Zi') || extension.startsWith('Zic')) return true;
  return /^(?:c\.)?(?:ecall|ebreak|fence|wfi|[msu]ret|sfence|nop|unimp|cbo|prefetch|pause)/.test(form.meaning) || form.name === 'nop';
}

function targetOf(slots: readonly OperandSlot[]): Token | undefined {
  return (
    slots.at(-1)?.tokens.find((token) => (token.kind === 'name' && !registerNamed(token.text)) || token.kind === 'local') ??
    slots.find(({ tokens }) => tokens[0]?.kind === 'name' && !registerNamed(tokens[0].text))?.tokens[0]
  );
}

/** The numbered name of the register that a token is. */
function nameOf(token: Token | undefined): string | undefined {
  return token?.kind === 'name' ? registerNamed(token.text)?.numbered : undefined;
}
