import assert from 'node:assert/strict';
import type { InstructionRow, Mnemonic } from '../../../riscv/instruction-table';
import { Random } from '../../support/random';
import { requireTools } from '../../support/tools';
import type { VariantSource } from './case-program';
import { makeContents } from './contents';
import { explain } from './explain';
import { casesPerVariant } from './layout';
import { comparedRows, makeChangingSequence, makeSequence, makeVariant } from './random-variants';
import { type Comparison, compare, type Difference } from './run-both';
import { shrink } from './shrink';
import type { Variant } from './variants';

const variantsPerRow = 16;
const sequences = 400;
const changingSequences = 40;
const translatedSequences = 20;

describe('every instruction beside qemu-riscv64', () => {
  let comparison: Comparison;
  let changing: Comparison;
  let translated: Comparison;

  before(function () {
    // Some 30 seconds of work, on a machine that may have more to do.
    this.timeout(600_000);
    requireTools(this, 'qemu-riscv64');
    const random = new Random(20);
    const rows = comparedRows.flatMap((row): VariantSource[] =>
      Array.from({ length: variantsPerRow }, () => (jumpBase: number) => makeVariant(row, random, jumpBase)),
    );
    const mixed = Array.from({ length: sequences }, (): VariantSource => () => makeSequence(random));
    const contents = Array.from({ length: casesPerVariant }, () => makeContents(random));
    const manySequences = (count: number, make: (random: Random) => Variant): VariantSource[] =>
      Array.from({ length: count }, () => () => make(random));
    comparison = compare([...rows, ...mixed], contents, 'interpreter');
    changing = compare(manySequences(changingSequences, makeChangingSequence), contents, 'interpreter');
    translated = compare(
      [...manySequences(translatedSequences, makeSequence), ...manySequences(4, makeChangingSequence)],
      contents,
      'translator',
    );
  });

  it('has been executed at least 1000 times, whatever its row', () => {
    const executed = new Map<InstructionRow<Mnemonic>, number>();
    for (const [{ row }, cases] of comparison.executed) if (row) executed.set(row, (executed.get(row) ?? 0) + cases);
    assert.deepEqual(
      comparedRows.filter((row) => (executed.get(row) ?? 0) < 1000).map((row) => `${row.mnemonic}: ${executed.get(row) ?? 0}`),
      [],
    );
  });

  it('leaves the same state, alone and in sequences', () => {
    checkNone(comparison.differences);
  });

  it('leaves the same state where code changes itself and fence.i makes it seen', () => {
    checkNone(changing.differences);
  });

  it('leaves the same state where sequences are translated', () => {
    checkNone(translated.differences);
  });
});

function checkNone(differences: readonly Difference[]): void {
  if (differences.length === 0) return;
  const names = [...new Set(differences.map(({ variant }) => variant.row?.mnemonic ?? 'a sequence'))];
  assert.fail(`${differences.length} differ: ${names.join(', ')}. One of them:\n${explain(shrink(differences[0]!))}`);
}
