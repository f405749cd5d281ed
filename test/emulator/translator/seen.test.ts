import assert from 'node:assert/strict';
import { causeOf, Pair, runToEnd } from './pair';

/** A switch in a loop over so many cases, each of `steps` instructions. */
const switchOf = (cases: number, steps: number) => {
  const numbers = Array.from({ length: cases }, (_, index) => index);
  const bodyOf = (index: number) => Array.from({ length: steps }, (_, step) => `addi a${step % 8}, a${step % 8}, ${index + 1}`).join('\n');
  return `
        .globl _start
_start: la s0, table
        li s2, 60000
again:  andi t0, s1, ${cases - 1}
        slli t0, t0, 3
        add t0, t0, s0
        ld t3, 0(t0)
        jr t3
${numbers.map((index) => `case${index}: ${bodyOf(index)}\n j next`).join('\n')}
next:   addi s1, s1, 1
        bne s1, s2, again
        ebreak
        .data
        .align 3
table:  .dword ${numbers.map((index) => `case${index}`).join(', ')}
`;
};

/** Doubles of which some are NaN in each round, after a result that is inexact and `before` instructions. */
const notPlain = `
        .globl _start
_start: li t0, 3
        fcvt.d.l fa0, t0
        li t0, 1
        fcvt.d.l fa1, t0
        fdiv.d fa2, fa1, fa0
        fmv.d.x fa3, zero
        li s2, 20000
again:  fdiv.d fa4, fa3, fa3
        fadd.d fa5, fa4, fa2
        fmul.d fa6, fa5, fa2
        fadd.d fa7, fa2, fa2
        addi s1, s1, 1
        bne s1, s2, again
        ebreak
`;

/** The same sums of whole numbers before and after a first result that is inexact. */
const exactAtFirst = `
        .globl _start
_start: li t0, 3
        fcvt.d.l fa0, t0
        li s2, 150
        call sums
        fdiv.d fa2, fa0, fa1
        li s2, 20000
        call sums
        ebreak
sums:   li s1, 0
        fcvt.d.l fa1, t0
again:  fadd.d fa1, fa1, fa0
        addi s1, s1, 1
        bne s1, s2, again
        ret
`;

const sums = (count: number) =>
  Array.from({ length: count }, (_, step) => `        addi a${step % 8}, a${(step + 1) % 8}, ${step}`).join('\n');

/** A loop with so many instructions in the rounds where `condition` leaves something in t0, and so many in all. */
const sometimes = (condition: string, then: number, always: number) => `
        .globl _start
_start: li s2, 60000
again:  ${condition}
        beqz t0, usual
${sums(then)}
usual:  add a0, a0, s1
${sums(always)}
        addi s1, s1, 1
        bne s1, s2, again
        ebreak
`;

describe('what the interpreter has seen', () => {
  it('are the ways of branches: a region has those that were gone since its code was first looked at', () => {
    const regionsOf = (condition: string) => {
      const pair = new Pair(sometimes(condition, 200, 0), { hotAfter: 300 });
      assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
      return pair.ours.statistics;
    };
    const often = regionsOf('andi t0, s1, 64');
    const early = regionsOf('slti t0, s1, 200');
    assert.equal(often.translated, 1);
    assert.equal(early.translated, 1);
    assert.ok(3 * early.bytes < often.bytes, `${early.bytes} and ${often.bytes} bytes`);
  });

  it('are ways that are gone later, which a region is made again with where they lead back to it', () => {
    for (const [always, dropped] of [
      [200, 1],
      [20, 0],
    ] as const) {
      const pair = new Pair(sometimes('srli t0, s1, 14', 20, always), { hotAfter: 300 });
      assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
      const { statistics } = pair.ours;
      assert.equal(statistics.dropped['new way'], dropped);
      assert.equal(statistics.translated, 2, 'the region again, or one that has all of it');
    }
  });

  it('are the targets of a switch, all of which its first region has', () => {
    const pair = new Pair(switchOf(8, 3), { hotAfter: 300 });
    assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
    const { exits, dropped, translated } = pair.ours.statistics;
    assert.equal(exits.indirect, 0n);
    assert.equal(dropped['new target'], 0);
    assert.equal(translated, 1);
  });

  it('are targets of a switch of more code than a region holds, which is no longer learnt of: each is opened once', () => {
    const pair = new Pair(switchOf(64, 150), { hotAfter: 300 });
    assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
    const { exits, dropped } = pair.ours.statistics;
    assert.ok(exits.indirect <= 64n, `${exits.indirect} times`);
    assert.equal(dropped['new target'], 0);
  });

  it('is arithmetic that is not plain: its region calls routines from the first time on', () => {
    const pair = new Pair(notPlain, { hotAfter: 300 });
    assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
    const { exits, dropped, translated } = pair.ours.statistics;
    assert.equal(exits.float, 0n);
    assert.equal(dropped['not plain'], 0);
    assert.equal(translated, 1);
  });

  it('is not that arithmetic is exact before anything has been inexact', () => {
    const plain = bytesOf(exactAtFirst);
    const alwaysInexact = bytesOf(exactAtFirst.replace('li s2, 150', 'fdiv.d fa2, fa0, fa1\nli s2, 150'));
    assert.equal(plain, alwaysInexact);
  });
});

function bytesOf(text: string): number {
  const pair = new Pair(text, { hotAfter: 300 });
  assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
  return pair.ours.statistics.bytes;
}
