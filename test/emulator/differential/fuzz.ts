import { parseArgs } from 'node:util';
import { disassembleWord } from '../../../riscv/disassemble';
import { Random } from '../../support/random';
import { makeContents } from './contents';
import { explain } from './explain';
import { casesPerVariant } from './layout';
import { comparedRows, makeChangingSequence, makeSequence, makeVariant } from './random-variants';
import { compare, EndedEarly } from './run-both';
import { shrink } from './shrink';

/**
 * `npm run fuzz -- --minutes N [--seed S]`: compares the machine with qemu-riscv64 on random instructions and sequences until the
 * time is over. A difference is printed as an assembly program and ends it with status 1.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 0x7fff_ffff);
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('usage: npm run fuzz -- --minutes N [--seed S]');

process.exitCode = fuzz() ? 0 : 1;

function fuzz(): boolean {
  const end = performance.now() + minutes * 60_000;
  let cases = 0;
  console.log(`seed ${seed}`);
  for (let round = 0; performance.now() < end; round += 1) {
    const random = new Random(seed + round);
    const rows = Array.from({ length: 300 }, () => random.pick(comparedRows));
    const sources = [
      ...rows.map((row) => (jumpBase: number) => makeVariant(row, random, jumpBase)),
      ...Array.from({ length: 100 }, () => () => makeSequence(random)),
    ];
    const changing = Array.from({ length: 10 }, () => () => makeChangingSequence(random));
    const contents = Array.from({ length: casesPerVariant }, () => makeContents(random));
    try {
      const some = Array.from({ length: 8 }, (_, index) =>
        index % 4 === 0 ? () => makeChangingSequence(random) : () => makeSequence(random),
      );
      const results = [
        compare(sources, contents, 'interpreter'),
        compare(changing, contents, 'interpreter'),
        compare(some, contents, 'translator'),
      ];
      for (const { executed } of results) for (const count of executed.values()) cases += count;
      const differences = results.flatMap((result) => result.differences);
      if (differences[0]) {
        console.log(`seed ${seed + round}: ${differences.length} differ, one of them:\n${explain(shrink(differences[0]))}`);
        return false;
      }
    } catch (error) {
      if (!(error instanceof EndedEarly)) throw error;
      const words = error.variant.steps.flatMap((step) => step.words.map((word) => disassembleWord(word, 0n, { aliases: false }).text));
      console.log(`seed ${seed + round}: ${error.message}, at one of:\n${words.join('\n')}`);
      return false;
    }
  }
  console.log(`${cases} cases, no difference`);
  return true;
}
