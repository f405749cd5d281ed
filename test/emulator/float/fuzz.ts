import { parseArgs } from 'node:util';
import { enableMultiplyAdd } from '../../../debug-adapter/node-engine';
import type { BaseMnemonic } from '../../../riscv/instruction-table';
import { Random } from '../../support/random';
import { CaseRunner, computingRows } from './cases';

/**
 * `npm run fuzz:float -- --minutes N [--seed S]`: compares floating-point instructions with exact arithmetic until the time is over. A
 * difference is printed and ends it with status 1.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 0x7fff_ffff);
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('usage: npm run fuzz:float -- --minutes N [--seed S]');

enableMultiplyAdd();
process.exitCode = fuzz() ? 0 : 1;

function fuzz(): boolean {
  const end = performance.now() + minutes * 60_000;
  const casesPerRow = 1000;
  let cases = 0;
  console.log(`seed ${seed}`);
  for (let round = 0; performance.now() < end; round += 1) {
    const runner = new CaseRunner(new Random(seed + round));
    for (const { mnemonic, operands } of computingRows) {
      try {
        runner.run(mnemonic as BaseMnemonic, operands, casesPerRow);
      } catch (error) {
        console.log(`seed ${seed + round}: ${error instanceof Error ? error.message : error}`);
        return false;
      }
      cases += casesPerRow;
    }
  }
  console.log(`${cases} cases, no difference`);
  return true;
}
