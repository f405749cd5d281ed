import assert from 'node:assert/strict';
import { Pair } from './pair';

const cases = 64;
/** Rounds of the switch; in each the case follows from what the last one computed. */
const rounds = 6000;

/** Which case a round has. */
const anyCase = `andi t0, t0, ${cases - 1}`;
/** The same; all but some cases come to light one after the other. */
const laterCases = `
        li t1, ${Math.floor(rounds / 32)}
        divu t1, s1, t1
        addi t1, t1, 34
        remu t0, t0, t1
        andi t0, t0, ${cases - 1}`;

/** A loop around a jump by a table to cases of so many instructions. */
function switchOf(length: number, chosen = anyCase): string {
  const each = Array.from({ length: cases }, (_, number) =>
    [
      `case${number}:`,
      ...Array.from({ length: length - 1 }, (_, index) => `        addi a${index % 4}, a${(index + number) % 4}, ${number + index}`),
      '        j next',
    ].join('\n'),
  );
  const table = Array.from({ length: cases }, (_, number) => `case${number}`).join(', ');
  return `
        .option norvc
        .globl _start
_start: la s0, table
        li s1, 0
        li s2, ${rounds}
again:  xor t0, a0, s1
        ${chosen}
        slli t0, t0, 3
        add t0, t0, s0
        ld t3, 0(t0)
        jr t3
${each.join('\n')}
next:   addi s1, s1, 1
        bne s1, s2, again
        ebreak
        .data
        .align 3
table:  .dword ${table}
`;
}

describe('a switch of many cases', () => {
  it('is one region with all that are known', () => {
    const pair = new Pair(switchOf(16), { hotAfter: 20 });
    while (pair.run(9_999).kind === 'budget');
    // What was come to later has a region of its own, as long as that is not much.
    const { regions } = pair.ours.statistics;
    assert.ok(regions < cases / 2, `${regions} regions`);
  });

  it('takes the place of regions within it, once there is time for it', () => {
    const pair = new Pair(switchOf(32), { hotAfter: 20 });
    // A switch of that length is not written while a host waits that cannot interrupt it: how fast the translator is is not known yet.
    pair.run(9_999, { deadline: Number.MAX_VALUE });
    assert.equal(pair.ours.statistics.dropped['part of a switch'], 0);
    while (pair.run(9_999).kind === 'budget');
    assert.ok(pair.ours.statistics.dropped['part of a switch'] > 0);
  });

  it('is not one region more for each case that comes to light later', () => {
    const pair = new Pair(switchOf(16, laterCases), { hotAfter: 20 });
    let early = 0;
    for (let kind = 'budget'; kind === 'budget'; early ||= Number(pair.ours.instret > 20_000n) * pair.ours.statistics.bytes) {
      ({ kind } = pair.run(9_999));
    }
    const { bytes } = pair.ours.statistics;
    assert.ok(early > 0 && bytes < 3 * early, `${early} bytes at first, ${bytes} in all`);
  });

  it('that no region can hold goes from one region to another', () => {
    const pair = new Pair(switchOf(160), { hotAfter: 20 });
    while (pair.run(99_999).kind === 'budget');
    const { regions, dropped } = pair.ours.statistics;
    assert.equal(dropped['part of a switch'], 0);
    assert.ok(regions > cases / 2, `${regions} regions`);
  });

  it('asks in each part of its translation whether the host wants the machine, and can be interrupted at each', () => {
    /** Runs to the end, with a host that wants the machine back when it is asked for that time. Gives how often it was asked. */
    const runWith = (wantedAt: number): { readonly pair: Pair; readonly asked: number } => {
      const pair = new Pair(switchOf(16), { hotAfter: 20 });
      let asked = 0;
      const isWanted = () => ++asked === wantedAt;
      while (pair.run(9_999, { deadline: Number.MAX_VALUE, isWanted }).kind === 'budget');
      return { pair, asked };
    };
    const { pair, asked } = runWith(0);
    const { translated } = pair.ours.statistics;
    // Each case is found, made a block, planned, written and jumped to.
    assert.ok(asked > 2 * cases, `asked ${asked} times for ${translated} regions`);
    for (let wantedAt = 1; wantedAt <= asked; wantedAt += 7) {
      const interrupted = runWith(wantedAt).pair.ours.statistics;
      assert.ok(interrupted.translated > 0 && interrupted.regions < cases / 2, `${interrupted.regions} regions`);
    }
  });
});
