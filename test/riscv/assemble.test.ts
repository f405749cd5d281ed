import assert from 'node:assert/strict';
import { aliases, exactConversions } from '../../riscv/aliases';
import { compress } from '../../riscv/compress';
import { encode, type Operands, operandProblem } from '../../riscv/encode';
import { lengthOf } from '../../riscv/instruction-row';
import { type BaseMnemonic, instructionTable, type Mnemonic, rowOf } from '../../riscv/instruction-table';
import { generalIsa, type Isa, isaName, isIn, parseIsa, wholeIsa } from '../../riscv/isa-string';
import type { OperandKind } from '../../riscv/operands';
import { requireTools } from '../support/tools';
import { clangAssemble, clangTools, gnuArch, gnuAssemble, gnuTools } from './gnu';
import { combinations } from './operand-texts';

interface Case {
  readonly text: string;
  readonly mnemonic: Mnemonic;
  readonly operands: Operands;
  readonly compressed?: readonly Mnemonic[] | undefined;
}

const gnuIsa = parseIsa(gnuArch);
const uncompressed = parseIsa('rv64g');
/** The table's extensions as clang names them. */
const wholeArch = isaName(wholeIsa).toLowerCase();

describe('encode and compress', () => {
  it('make of every row what GNU as makes of it without compression', function () {
    requireTools(this, ...gnuTools);
    compare(rowCases('base'), false);
  });

  it('make of every row what GNU as makes of it with compression', function () {
    requireTools(this, ...gnuTools);
    compare(rowCases('base'), true);
  });

  it('make of every compressed row what GNU as makes of it', function () {
    requireTools(this, ...gnuTools);
    compare(rowCases('compressed'), true);
  });

  for (const compressing of [false, true]) {
    it(`make of every alias what GNU as makes of it ${compressing ? 'with' : 'without'} compression`, function () {
      requireTools(this, ...gnuTools);
      compare(aliasCases(compressing), compressing);
    });
  }

  it('make of every row that binutils does not know what clang makes of it', function () {
    requireTools(this, ...clangTools);
    const cases = instructionTable
      .filter((row) => !isIn(gnuIsa, row))
      .flatMap((row) => casesOf(row.mnemonic, row.operands, row.mnemonic, {}, 1200));
    assert.ok(cases.length > 1000);
    compareAsWritten(cases);
  });

  it('make of every alias that binutils does not know what clang makes of it', function () {
    requireTools(this, ...clangTools);
    const cases = aliases
      .filter(({ name, meaning }) => /ntl/.test(name) || !isIn(gnuIsa, rowOf(meaning)))
      .flatMap(({ name, operands, meaning, fixed, compressed }) => casesOf(name, operands, meaning, fixed, 300, compressed));
    compareAsWritten(cases);
  });

  it('choose the forms of Zcb that clang chooses', function () {
    requireTools(this, ...clangTools);
    const compressible = new Set(instructionTable.filter((row) => row.extension === 'Zcb').map((row) => row.expandsTo));
    const rows = [...compressible].map((mnemonic) => rowOf(mnemonic!));
    const shown = aliases.filter(({ name }) => name === 'not' || name === 'zext.b' || name === 'zext.w');
    const cases = [
      ...rows.flatMap((row) => casesOf(row.mnemonic, row.operands, row.mnemonic, {}, 1200)),
      ...shown.flatMap(({ name, operands, meaning, fixed, compressed }) => casesOf(name, operands, meaning, fixed, 300, compressed)),
      // Where clang goes by the instruction, GNU as goes by the name: only `not` and `zext.w` are compressed.
    ].filter(({ text, operands }) => !/^xori .*-1$|^add.uw .*zero$/.test(text) || operands.rd !== operands.rs1);
    compareWords(cases, clangAssemble(`.option rvc\n${cases.map(({ text }) => text).join('\n')}`, wholeArch), wholeIsa);
  });
});

function compare(cases: readonly Case[], compressing: boolean): void {
  const source = `.option ${compressing ? 'rvc' : 'norvc'}\n${cases.map(({ text }) => text).join('\n')}`;
  compareWords(cases, gnuAssemble(source, gnuArch), compressing ? generalIsa : uncompressed);
}

/** Without choosing compressed forms; clang does not take back all of `.option norvc`, so compressed ones come in a source of their own. */
function compareAsWritten(cases: readonly Case[]): void {
  for (const option of ['rvc', 'norvc'] as const) {
    const some = cases.filter(({ mnemonic }) => lengthOf(rowOf(mnemonic)) === (option === 'rvc' ? 2 : 4));
    const source = `.option ${option}\n${some.map(({ text }) => text).join('\n')}`;
    if (some.length > 0) compareWords(some, clangAssemble(source, wholeArch), uncompressed);
  }
}

function compareWords(cases: readonly Case[], theirs: Buffer, isa: Isa): void {
  let offset = 0;
  const differences: string[] = [];
  for (const { text, mnemonic, operands, compressed } of cases) {
    const form = lengthOf(rowOf(mnemonic)) === 4 ? compress(mnemonic as BaseMnemonic, operands, compressed, isa) : undefined;
    const ours = form ? encode(form.mnemonic, form.operands) : encode(mnemonic, operands);
    const length = (theirs[offset]! & 3) === 3 ? 4 : 2;
    const word = theirs.readUIntLE(offset, length);
    if (word !== ours) differences.push(`${text}: ours ${ours.toString(16)}, theirs ${word.toString(16)}`);
    offset += length;
  }
  assert.deepEqual(differences.slice(0, 20), [], `${differences.length} differences`);
  assert.equal(offset, theirs.length);
}

function rowCases(which: 'base' | 'compressed'): Case[] {
  return instructionTable
    .filter((row) => isIn(gnuIsa, row) && lengthOf(row) === (which === 'compressed' ? 2 : 4) && !exactConversions.has(row.mnemonic))
    .flatMap((row) => casesOf(row.mnemonic, row.operands, row.mnemonic, {}, 1200))
    .filter(({ mnemonic, operands }) => which === 'base' || isWritable(mnemonic, operands));
}

function aliasCases(compressing: boolean): Case[] {
  return aliases
    .filter(({ name, use, meaning }) => {
      const row = rowOf(meaning);
      return use !== 'disassembly' && isIn(gnuIsa, row) && !/ntl/.test(name) && (compressing || lengthOf(row) === 4);
    })
    .flatMap(({ name, operands, meaning, fixed, compressed }) => casesOf(name, operands, meaning, fixed, 300, compressed))
    .filter(({ text }) => !compressing || text !== 'unimp');
}

function casesOf(
  name: string,
  kinds: readonly OperandKind[],
  mnemonic: Mnemonic,
  fixed: Operands,
  limit: number,
  compressed?: readonly Mnemonic[],
): Case[] {
  return combinations(kinds, limit)
    .map(({ text, operands }) => ({ text: `${name} ${text}`.trim(), mnemonic, operands: { ...operands, ...fixed }, compressed }))
    .filter(({ operands }) => !operandProblem(rowOf(mnemonic), operands));
}

/** GNU as refuses these when they are written with an operand 0: it has other names for them. */
const notWrittenWithZero: ReadonlySet<Mnemonic> = new Set<Mnemonic>(['c.nop', 'c.slli', 'c.srli', 'c.srai']);

function isWritable(mnemonic: Mnemonic, operands: Operands): boolean {
  return !(notWrittenWithZero.has(mnemonic) && !operands.immediate);
}
