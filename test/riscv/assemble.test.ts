import assert from 'node:assert/strict';
import { aliases } from '../../riscv/aliases';
import { compress } from '../../riscv/compress';
import { encode, type Operands, operandProblem } from '../../riscv/encode';
import { type BaseMnemonic, instructionTable, type Mnemonic, rowOf } from '../../riscv/instruction-table';
import type { OperandKind } from '../../riscv/operands';
import { requireTools } from '../support/tools';
import { gnuAssemble, gnuTools } from './gnu';
import { combinations } from './operand-texts';

interface Case {
  readonly text: string;
  readonly mnemonic: Mnemonic;
  readonly operands: Operands;
  readonly compressed?: readonly Mnemonic[] | undefined;
}

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
});

function compare(cases: readonly Case[], compressing: boolean): void {
  const source = `.option ${compressing ? 'rvc' : 'norvc'}\n${cases.map(({ text }) => text).join('\n')}`;
  const theirs = gnuAssemble(source);
  let offset = 0;
  const differences: string[] = [];
  for (const { text, mnemonic, operands, compressed } of cases) {
    const form = compressing && rowOf(mnemonic).extension !== 'C' ? compress(mnemonic as BaseMnemonic, operands, compressed) : undefined;
    const ours = form ? encode(form.mnemonic, form.operands) : encode(mnemonic, operands);
    const length = (theirs[offset]! & 3) === 3 ? 4 : 2;
    const word = theirs.readUIntLE(offset, length);
    if (word !== ours) differences.push(`${text}: ours ${ours.toString(16)}, GNU ${word.toString(16)}`);
    offset += length;
  }
  assert.deepEqual(differences.slice(0, 20), [], `${differences.length} differences`);
  assert.equal(offset, theirs.length);
}

function rowCases(which: 'base' | 'compressed'): Case[] {
  return instructionTable
    .filter((row) => (row.extension === 'C') === (which === 'compressed'))
    .flatMap((row) => casesOf(row.mnemonic, row.operands, row.mnemonic, {}, 1200))
    .filter(({ mnemonic, operands }) => which === 'base' || isWritable(mnemonic, operands));
}

function aliasCases(compressing: boolean): Case[] {
  return aliases
    .filter(({ use, meaning }) => use !== 'disassembly' && (compressing || rowOf(meaning).extension !== 'C'))
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
