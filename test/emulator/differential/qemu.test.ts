import assert from 'node:assert/strict';
import { type InstructionRow, instructionTable, type Mnemonic } from '../../../riscv/instruction-table';
import { Random } from '../../support/random';
import { requireTools } from '../../support/tools';
import type { VariantSource } from './case-program';
import { makeContents } from './contents';
import { explain } from './explain';
import { casesPerVariant } from './layout';
import { comparedRows, makeSequence, makeVariant, notCompared } from './random-variants';
import { type Comparison, compare } from './run-both';
import { shrink } from './shrink';

const variantsPerRow = 16;
const sequences = 400;

describe('every instruction beside qemu-riscv64', () => {
  let comparison: Comparison;

  before(function () {
    this.timeout(600_000);
    requireTools(this, 'qemu-riscv64');
    const random = new Random(20);
    const rows = comparedRows.flatMap((row): VariantSource[] =>
      Array.from({ length: variantsPerRow }, () => (jumpBase: number) => makeVariant(row, random, jumpBase)),
    );
    const mixed = Array.from({ length: sequences }, (): VariantSource => () => makeSequence(random));
    const contents = Array.from({ length: casesPerVariant }, () => makeContents(random));
    comparison = compare([...rows, ...mixed], contents);
  });

  it('has been executed at least 1000 times, whatever its row', () => {
    const executed = new Map<InstructionRow<Mnemonic>, number>();
    for (const [{ row }, cases] of comparison.executed) if (row) executed.set(row, (executed.get(row) ?? 0) + cases);
    const rows = instructionTable.filter(({ mnemonic }) => !notCompared.has(mnemonic));
    assert.deepEqual(
      rows.filter((row) => (executed.get(row) ?? 0) < 1000).map(({ mnemonic }) => `${mnemonic}: ${executed.get(mnemonic as never) ?? 0}`),
      [],
    );
  });

  it('leaves the same state, alone and in sequences', () => {
    const { differences } = comparison;
    const names = [...new Set(differences.map(({ variant }) => variant.row?.mnemonic ?? 'a sequence'))];
    assert.equal(
      differences.length,
      0,
      differences.length === 0 ? '' : `${names.join(', ')} differ. One of them:\n${explain(shrink(differences[0]!))}`,
    );
  });
});
