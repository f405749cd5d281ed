import { strict as assert } from 'node:assert';
import { double, half, roundReal, single } from '../../../program/reals/round-real';
import { Random } from '../../support/random';

describe('rounding of decimal numbers', () => {
  it('gives back every number that JavaScript writes', () => {
    const random = new Random(20261125);
    const view = new DataView(new ArrayBuffer(8));
    for (let round = 0; round < 3000; round++) {
      view.setBigUint64(0, random.doubleword());
      const number = view.getFloat64(0);
      if (Number.isFinite(number)) assert.equal(roundReal(String(number), double), view.getBigUint64(0), String(number));
      const short = view.getFloat32(0);
      if (Number.isFinite(short)) assert.equal(roundReal(String(short), single), BigInt(view.getUint32(0)), String(short));
    }
  });

  it('rounds once, and ties to even', () => {
    const cases: [text: string, bits: bigint][] = [
      ['16777217', 0x4b800000n],
      ['16777219', 0x4b800002n],
      // Just above the middle of two floats, and too near to it for a double to tell.
      ['1.00000005960464477539062500001', 0x3f800001n],
      ['1.000000059604644775390625', 0x3f800000n],
      ['7.0064923216240853546186479164496e-46', 1n],
      ['7.0e-46', 0n],
      ['3.4028235677973366e38', 0x7f7fffffn],
      ['-0', 0x80000000n],
    ];
    for (const [text, bits] of cases) assert.equal(roundReal(text, single), bits, text);
    assert.equal(roundReal('9007199254740993', double), 0x4340000000000000n);
    assert.equal(roundReal('65519.99', half), 0x7bffn);
  });

  it('tells what is too large, and what is no number', () => {
    assert.equal(roundReal('65520', half), 'overflow');
    assert.equal(roundReal('1e39', single), 'overflow');
    assert.equal(roundReal(`1e${'9'.repeat(30)}`, double), 'overflow');
    assert.equal(roundReal(`1e-${'9'.repeat(30)}`, double), 0n);
    for (const text of ['', '.', 'e5', '1e', '0x10', '1.2.3', 'one']) assert.equal(roundReal(text, double), undefined, text);
  });
});
