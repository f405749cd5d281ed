import assert from 'node:assert/strict';
import type { Environment } from '../../emulator/environment';
import type { Machine, Stop } from '../../emulator/machine';
import type { RiscvMachine } from '../../emulator/riscv-machine';
import { type CodeMachineOptions, type Line, machineWith, places } from '../support/code-machine';

const budget: Stop = { kind: 'budget' };
/** Milliseconds that a run is given, and those that one slice of instructions may take, which ends after the deadline. */
const given = 10;
const sliceAtMost = 4;

/** A loop that is one region, and never left. */
const loop: readonly Line[] = [
  ['addi', { rd: 5, rs1: 5, immediate: 1 }],
  ['add', { rd: 6, rs1: 6, rs2: 5 }],
  ['jal', { immediate: -8 }],
];

/** A loop with an environment call in it. */
const calling: readonly Line[] = [['addi', { rd: 5, rs1: 5, immediate: 1 }], ['ecall'], ['jal', { immediate: -8 }]];

/** Loops of some rounds, one behind the other, with environment calls between: each is a region. */
const manyLoops: readonly Line[] = Array.from({ length: 200 }, (): Line[] => [
  ['addi', { rd: 5, immediate: 20 }],
  ['addi', { rd: 5, rs1: 5, immediate: -1 }],
  ['bne', { rs1: 5, rs2: 0, immediate: -4 }],
  ['ecall'],
]).flat();

/** The clock tells what the program costs by this, not how fast this machine is. */
class Timed {
  readonly machine: RiscvMachine;
  #milliseconds = 0;
  #noted = 0n;

  constructor(
    lines: readonly Line[],
    options: CodeMachineOptions,
    public nanosecondsOfInstruction: number,
    private readonly otherMilliseconds: (machine: Machine) => number = () => 0,
  ) {
    this.machine = machineWith(lines, options);
  }

  /** How long a run takes that is given `given`. */
  run(): number {
    const { performance } = globalThis;
    const now = () => this.#now;
    const start = now();
    Object.defineProperty(globalThis, 'performance', { value: { now }, configurable: true, writable: true });
    try {
      assert.deepEqual(this.machine.run(2 ** 31 - 1, start + given), budget);
    } finally {
      Object.defineProperty(globalThis, 'performance', { value: performance, configurable: true, writable: true });
    }
    return now() - start;
  }

  get #now(): number {
    const { instret } = this.machine;
    this.#milliseconds += (Number(instret - this.#noted) * this.nanosecondsOfInstruction) / 1e6;
    this.#noted = instret;
    return this.#milliseconds + this.otherMilliseconds(this.machine);
  }
}

describe('a run with a deadline', () => {
  for (const hotAfter of [0, 2]) {
    const where = hotAfter === 0 ? 'interpreter' : 'region';

    it(`ends soon after it in a loop that never leaves the ${where}, however slow its instructions are`, () => {
      for (const nanoseconds of [2, 20, 100, 400]) {
        const timed = new Timed(loop, { hotAfter }, nanoseconds);
        for (let count = 0; count < 3; count += 1) {
          const milliseconds = timed.run();
          assert.ok(milliseconds >= given && milliseconds <= given + sliceAtMost, `${nanoseconds} ns: ${milliseconds} ms`);
        }
        assert.equal(timed.machine.statistics.translated > 0, hotAfter > 0);
      }
    });
  }

  it('ends soon after it again where instructions become slow', () => {
    const timed = new Timed(loop, { hotAfter: 2 }, 0.5);
    timed.run();
    timed.nanosecondsOfInstruction = 5;
    // Slices become shorter meanwhile.
    timed.run();
    timed.run();
    const milliseconds = timed.run();
    assert.ok(milliseconds <= given + sliceAtMost, `${milliseconds} ms`);
  });

  it('ends soon after it where the engine is left all the time', () => {
    let calls = 0;
    const environment: Environment = {
      call() {
        calls += 1;
        return undefined;
      },
    };
    const timed = new Timed(calling, { hotAfter: 2, environment }, 1, () => calls * 0.05);
    for (let count = 0; count < 3; count += 1) {
      const milliseconds = timed.run();
      assert.ok(milliseconds <= given + sliceAtMost, `${milliseconds} ms`);
    }
    assert.ok(calls > 500);
  });

  it('ends soon after it where making regions takes long', () => {
    const timed = new Timed(
      manyLoops,
      { hotAfter: 2, environment: { call: () => undefined } },
      1,
      ({ statistics }) => statistics.translated * 3,
    );
    for (let count = 0; count < 3; count += 1) {
      const before = timed.machine.statistics.translated;
      const milliseconds = timed.run();
      assert.ok(milliseconds <= given + sliceAtMost, `${milliseconds} ms`);
      assert.ok(timed.machine.statistics.translated > before);
    }
    assert.ok(timed.machine.pc < places.code + BigInt(4 * manyLoops.length));
  });
});
