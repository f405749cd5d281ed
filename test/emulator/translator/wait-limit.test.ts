import assert from 'node:assert/strict';
import { Interrupted, WaitLimit } from '../../../emulator/translator/wait-limit';
import { Pair } from './pair';

/** Blocks after which the limit has asked whether the host wants the machine. */
const soon = 100;
const loop = `
        .globl _start
_start: li s0, 2000
again:  ${Array.from({ length: 40 }, (_, index) => `beq s0, x0, over${index}\n        addi a0, a0, ${index}\nover${index}:`).join('\n')}
        addi s0, s0, -1
        bnez s0, again
        ebreak
`;
/** A loop of more instructions than a region has. */
const longLoop = `
        .globl _start
_start: li s0, 2000
again:  ${'addi a0, a0, 1\n        xor a1, a1, a0\n        '.repeat(300)}
        addi s0, s0, -1
        bnez s0, again
        ebreak
`;

describe('the limit of waiting for the translator', () => {
  it('is none without a deadline', () => {
    const limit = new WaitLimit();
    limit.run(false, () => true);
    assert.equal(limit.instructions, Number.POSITIVE_INFINITY);
    for (let count = 0; count < soon; count += 1) limit.breathe();
  });

  it('follows what translating has taken', () => {
    const limit = new WaitLimit();
    limit.run(true, undefined);
    const atFirst = limit.instructions;
    for (let count = 0; count < 10; count += 1) limit.took(1, 500);
    const fast = limit.instructions;
    assert.ok(fast > 2 * atFirst && fast <= 5000, `${fast} of ${atFirst}`);
    for (let count = 0; count < 10; count += 1) limit.took(50, 500);
    assert.ok(limit.instructions < atFirst && limit.instructions > 0);
  });

  it('is little changed by what took very long once', () => {
    const limit = new WaitLimit();
    limit.run(true, undefined);
    const atFirst = limit.instructions;
    limit.took(10_000, 50);
    assert.ok(limit.instructions > atFirst / 2, `${limit.instructions} of ${atFirst}`);
  });

  it('is the host that interrupts, and a time once it did that often', () => {
    const limit = new WaitLimit();
    let wanted = false;
    limit.run(true, () => wanted);
    assert.equal(limit.instructions, Number.POSITIVE_INFINITY);
    const write = () => {
      for (let count = 0; count < soon; count += 1) limit.breathe();
    };
    write();
    wanted = true;
    assert.throws(write, Interrupted);
    assert.equal(limit.instructions, Number.POSITIVE_INFINITY);
    while (limit.interruptions < 8) assert.throws(write, Interrupted);
    assert.ok(limit.instructions < 10_000);
  });
});

describe('a region that the host has to wait for', () => {
  it('is shorter than others', () => {
    const bytesWith = (options: { readonly deadline?: number }): number => {
      const pair = new Pair(longLoop, { hotAfter: 20 });
      while (pair.ours.statistics.translated === 0) assert.equal(pair.run(1000, options).kind, 'budget');
      return pair.ours.statistics.bytes;
    };
    const [short, long] = [bytesWith({ deadline: Number.MAX_VALUE }), bytesWith({})];
    assert.ok(short < long * 0.75, `${short} of ${long} bytes`);
  });
});

describe('a run that the host wants to end', () => {
  it('ends long before its budget and its deadline, having executed something each time', () => {
    const { ours } = new Pair('.globl _start\n_start: addi a0, a0, 1\n        j _start\n');
    for (let count = 0; count < 20; count += 1) {
      const before = ours.instret;
      assert.deepEqual(
        ours.run(2 ** 31 - 1, Number.MAX_VALUE, () => true),
        { kind: 'budget' },
      );
      assert.ok(ours.instret > before && ours.instret - before < 2 ** 28, `${ours.instret - before} instructions`);
    }
  });

  it('goes on to its budget without a deadline', () => {
    const { ours } = new Pair('.globl _start\n_start: addi a0, a0, 1\n        j _start\n');
    ours.run(100_000_000, undefined, () => true);
    assert.equal(ours.instret, 100_000_000n);
  });
});

describe('translating that the host interrupts', () => {
  it('leaves the program to the interpreter, and is done when the host lets it', () => {
    const pair = new Pair(loop, { hotAfter: 20 });
    let asked = 0;
    pair.run(50_000, {
      deadline: Number.MAX_VALUE,
      isWanted: () => {
        asked += 1;
        return true;
      },
    });
    assert.ok(asked > 1, `asked ${asked} times`);
    assert.equal(pair.ours.statistics.translated, 0);
    while (pair.run(10_000, { deadline: Number.MAX_VALUE, isWanted: () => false }).kind === 'budget');
    assert.ok(pair.ours.statistics.translated > 0);
  });
});
