import assert from 'node:assert/strict';
import type { NativeHook } from '../../../emulator/recorder/native-hook';
import { i64 } from '../../../emulator/wasm/expression';
import { Pair } from './pair';

/** Operations of the machine that is interpreted, and what its program has of them. */
const operations = 24;
const length = 512;
/** Rounds in which the last operation does not come, and all of them. */
const early = 40;
const rounds = 80;

/** An interpreter whose operations each jump to the next one, by a table (threaded code). */
const next = `
        lbu t0, 0(s1)
        addi s1, s1, 1
        slli t0, t0, 3
        add t0, t0, s2
        ld t1, 0(t0)
        jr t1`;
const each = Array.from({ length: operations - 1 }, (_, number) =>
  [
    `op${number}:`,
    ...Array.from({ length: 6 }, (_, index) => `        addi a${index % 4}, a${(index + number) % 4}, ${number + index}`),
    next,
  ].join('\n'),
);
/** `last` is what it does in the end. */
const programThat = (last: string): string => `
        .globl _start
_start: la s2, table
        li s4, ${rounds}
round:  la s1, code
        j op0
${each.join('\n')}
# Ends a round; the program has an operation more after some of them.
op${operations - 1}:
        addi s4, s4, -1
        li t2, ${rounds - early}
        bne s4, t2, same
        li t3, ${operations - 2}
        la t4, code
        sb t3, 7(t4)
        sb t3, 99(t4)
same:   bnez s4, round
${last}
        .data
        .align 3
table:  .dword ${Array.from({ length: operations }, (_, number) => `op${number}`).join(', ')}
code:   .byte ${Array.from({ length }, (_, index) => (index * 7 + (index >> 3)) % (operations - 2)).join(', ')}, ${operations - 1}
`;

const program = programThat('ebreak');

describe('threaded code', () => {
  it('is one region that is entered at each of its targets', () => {
    const pair = new Pair(program, { hotAfter: 20 });
    while (pair.run(9_999).kind === 'budget');
    const { regions, exits } = pair.ours.statistics;
    assert.ok(regions < operations / 3, `${regions} regions`);
    assert.ok(exits.indirect < 200n, `left ${exits.indirect} times for where it was not known to go`);
  });

  it('goes by no dispatch where none of its targets but its beginning can be entered', () => {
    const cases = 16;
    const each = Array.from(
      { length: cases },
      (_, number) => `op${number}:\n        fence.i\n        addi a0, a0, ${number}\n        j again\n`,
    );
    const text = `
        .globl _start
_start: la s2, table
        li s4, 4000
# It goes to itself, and now and then to what no region has.
again:  addi s4, s4, -1
        beqz s4, end
        andi t0, s4, ${8 * cases - 1}
        addi t0, t0, ${cases - 8 * cases}
        bgez t0, other
        li t0, ${cases}
other:  slli t0, t0, 3
        add t0, t0, s2
        ld t1, 0(t0)
        jr t1
end:    ebreak
${each.join('')}
        .data
        .align 3
table:  .dword ${Array.from({ length: cases }, (_, number) => `op${number}`).join(', ')}, again
`;
    const pair = new Pair(text, { hotAfter: 20 });
    while (pair.run(9_999).kind === 'budget');
    assert.ok(pair.ours.statistics.translated > 0);
  });

  it('stops with any number of instructions', () => {
    for (const budget of [1, 7, 101, 997]) {
      const pair = new Pair(program, { hotAfter: 20 });
      for (let runs = 0; runs < 2000 && pair.run(budget).kind === 'budget'; runs += 1);
      while (pair.run(9_999).kind === 'budget');
    }
  });

  it('stops at a breakpoint at one of its targets, and goes on', () => {
    const pair = new Pair(program, { hotAfter: 20 });
    pair.run(40_000);
    const address = pair.address('op3');
    for (const machine of pair.machines) machine.setBreakpoint(address);
    for (let count = 0; count < 30; count += 1) assert.equal(pair.run(1_000_000).kind, 'breakpoint');
    for (const machine of pair.machines) machine.clearBreakpoint(address);
    while (pair.run(9_999).kind === 'budget');
  });

  it('tells which of its jumps went astray', () => {
    const froms = new Set<unknown>();
    for (const astray of [2, 9, 20]) {
      for (const budget of [499, 9_999]) {
        const pair = new Pair(programThat(`        li t3, 64\n        sd t3, ${8 * astray}(s2)\n        j round`), { hotAfter: 20 });
        let stop = pair.run(budget);
        while (stop.kind === 'budget') stop = pair.run(budget);
        assert.ok(stop.kind === 'exception' && stop.exception.cause === 'instruction-access-fault', JSON.stringify(stop.kind));
        froms.add(stop.exception.from);
      }
    }
    assert.ok(froms.size === 3, `from ${[...froms]}`);
  });

  it('does what hooks at its targets say, each time', () => {
    const s7 = 23;
    for (const budget of [29, 499]) {
      const pair = new Pair(program, { hotAfter: 20 });
      for (const machine of pair.machines) {
        for (const name of ['op3', 'op12']) {
          const call = () => {
            machine.writeX(s7, machine.readX(s7) + 1n);
            return 'continue' as const;
          };
          const write: NativeHook['write'] = ({ x, setX }) => setX(s7, i64.add(x(s7), i64.constant(1n)));
          machine.setHook(pair.address(name), call, { native: { reads: [s7], writes: [s7], write } });
        }
      }
      let runs = 0;
      while (pair.run(runs < 3000 ? budget : 9_999).kind === 'budget') runs += 1;
      assert.ok(pair.ours.readX(s7) > 1000n);
    }
  });
});
