import { strict as assert } from 'node:assert';
import { assemble } from '../../../program/assembler/assemble';
import { exactConversions } from '../../../riscv/aliases';
import { operandProblem } from '../../../riscv/encode';
import { lengthOf } from '../../../riscv/instruction-row';
import { rowOf } from '../../../riscv/instruction-table';
import { type Isa, isaName, isIn, parseIsa, wholeIsa } from '../../../riscv/isa-string';
import { formsOf, mnemonics } from '../../../riscv/pseudo-instructions';
import { clangAssemble, clangTools, gnuArch, gnuAssemble, gnuTools } from '../../riscv/gnu';
import { combinations } from '../../riscv/operand-texts';
import { randomBelow } from '../../support/random';
import { requireTools } from '../../support/tools';
import { readElfFile } from './read-elf';

const gnuIsa = parseIsa(gnuArch);
/** Lines of each form. */
const most = 60;

interface Line {
  readonly text: string;
  readonly length: 2 | 4;
}

/** Lines with every form of the instructions that GNU as knows, or of the others, their operands spread over what they can be. */
function linesOf(knownToGnu: boolean): Line[] {
  const random = randomBelow(20261125);
  const lines: Line[] = [];
  for (const mnemonic of mnemonics) {
    for (const form of formsOf(mnemonic)) {
      if (form.kind !== 'single' || exactConversions.has(form.meaning)) continue;
      const row = rowOf(form.meaning);
      if ((isIn(gnuIsa, row) && !/ntl/.test(form.name)) !== knownToGnu) continue;
      const fitting = combinations(form.operands, 10 * most).filter(({ operands }) => {
        const all = { ...operands, ...form.fixed };
        return !operandProblem(row, all) && !(lengthOf(row) === 2 && refusedByGnu.has(mnemonic) && (all.immediate ?? 0) === 0);
      });
      const chosen = fitting.length <= most ? fitting : Array.from({ length: most }, () => fitting[random(fitting.length)]!);
      for (const { text } of chosen) lines.push({ text: `${form.name} ${text}`.trim(), length: lengthOf(row) });
    }
  }
  return lines;
}

/** GNU as has other names for these where the operand is 0. */
const refusedByGnu: ReadonlySet<string> = new Set(['c.nop', 'c.slli', 'c.srli', 'c.srai']);

function ours(text: string, isa: Isa): Buffer {
  const { image, diagnostics } = assemble([{ path: '/rows.s', text: `.option norelax\n${text}\n` }], { isa });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors.slice(0, 20).map(({ line, message }) => `${text.split('\n')[line - 2]}: ${message}`),
    [],
  );
  return Buffer.from(readElfFile(image!).sections.find(({ name }) => name === '.text')!.bytes);
}

function compare(lines: readonly Line[], option: 'rvc' | 'norvc', isa: Isa, reference: (text: string) => Buffer): void {
  const text = [`.option ${option}`, ...lines.map((line) => line.text)].join('\n');
  const [mine, theirs] = [ours(text, isa), reference(text)];
  const differences: string[] = [];
  let offset = 0;
  for (const line of lines) {
    const length = (theirs[offset]! & 3) === 3 ? 4 : 2;
    const [a, b] = [mine, theirs].map((bytes) => bytes.subarray(offset, offset + length).toString('hex'));
    if (a !== b) differences.push(`${line.text}: ours ${a}, theirs ${b}`);
    offset += length;
  }
  assert.deepEqual(differences.slice(0, 20), [], `${differences.length} differences`);
}

describe('every instruction in every form', () => {
  it('has the bytes of GNU as, with compressed code and without', function () {
    requireTools(this, ...gnuTools);
    const lines = linesOf(true).filter(({ text }) => text !== 'unimp');
    assert.ok(lines.length > 10_000);
    const gnu = (text: string) => gnuAssemble(text, gnuArch);
    compare(lines, 'rvc', gnuIsa, gnu);
    compare(
      lines.filter(({ length }) => length === 4),
      'norvc',
      gnuIsa,
      gnu,
    );
  });

  it('has the bytes of clang for extensions that GNU as 2.40 does not have', function () {
    requireTools(this, ...clangTools);
    const lines = linesOf(false);
    assert.ok(lines.length > 500);
    const clang = (text: string) => clangAssemble(text, isaName(wholeIsa).toLowerCase());
    for (const [option, length] of [
      ['rvc', 2],
      ['norvc', 4],
    ] as const) {
      compare(
        lines.filter((line) => line.length === length),
        option,
        wholeIsa,
        clang,
      );
    }
  });
});
