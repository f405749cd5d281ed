import { equal } from 'node:assert/strict';
import { pageSize } from '../../../emulator/linear-memory';
import { StepCache } from '../../../emulator/translator/step-cache';
import { decoderFor } from '../../../riscv/decode';
import { wholeIsa } from '../../../riscv/isa-string';

const addi = 0x0010_0093;
const sub = 0x4020_80b3;
/** An instruction of four bytes that begins in the last two of the first page. */
const crossing = pageSize - 2;

describe('the steps that are known', () => {
  for (const { title, writable, change, expected } of [
    { title: 'stay, where the program cannot write', writable: [], change: 'none', expected: 'addi' },
    { title: 'are fetched again, where the program can write', writable: [0], change: 'none', expected: 'sub' },
    { title: 'are fetched again, where it can write to their second half', writable: [1], change: 'none', expected: 'sub' },
    { title: 'are forgotten with their first half', writable: [], change: [crossing, pageSize], expected: 'sub' },
    { title: 'are forgotten with their second half', writable: [], change: [pageSize, pageSize + 1], expected: 'sub' },
    { title: 'are forgotten with very many pages', writable: [], change: [0, 1000 * pageSize], expected: 'sub' },
    { title: 'stay where others change', writable: [], change: [pageSize + 2, 4 * pageSize], expected: 'addi' },
  ] as const) {
    it(title, () => {
      let word = addi;
      const decode = decoderFor(wholeIsa);
      const steps = new StepCache({
        fetchWord: () => word,
        instructionOf: (one) => decode(one),
        isWritable: (offset) => (writable as readonly number[]).includes(offset / pageSize),
      });
      steps.look();
      equal(steps.at(crossing)?.instruction.meaning, 'addi');
      word = sub;
      if (change !== 'none') steps.changed(change[0], change[1]);
      equal(steps.at(crossing)?.instruction.meaning, change === 'none' ? 'addi' : expected);
      steps.look();
      equal(steps.at(crossing)?.instruction.meaning, expected);
    });
  }
});
