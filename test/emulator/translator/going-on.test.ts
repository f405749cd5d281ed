import assert from 'node:assert/strict';
import { Pair } from './pair';

/** A loop that calls through two functions what no region can begin with; `cold` is what that does after. */
function calling(cold: string): string {
  return `
        .option arch, +zicboz
        .globl _start
_start: la a0, block
        mv s0, sp
again:  mv sp, s0
        addi s1, s1, 1
        jal ra, outer
back:   addi s2, s2, 1
        j again
outer:  addi sp, sp, -16
        sd ra, 8(sp)
        addi s3, s3, 1
        jal ra, inner
        addi s4, s4, 1
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
inner:  addi sp, sp, -16
        sd ra, 8(sp)
        addi s5, s5, 1
        jal ra, cold
        addi s6, s6, 1
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
cold:   cbo.zero (a0)
        li t0, 3
round:  addi s7, s7, 1
        addi t0, t0, -1
        bnez t0, round
${cold}
        .bss
        .align 6
block:  .zero 64
`;
}

const budget = { kind: 'budget' };

describe('regions whose calls come to what is not translated', () => {
  it('go on behind the calls', () => {
    const pair = new Pair(calling('ret'), { hotAfter: 20 });
    assert.deepEqual(pair.run(300_000), budget);
    const { translated, notTranslated } = pair.ours.statistics;
    assert.deepEqual(notTranslated, { 'cbo.zero': 1 });
    // The loops and the functions, and behind the innermost call, to which its loop came before the outer ones were translated.
    assert.ok(translated <= 5, `${translated} regions`);
  });

  it('end with the fuel at any instruction', () => {
    const pair = new Pair(calling('ret'), { hotAfter: 20 });
    for (let slice = 1; slice < 200; slice += 1) assert.deepEqual(pair.run(slice), budget);
    assert.ok(pair.ours.statistics.regions > 0);
  });

  it('are given up where that never comes back', () => {
    const cases = { 'to a loop': 'j again', 'through a register': 'la t1, again\n jr t1', 'past one': 'ld ra, 24(sp)\n ret' };
    for (const [name, cold] of Object.entries(cases)) {
      const pair = new Pair(calling(cold), { hotAfter: 20 });
      for (const slice of [1000, 100_003, 1_000_000]) assert.deepEqual(pair.run(slice), budget, name);
      assert.ok(pair.ours.statistics.regions > 0, name);
    }
  });

  it('find the registers and the address of what goes nowhere', () => {
    for (const nowhere of ['-1', '-2', '-3', '-4', '1', '0x7ffffffe']) {
      const pair = new Pair(calling(`li t0, 300\n blt s1, t0, 1f\n li ra, ${nowhere}\n1: ret`), { hotAfter: 20 });
      assert.equal(pair.run(1_000_000).kind, 'exception', nowhere);
      assert.equal(pair.ours.readX(9), 300n);
    }
  });

  it('stop at breakpoints behind the calls and in what is called', () => {
    const pair = new Pair(calling('ret'), { hotAfter: 20 });
    pair.run(100_000);
    for (const name of ['back', 'cold', 'inner']) {
      for (const machine of pair.machines) machine.setBreakpoint(pair.address(name));
      for (let count = 0; count < 3; count += 1) {
        assert.deepEqual(pair.run(100_000), { kind: 'breakpoint' }, name);
        assert.equal(pair.ours.pc, pair.address(name));
      }
      for (const machine of pair.machines) machine.clearBreakpoint(pair.address(name));
      assert.deepEqual(pair.run(100_000), budget);
    }
  });

  it('nest as deep as the program does', () => {
    const pair = new Pair(
      `
        .option arch, +zicboz
        .globl _start
_start: la a0, block
        mv s0, sp
again:  mv sp, s0
        li s1, 20000
        jal ra, down
        addi s2, s2, 1
        j again
down:   addi sp, sp, -16
        sd ra, 8(sp)
        addi s1, s1, -1
        beqz s1, up
        jal ra, cold
        jal ra, down
        jal ra, cold
up:     ld ra, 8(sp)
        addi sp, sp, 16
        ret
cold:   cbo.zero (a0)
        ret
        .bss
        .align 6
block:  .zero 64
`,
      { hotAfter: 20, stackSize: 0x100000n },
    );
    for (const slice of [1_000_000, 99_999, 1_000_000]) assert.deepEqual(pair.run(slice), budget);
    assert.ok(pair.ours.readX(18) > 3n);
  });
});
