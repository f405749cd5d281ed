import assert from 'node:assert/strict';
import type { NativeHook } from '../../../emulator/recorder/native-hook';
import { type Block, ControlFlow, type End, type Step } from '../../../emulator/translator/control-flow';
import { withEntries } from '../../../emulator/translator/with-entries';
import { i64 } from '../../../emulator/wasm/expression';
import { graph, stepsAt, stride } from './graph';
import { Pair } from './pair';

const some = (count: number, first: number): string =>
  Array.from({ length: count }, (_, index) => `        addi a${(index + first) % 6}, a${index % 6}, ${index + first}`).join('\n');

/**
 * A long function that is called at its beginning, and in a second phase where its call comes back to, where two ways meet, where its loop
 * begins, and in the middle of this.
 */
const program = `
        .globl _start
_start: li s1, 4000
first:  jal ra, work
        addi s1, s1, -1
        bnez s1, first
second: li s1, 4000
next:   la t1, back
        jalr s2, t1
        la t1, meet
        jalr ra, t1
        li t2, 3
        la t1, loop
        jalr ra, t1
        li t2, 4
        la t1, within
        jalr ra, t1
        addi s1, s1, -1
        bnez s1, next
        ebreak
work:
${some(40, 0)}
        mv s2, ra
        jal ra, leaf
back:   mv ra, s2
${some(40, 1)}
        andi t3, a1, 64
        beqz t3, other
${some(10, 2)}
        sd a0, -8(sp)
        j meet
other:
${some(10, 3)}
meet:
${some(40, 4)}
        ld a3, -8(sp)
        li t2, 5
loop:
${some(10, 5)}
        andi t3, a2, 32
        beqz t3, within
        addi a4, a4, 77
within: addi t2, t2, -1
        bnez t2, loop
${some(10, 6)}
        ret
# Calls, so that it is not put in line.
leaf:   mv s3, ra
        jal ra, none
        mv ra, s3
        ret
none:   ret
`;

/** The program, where it has run so long that the first phase is translated. */
function atSecondPhase(): Pair {
  const pair = new Pair(program, { hotAfter: 20 });
  const address = pair.address('second');
  for (const machine of pair.machines) machine.setBreakpoint(address);
  let stop = pair.run(10_000_000);
  while (stop.kind === 'budget') stop = pair.run(10_000_000);
  assert.equal(stop.kind, 'breakpoint');
  for (const machine of pair.machines) machine.clearBreakpoint(address);
  return pair;
}

describe('long regions', () => {
  it('are entered where calls come back to, ways meet and loops begin', () => {
    const pair = atSecondPhase();
    const before = pair.ours.statistics.translated;
    while (pair.run(9_999).kind === 'budget');
    const more = pair.ours.statistics.translated - before;
    // The phase is come back to at five places, and the loop come to in its middle.
    assert.ok(more <= 6, `${more} more regions`);
  });

  it('have entries outside of loops, and where the outermost of them begin', () => {
    // A loop in a loop behind two ways that meet, and one more way to the end.
    const ways = [[1, 2], [3], [3], [4, 7], [5], [5, 6], [4, 7], [8], []];
    const entries = (length: number, isShared = (_: number) => true): number[] => {
      const { blocks } = withEntries(new ControlFlow(graph(length, ways)), 0, (offset) => isShared(offset));
      const { end } = blocks[0]!;
      return end.kind === 'enter' ? end.targets.map(({ offset }) => offset / stride).sort() : [];
    };
    assert.deepEqual(entries(20), [0, 3, 4, 7]);
    assert.deepEqual(
      entries(20, (offset) => offset !== 3 * stride),
      [0, 4, 7],
    );
    // What is short is as well made again from there.
    assert.deepEqual(entries(4), []);
  });

  it('have entries where calls come back to, but not where hooks stand', () => {
    const block = (number: number, end: End, hook?: Step['hook']): Block => ({ steps: stepsAt(number, 70, hook), end, index: 0 });
    for (const hook of [undefined, {} as NonNullable<Step['hook']>]) {
      const back = block(2, { kind: 'return' }, hook);
      const flow = new ControlFlow(block(0, { kind: 'call', callee: undefined, back }));
      const { end } = withEntries(flow, 0, () => true).blocks[0]!;
      assert.deepEqual(end.kind === 'enter' && end.targets.map(({ offset }) => offset), hook ? false : [0, 2 * stride]);
    }
  });

  it('stop with any number of instructions', () => {
    for (const budget of [1, 7, 101, 997]) {
      const pair = atSecondPhase();
      for (let runs = 0; runs < 2000 && pair.run(budget).kind === 'budget'; runs += 1);
      while (pair.run(99_999).kind === 'budget');
    }
  });

  it('stop at breakpoints where they are entered, and go on', () => {
    for (const name of ['back', 'meet', 'loop']) {
      const pair = atSecondPhase();
      pair.run(40_000);
      const address = pair.address(name);
      for (const machine of pair.machines) machine.setBreakpoint(address);
      for (let count = 0; count < 30; count += 1) assert.equal(pair.run(1_000_000).kind, 'breakpoint');
      for (const machine of pair.machines) machine.clearBreakpoint(address);
      while (pair.run(99_999).kind === 'budget');
    }
  });

  it('do what hooks say where they would be entered, each time', () => {
    const s7 = 23;
    for (const budget of [29, 499]) {
      const pair = new Pair(program, { hotAfter: 20 });
      for (const machine of pair.machines) {
        const call = () => {
          machine.writeX(s7, machine.readX(s7) + 1n);
          return 'continue' as const;
        };
        const write: NativeHook['write'] = ({ x, setX }) => setX(s7, i64.add(x(s7), i64.constant(1n)));
        for (const name of ['back', 'meet', 'loop']) {
          machine.setHook(pair.address(name), call, { native: { reads: [s7], writes: [s7], write } });
        }
      }
      let runs = 0;
      while (pair.run(runs < 3000 ? budget : 99_999).kind === 'budget') runs += 1;
      assert.ok(pair.ours.readX(s7) > 4000n * 7n);
    }
  });
});
