import assert from 'node:assert/strict';
import { Interrupted, WaitLimit } from '../../../emulator/translator/wait-limit';
import { Pair } from './pair';

/** Blocks after which the limit has asked whether the host wants the machine. */
const soon = 100;
const loop = (rounds: number) => `
        .globl _start
_start: li s0, ${rounds}
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
    limit.run(Number.POSITIVE_INFINITY, () => true);
    assert.equal(limit.instructions, Number.POSITIVE_INFINITY);
    for (let count = 0; count < soon; count += 1) limit.breathe();
  });

  it('follows what translating has taken', () => {
    const limit = new WaitLimit();
    limit.run(Number.MAX_VALUE, undefined);
    const atFirst = limit.instructions;
    for (let count = 0; count < 10; count += 1) limit.took(1, 500);
    const fast = limit.instructions;
    assert.ok(fast > 2 * atFirst && fast <= 5000, `${fast} of ${atFirst}`);
    for (let count = 0; count < 10; count += 1) limit.took(50, 500);
    assert.ok(limit.instructions < atFirst && limit.instructions > 0);
  });

  it('is little changed by what took very long once', () => {
    const limit = new WaitLimit();
    limit.run(Number.MAX_VALUE, undefined);
    const atFirst = limit.instructions;
    limit.took(10_000, 50);
    assert.ok(limit.instructions > atFirst / 2, `${limit.instructions} of ${atFirst}`);
  });

  it('is the host that interrupts, and a time once it did that often', () => {
    const limit = new WaitLimit();
    let wanted = false;
    limit.run(Number.MAX_VALUE, () => wanted);
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

/** A limit whose clock stands at `time.now`, and what translating does: it begins and finds many blocks. */
function limitWithClock() {
  const time = { now: 0 };
  const limit = new WaitLimit(() => time.now);
  const write = (milliseconds: number): void => {
    limit.begin();
    time.now += milliseconds;
    for (let count = 0; count < soon; count += 1) limit.breathe();
  };
  return { time, limit, write };
}

describe('the time that translating may take', () => {
  const far = 1_000_000;

  it('ends some milliseconds after the deadline where the host cannot tell', () => {
    const { limit, time, write } = limitWithClock();
    limit.run(far, undefined);
    write(far);
    limit.run(time.now + 5, undefined);
    write(10);
    assert.throws(() => write(20), Interrupted);
    assert.equal(limit.interruptions, 1);
  });

  it('is the same for what begins after the deadline', () => {
    const { limit, time, write } = limitWithClock();
    time.now = far;
    limit.run(0, undefined);
    write(5);
    write(5);
    assert.throws(() => write(20), Interrupted);
  });

  it('has no end without a deadline, and where the host can tell', () => {
    for (const [deadline, isWanted] of [
      [Number.POSITIVE_INFINITY, undefined],
      [0, () => false],
    ] as const) {
      const { limit, write } = limitWithClock();
      limit.run(deadline, isWanted);
      write(far);
      assert.equal(limit.interruptions, 0);
    }
  });

  it('becomes longer where it never suffices, until something was translated', () => {
    const { limit, write } = limitWithClock();
    limit.run(0, undefined);
    let tries = 0;
    const give = (): boolean => {
      tries += 1;
      try {
        write(100);
        return true;
      } catch {
        return false;
      }
    };
    while (!give()) assert.ok(tries < 100);
    assert.ok(tries > 10, `${tries} tries`);
    limit.took(100, 100);
    assert.equal(limit.interruptions, 0);
    assert.ok(!give());
  });
});

describe('a region that the host has to wait for', () => {
  it('is shorter than others', () => {
    const bytesOfFirst = (options: { readonly deadline?: number }): number => {
      const pair = new Pair(longLoop, { hotAfter: 20 });
      // So few that nothing behind the first one is come to meanwhile.
      while (pair.ours.statistics.translated === 0) assert.equal(pair.run(50, options).kind, 'budget');
      return pair.ours.statistics.bytes;
    };
    const [short, long] = [bytesOfFirst({ deadline: Number.MAX_VALUE }), bytesOfFirst({})];
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

describe('translating that takes too long', () => {
  const { now } = performance;
  afterEach(() => {
    performance.now = now;
  });

  it('leaves the program to the interpreter, and is tried again', () => {
    const pair = new Pair(loop(10_000_000), { hotAfter: 20 });
    let time = 0;
    performance.now = () => (time += 0.5);
    pair.run(50_000, { deadline: 0 });
    assert.equal(pair.ours.statistics.translated, 0);
    for (let count = 0; count < 100 && pair.ours.statistics.translated === 0; count += 1) pair.run(1_000_000, { deadline: 0 });
    assert.ok(pair.ours.statistics.translated > 0);
  });
});

describe('translating that the host interrupts', () => {
  it('leaves the program to the interpreter, and is done when the host lets it', () => {
    const pair = new Pair(loop(2000), { hotAfter: 20 });
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
