import assert from 'node:assert/strict';
import { assembleLine } from '../../../program/assembler/assemble-line';

const lines = [
  { text: 'addi a0, a0, 1', bytes: '0505', isFinal: true },
  { text: 'li a0, 0x12345678', bytes: '375534121b058567', isFinal: true },
  { text: 'j elsewhere', bytes: '6f000000', isFinal: false },
  { text: 'jal t0, elsewhere', bytes: 'ef020000', isFinal: false },
  { text: 'beqz a0, 1f', bytes: '63000500', isFinal: false },
  { text: 'bgt a0, a1, elsewhere', bytes: '63c0a500', isFinal: false },
  { text: 'call elsewhere', bytes: '97000000e7800000', isFinal: false },
  { text: '1: j 1b', bytes: '01a0', isFinal: false },
  { text: '.byte 1, 2', bytes: '0102', isFinal: true },
  { text: '# nothing', bytes: '', isFinal: true },
];

describe('one line by itself', () => {
  for (const { text, bytes, isFinal } of lines) {
    it(`is ${bytes || 'nothing'}: ${text}`, () => {
      const code = assembleLine(text);
      assert.equal(Buffer.from(code.bytes).toString('hex'), bytes);
      assert.equal(code.isFinal, isFinal);
      assert.deepEqual(code.diagnostics, []);
    });
  }
});
