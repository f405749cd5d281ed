import assert from 'node:assert/strict';
import type { NativeHook } from '../../../emulator/recorder/native-hook';
import type { RiscvMachine } from '../../../emulator/riscv-machine';
import { i64 } from '../../../emulator/wasm/expression';
import { Pair } from './pair';

const [s2, a0] = [18, 10];

/**
 * A loop through a trampoline, which calls the tracer that a word of memory names: one of two with a native hook, or a function. Every
 * 16th time it takes the next of `order`.
 */
const program = (order: readonly string[], change: string) => `
        .globl _start
_start: la s4, tracer
        la s3, order
again:  addi s1, s1, 1
        addi a0, a0, 7
        ${change}
        call t0, trampoline
        j again
trampoline:
        addi sp, sp, -16
        sd t0, 8(sp)
        la t1, tracer
        ld t1, 0(t1)
        jalr t1
        ld t0, 8(sp)
        addi sp, sp, 16
        jr t0
one:    ret
other:  ret
plain:  addi s2, s2, 3
        ret
        .data
        .align 3
tracer: .dword one
order:  .dword ${order.join(', ')}
`;

/** Takes the next tracer, in an order of four, by what `s1` counts. */
const inProgram = `
        andi t1, s1, 15
        bnez t1, 1f
        srli t1, s1, 1
        andi t1, t1, 24
        add t1, t1, s3
        ld t1, 0(t1)
        sd t1, 0(s4)
1:`;

/** Tracers that add to `s2`: one a constant, the other what `a0` holds, as regions do it and as the callback does. */
const tracers: Readonly<Record<string, { native: NativeHook; call(machine: RiscvMachine): void }>> = {
  one: {
    native: { reads: [s2], writes: [s2], write: ({ x, setX }) => setX(s2, i64.add(x(s2), i64.constant(1000n))) },
    call: (machine) => machine.writeX(s2, machine.readX(s2) + 1000n),
  },
  other: {
    native: { reads: [s2, a0], writes: [s2], write: ({ x, setX }) => setX(s2, i64.xor(x(s2), x(a0))) },
    call: (machine) => machine.writeX(s2, machine.readX(s2) ^ machine.readX(a0)),
  },
};

/** The program in both machines; how often a tracer's callback was called in the one that translates, and written into a region. */
function traced(text: string): { pair: Pair; counts: { called: number; written: number } } {
  const pair = new Pair(text, { hotAfter: 8 });
  const counts = { called: 0, written: 0 };
  for (const machine of pair.machines) {
    for (const [name, { native, call }] of Object.entries(tracers)) {
      machine.setHook(
        pair.address(name),
        () => {
          if (machine === pair.ours) counts.called += 1;
          call(machine);
          return 'continue';
        },
        {
          native: {
            ...native,
            write(writing) {
              counts.written += 1;
              native.write(writing);
            },
          },
        },
      );
    }
  }
  return { pair, counts };
}

describe('a tracer that a trampoline probably calls', () => {
  it('is in line, and settles its calls', () => {
    const { pair, counts } = traced(program(['one'], ''));
    for (let count = 0; count < 5; count += 1) pair.run(20_000);
    assert.ok(pair.ours.readX(s2) / 1000n > 5000n);
    assert.ok(counts.called < 50, `${counts.called} calls of the debugger`);
    // In a region of its own, and where the trampoline calls it.
    assert.ok(counts.written >= 2, `${counts.written}`);
  });

  for (const order of [
    ['one', 'other', 'one', 'other'],
    ['one', 'plain', 'other', 'plain'],
    ['other', 'other', 'plain', 'one'],
  ]) {
    it(`is not taken for another where the program changes which it is: ${order.join(', ')}`, () => {
      const { pair } = traced(program(order, inProgram));
      for (const slice of [1000, 7, 313, 10_000, 40_000]) for (let count = 0; count < 6; count += 1) pair.run(slice);
      assert.ok(pair.ours.statistics.translated > 0);
    });
  }

  it('is not taken for another where the debugger changes which it is', () => {
    const { pair } = traced(program(['one'], ''));
    for (let round = 0; round < 60; round += 1) {
      const tracer = pair.address(['one', 'other', 'plain'][round % 3]!);
      for (const { memory } of pair.machines) memory.write(pair.address('tracer'), new Uint8Array(BigUint64Array.of(tracer).buffer));
      pair.run(1 + 37 * (round % 40));
    }
    assert.ok(pair.ours.statistics.translated > 0);
  });
});

describe('a native hook before a nop', () => {
  it('is executed with that alone, at every budget', () => {
    const { pair } = traced('.globl _start\n_start:\nagain: nop\nnop\none: nop\nnop\nother: addi a0, a0, 3\nj again');
    for (const slice of [1000, 1, 2, 3, 5, 7, 313]) for (let count = 0; count < 20; count += 1) pair.run(slice);
    assert.ok(pair.ours.readX(s2) > 1000n);
    assert.ok(pair.ours.statistics.translated > 0);
  });
});
