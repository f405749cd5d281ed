import { compress, compressorOf } from '../../riscv/compress';
import { encode, type Operands } from '../../riscv/encode';
import { type BaseMnemonic, type Mnemonic, rowOf } from '../../riscv/instruction-table';
import { loadImmediate } from '../../riscv/load-immediate';
import type { MacroStep } from '../../riscv/macros';
import type { Form } from '../../riscv/pseudo-instructions';
import { SourceError, type Span } from './diagnostics';
import { knownNumber } from './evaluate';
import type { Expression } from './expression';
import type { FixupKind } from './fixups';
import type { ParsedOperand } from './instruction-operands';
import { BranchFragment, type CutFragment } from './section';
import type { SourceAssembler } from './source-assembler';

export type SingleForm = Form & { kind: 'single' };
export type MacroForm = Form & { kind: 'macro' };

/** Throws where the section has no bytes that an instruction could be. */
export function requireBits({ section, span }: SourceAssembler): void {
  if (!section.hasBits) throw new SourceError(span, `'${section.name}' holds no bytes in the file: no instruction can be put there`);
}

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

/** Appends an instruction with a field that waits for an address. */
export function appendLate(source: SourceAssembler, word: number, kind: FixupKind, expression: Expression, span: Span): void {
  const cut = note(source, kind, expression, span);
  source.section.fixed.append32(word);
  if (cut) putCut(source, cut);
}

/** Appends an `auipc` and the instruction that adds the lower part. */
export function appendPair(
  source: SourceAssembler,
  first: number,
  second: number,
  kind: FixupKind,
  expression: Expression,
  span: Span,
): void {
  const { fixed } = source.section;
  const cut = note(source, kind, expression, span);
  fixed.append32(first);
  if (cut && kind !== 'call') putCut(source, cut);
  fixed.append32(second);
  if (cut && kind === 'call') putCut(source, cut);
}

/** Notes what the instruction at the end of the section waits for; gives the fragment to put behind it where the linker may shorten it. */
function note(source: SourceAssembler, kind: FixupKind, expression: Expression, span: Span): CutFragment | undefined {
  const { section } = source;
  section.begin('code');
  source.lines.instruction(section);
  const fixup = { kind, place: section.here(), size: 0, expression, span };
  if (!source.mayRelax || !relaxableKinds.has(kind)) {
    section.fixups.push(fixup);
    return undefined;
  }
  const cut: CutFragment | undefined = lowerParts.has(kind) ? undefined : { kind: 'cut', offset: 0, size: 0, span };
  section.fixups.push({ ...fixup, relaxable: cut ?? true });
  return cut;
}

function putCut({ section }: SourceAssembler, cut: CutFragment): void {
  cut.offset = section.fixed.length;
  section.fragments.push(cut);
}

const lowerParts: ReadonlySet<FixupKind> = new Set([
  'lo12_i',
  'lo12_s',
  'pcrel_lo12_i',
  'pcrel_lo12_s',
  'tprel_lo12_i',
  'tprel_lo12_s',
] as const);

/** Those to which GNU as adds R_RISCV_RELAX (tc-riscv.c, md_apply_fix). */
const relaxableKinds: ReadonlySet<FixupKind> = new Set([
  ...lowerParts,
  'hi20',
  'pcrel_hi20',
  'tprel_hi20',
  'tprel_add',
  'call',
  'pair_i',
  'pair_s',
] as const);

export function emitLate(source: SourceAssembler, form: SingleForm, operands: Operands, late: NonNullable<ParsedOperand['late']>): void {
  if (rowOf(form.meaning).expandsTo) throw new SourceError(late.span, 'this operand must be a number that is known at this line');
  appendLate(source, encode(form.meaning, operands), late.kind, late.expression, late.span);
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
  const isAddress = form.name === 'la' || form.name === 'lla';
  const number = isAddress ? knownNumber(operands.symbol!) : undefined;
  if (number !== undefined) {
    // GNU as takes addiw here where `li` takes addi.
    if (BigInt.asIntN(12, number) === number) emitSingle(source, 'addiw', { rd: operands.rd, rs1: 0, immediate: Number(number) }, []);
    else emitLoadImmediate(source, operands.rd, number);
    return;
  }
  const usesTable = form.name === 'la' && source.options.state.pic;
  const steps = form.steps as Exclude<typeof form.steps, string>;
  const [first, second] = steps.map((step) => ({ mnemonic: step.mnemonic, fields: fieldsOf(step, operands) }));
  if (steps[0]!.immediate === '%pcrel_hi') {
    const mnemonic = usesTable ? 'ld' : second!.mnemonic;
    const kind = usesTable ? 'got_pair' : (threadKinds[form.name] ?? pairKind(second!.mnemonic));
    const words = [encode(first!.mnemonic, first!.fields), encode(mnemonic, second!.fields)] as const;
    appendPair(source, ...words, kind, operands.symbol!, operands.span);
    return;
  }
  for (const [index, { mnemonic, fields }] of [first!, second!].entries())
    emitSingle(source, mnemonic, { ...fields, immediate: steps[index]!.immediate as number });
}

function fieldsOf({ rd, rs1, rs2, frd, frs2 }: MacroStep, operands: MacroOperands): Operands {
  const register = (which: MacroStep['rd']) => (which === undefined ? 0 : typeof which === 'number' ? which : operands[which]);
  return { rd: register(rd), rs1: register(rs1), rs2: register(rs2), frd: register(frd), frs2: register(frs2) };
}

const threadKinds: Readonly<Record<string, FixupKind>> = { 'la.tls.ie': 'tls_got_pair', 'la.tls.gd': 'tls_gd_pair' };

export function pairKind(second: BaseMnemonic): FixupKind {
  if (second === 'jalr') return 'call';
  return rowOf(second).format === 'S' ? 'pair_s' : 'pair_i';
}
