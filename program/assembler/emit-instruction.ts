import { compress, compressorOf } from '../../riscv/compress';
import { encode, type Operands } from '../../riscv/encode';
import { type BaseMnemonic, type Mnemonic, rowOf } from '../../riscv/instruction-table';
import { loadImmediate } from '../../riscv/load-immediate';
import type { Form } from '../../riscv/pseudo-instructions';
import { SourceError, type Span } from './diagnostics';
import { knownNumber } from './evaluate';
import type { Expression } from './expression';
import type { FixupKind } from './fixups';
import type { ParsedOperand } from './instruction-operands';
import { BranchFragment } from './section';
import type { SourceAssembler } from './source-assembler';

export type SingleForm = Form & { kind: 'single' };
export type MacroForm = Form & { kind: 'macro' };

/** Appends one instruction, in 2 bytes where GNU as does so. */
export function emitSingle(source: SourceAssembler, mnemonic: Mnemonic, operands: Operands, among?: readonly Mnemonic[]): void {
  const explicit = rowOf(mnemonic).expandsTo !== undefined;
  const mayCompress = !explicit && source.options.hasCompressed;
  const compressed = mayCompress ? compress(mnemonic as BaseMnemonic, operands, among, source.options.state.isa) : undefined;
  if (compressed) append(source, encode(compressed.mnemonic, compressed.operands), 2);
  else append(source, encode(mnemonic, operands), explicit ? 2 : 4);
}

export function append(source: SourceAssembler, word: number, size: 2 | 4): void {
  const { section } = source;
  section.begin('code');
  source.lines.instruction(section);
  if (size === 2) section.fixed.append16(word);
  else section.fixed.append32(word);
}

export function emitLate(source: SourceAssembler, form: SingleForm, operands: Operands, late: NonNullable<ParsedOperand['late']>): void {
  if (rowOf(form.meaning).expandsTo) throw new SourceError(late.span, 'this operand must be a number that is known at this line');
  const word = encode(form.meaning, operands);
  const { section } = source;
  section.fixups.push({ kind: late.kind, place: section.here(), size: 0, expression: late.expression, span: late.span });
  append(source, word, 4);
}

/** Appends a branch or jump whose length the layout decides. */
export function emitBranch(source: SourceAssembler, form: SingleForm, operands: Operands, target: Expression, span: Span): void {
  const row = rowOf(form.meaning);
  const base = row.expandsTo ?? (form.meaning as BaseMnemonic);
  const word = encode(base, { ...operands, immediate: 0 });
  let short = 0;
  if (row.expandsTo) short = encode(form.meaning, operands);
  else if (source.options.hasCompressed) {
    const { rd = 0, rs1 = 0, rs2 = 0 } = operands;
    short = compressorOf(base, form.compressed, source.options.state.isa).encode(rd, rs1, rs2, 0);
  }
  emitBranchWords(source, word, short, base === 'jal', target, span);
}

/** The same, encoded already; `short` is the form in 2 bytes, 0 where there is none. */
export function emitBranchWords(
  source: SourceAssembler,
  word: number,
  short: number,
  isJump: boolean,
  target: Expression,
  span: Span,
): void {
  const { section } = source;
  section.begin('code');
  source.lines.instruction(section);
  section.fragments.push(new BranchFragment(section.fixed.length, span, word, short, isJump, target));
}

export interface MacroOperands {
  rd: number;
  rs2: number;
  frd: number;
  frs2: number;
  temporary: number;
  symbol: Expression | undefined;
  constant: bigint;
  /** Where the symbol is written. */
  span: Span;
}

export function emitLoadImmediate(source: SourceAssembler, rd: number, value: bigint): void {
  for (const { mnemonic, operands, compressed } of loadImmediate(rd, value)) emitSingle(source, mnemonic, operands, compressed);
}

/** Appends the instructions of a macro; its `%pcrel_hi` and `%pcrel_lo` become fixups. */
export function emitMacro(source: SourceAssembler, form: MacroForm, operands: MacroOperands): void {
  const { section } = source;
  const isAddress = form.name === 'la' || form.name === 'lla';
  const number = isAddress ? knownNumber(operands.symbol!) : undefined;
  if (number !== undefined) {
    // GNU as takes addiw here where `li` takes addi.
    if (BigInt.asIntN(12, number) === number) emitSingle(source, 'addiw', { rd: operands.rd, rs1: 0, immediate: Number(number) }, []);
    else emitLoadImmediate(source, operands.rd, number);
    return;
  }
  const usesTable = form.name === 'la' && source.options.state.pic;
  for (const step of form.steps as Exclude<typeof form.steps, string>) {
    const register = (which: typeof step.rd) => (which === undefined ? 0 : typeof which === 'number' ? which : operands[which]);
    const fields = {
      rd: register(step.rd),
      rs1: register(step.rs1),
      rs2: register(step.rs2),
      frd: register(step.frd),
      frs2: register(step.frs2),
    };
    if (typeof step.immediate === 'number') {
      emitSingle(source, step.mnemonic, { ...fields, immediate: step.immediate });
      continue;
    }
    if (step.immediate === '%pcrel_hi') {
      const second = (form.steps[1] as { mnemonic: BaseMnemonic }).mnemonic;
      const kind = usesTable ? 'got_pair' : (threadKinds[form.name] ?? pairKind(second));
      section.fixups.push({ kind, place: section.here(), size: 0, expression: operands.symbol!, span: operands.span });
    }
    append(source, encode(usesTable && step.immediate === '%pcrel_lo' ? 'ld' : step.mnemonic, fields), 4);
  }
}

const threadKinds: Readonly<Record<string, FixupKind>> = { 'la.tls.ie': 'tls_got_pair', 'la.tls.gd': 'tls_gd_pair' };

export function pairKind(second: BaseMnemonic): FixupKind {
  if (second === 'jalr') return 'call';
  return rowOf(second).format === 'S' ? 'pair_s' : 'pair_i';
}
