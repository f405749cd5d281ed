import type { BaseMnemonic } from '../../../riscv/instruction-table';
import { Random } from '../../support/random';
import { CaseRunner, computingRows } from './cases';

const casesPerRow = 2000;

describe('floating-point instructions beside exact arithmetic on rationals', () => {
  const runner = new CaseRunner(new Random(30));
  for (const { mnemonic, operands } of computingRows) {
    it(mnemonic, () => runner.run(mnemonic as BaseMnemonic, operands, casesPerRow));
  }
});
