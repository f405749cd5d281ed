import assert from 'node:assert/strict';
import type { Stop } from '../../../emulator/machine';
import { Pair } from './pair';

/** Runs to an exception, which must be the end. */
function causeOfEnd(pair: Pair, slice = 1_000_000): string {
  for (let count = 0; count < 200; count += 1) {
    const stop: Stop = pair.run(slice);
    if (stop.kind === 'exception') return stop.exception.cause;
    assert.equal(stop.kind, 'budget');
  }
  throw new Error('the program does not end');
}

/** A function that adds up the numbers of a tree by calling itself for both children, and how it is called `times` times. */
const tree = (times: number, depth: number, inCase: string) => `
        .globl _start
_start: li s1, ${times}
again:  li a0, ${depth}
        call nodes
        add s2, s2, a0
        addi s1, s1, -1
        bnez s1, again
        ebreak
nodes:  beqz a0, leaf
        addi sp, sp, -32
        sd ra, 24(sp)
        sd s0, 16(sp)
        sd s3, 8(sp)
        mv s0, a0
        ${inCase}
        addi a0, s0, -1
        call nodes
        mv s3, a0
        addi a0, s0, -1
        call nodes
        add a0, a0, s3
        addi a0, a0, 1
        ld s3, 8(sp)
        ld s0, 16(sp)
        ld ra, 24(sp)
        addi sp, sp, 32
        ret
leaf:   li a0, 1
        ret
`;

describe('functions in line', () => {
  it('are checked in each place where they are put in line', () => {
    const pair = new Pair(`
        .globl _start
_start: li s1, 200
        la a0, data
again:  call twice
        addi s1, s1, -1
        bnez s1, again
        li a0, 64
        call twice
        ebreak
twice:  mv s2, ra
        jal first
        jal first
        jr s2
first:  ld a1, 0(a0)
        ret
        .data
data:   .dword 1
`);
    assert.equal(causeOfEnd(pair), 'load-access-fault');
    assert.equal(pair.ours.pc, pair.address('first'));
    assert.ok(pair.ours.statistics.regions > 0);
  });

  it('stay in line where a region begins within them', () => {
    const pair = new Pair(`
        .globl _start
_start: li s1, 100
first:  li a0, 5
        call sum
        addi s1, s1, -1
        bnez s1, first
        li s1, 2000
again:  ${Array.from({ length: 150 }, (_, index) => `addi t${index % 7}, t${(index + 1) % 7}, ${index}`).join('\n')}
        li a0, 5
        call sum
        add s2, s2, a1
        addi s1, s1, -1
        bnez s1, again
        ebreak
sum:    li a1, 0
number: add a1, a1, a0
        addi a0, a0, -1
        bnez a0, number
        ret
`);
    assert.deepEqual(pair.run(20_000), { kind: 'budget' });
    let left = 0;
    pair.ours.watchRegions(() => {
      left += 1;
    });
    assert.equal(causeOfEnd(pair), 'breakpoint');
    assert.equal(pair.ours.readX(18), 2000n * 15n);
    assert.ok(left < 100, `regions were left ${left} times`);
  });

  it('that call themselves are right at every depth, under every slicing', () => {
    for (const depth of [0, 1, 2, 3, 4, 7]) {
      const pair = new Pair(tree(40, depth, ''));
      for (let slice = 1; slice < 40; slice += 1) pair.run(slice);
      assert.equal(causeOfEnd(pair, 997), 'breakpoint');
      assert.equal(pair.ours.readX(18), 40n * (2n ** BigInt(depth + 1) - 1n));
    }
  });

  it('that call themselves see a return address that was changed at one depth', () => {
    // At depth 2, each fourth call comes back one instruction further: its caller does not keep the number of nodes.
    const pair = new Pair(
      `.option norvc${tree(
        400,
        4,
        `li t0, 2
        bne a0, t0, other
        addi s4, s4, 1
        andi t0, s4, 3
        bnez t0, other
        ld t0, 24(sp)
        addi t0, t0, 4
        sd t0, 24(sp)
other:`,
      )}`,
      { hotAfter: 40 },
    );
    assert.equal(causeOfEnd(pair), 'breakpoint');
    assert.ok(pair.ours.statistics.regions > 0);
  });

  it('that are short and call themselves see that the innermost has changed where its caller returns to', () => {
    const pair = new Pair(
      `
        .globl _start
_start: la t5, elsewhere
        li s1, 800
again:  li a0, 5
        call count
        addi s1, s1, -1
        bnez s1, again
        ebreak
count:  beqz a0, leaf
        addi sp, sp, -16
        sd ra, 8(sp)
        addi a0, a0, -1
        call count
        addi s2, s2, 1
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
leaf:   andi t0, s1, 3
        bnez t0, plain
        sd t5, 8(sp)
plain:  ret
elsewhere:
        addi s3, s3, 1
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
`,
      { hotAfter: 40 },
    );
    assert.equal(causeOfEnd(pair), 'breakpoint');
    assert.equal(pair.ours.readX(19), 200n);
    assert.equal(pair.ours.readX(18), 5n * 800n - 200n);
    assert.ok(pair.ours.statistics.regions > 0);
  });

  it('that call themselves stop at the instruction that faults, with its registers, at any depth', () => {
    for (const depth of [1, 2, 3, 5]) {
      const pair = new Pair(`
        ${tree(
          300,
          5,
          `addi t0, s0, -${depth}
        snez t0, t0
        li t1, 20
        slt t1, t1, s1
        or t0, t0, t1
        neg t0, t0
        la t1, data
        and t1, t1, t0
        ld t2, 0(t1)`,
        )}
        .data
data:   .dword 1
`);
      assert.equal(causeOfEnd(pair), 'load-access-fault');
      assert.equal(pair.ours.readX(9), 20n);
      assert.equal(pair.ours.readX(8), BigInt(depth));
    }
  });

  it('that call themselves stop at a breakpoint inside, each time', () => {
    const pair = new Pair(tree(3, 3, 'middle: nop'));
    for (let slice = 0; slice < 20; slice += 1) pair.run(3);
    for (const machine of pair.machines) machine.setBreakpoint(pair.address('middle'));
    let stops = 0;
    for (let stop = pair.run(100_000); stop.kind !== 'exception'; stop = pair.run(100_000)) stops += stop.kind === 'breakpoint' ? 1 : 0;
    assert.ok(stops > 10 && stops <= 21, `${stops} stops`);
  });

  it('leave before the host stack ends, however many registers their frames hold', () => {
    // Each call keeps all registers in locals: the estimate of a frame's bytes must hold.
    const registers = [5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31];
    const work = (operation: string) =>
      registers.map((one, index) => `${operation} x${one}, x${one}, x${registers.at(index - 1)}`).join('\n');
    const floats = registers.map((one) => `fadd.d f${one}, f${one}, f${one}`).join('\n');
    const pair = new Pair(
      `
        .globl _start
_start: li s1, 3
        li s0, 120000
again:  mv a0, s0
        call deep
        addi s1, s1, -1
        bnez s1, again
        ebreak
deep:   addi sp, sp, -16
        sd ra, 8(sp)
        ${work('add')}
        ${floats}
        addi a0, a0, -1
        blez a0, end
        call deep
        ${work('xor')}
        ${floats}
end:    ld ra, 8(sp)
        addi sp, sp, 16
        ret
`,
      { stackSize: 0x400000n },
    );
    assert.equal(causeOfEnd(pair, 5_000_000), 'breakpoint');
    assert.ok(pair.ours.statistics.regions > 0);
  });

  const passed = `
        .globl _start
_start: li s1, 600
        la s2, add_one
        la s3, add_two
again:  jalr s2
        andi t1, s1, 63
        bnez t1, next
        mv t1, s2
        mv s2, s3
        mv s3, t1
next:   addi s1, s1, -1
        bnez s1, again
done:   ebreak
add_one:
        auipc t0, 1
        nop
counts: addi a0, a0, 1
        ret
add_two:
        auipc t0, 2
        nop
        addi a0, a0, 2
inside: addi a1, a1, 1
        ret
`;

  it('that are passed in a register are what the interpreter says at any instruction, also where others are passed later', () => {
    for (const slice of [2, 5, 1000]) {
      const pair = new Pair(passed.replace('li s1, 600', 'li s1, 200'));
      while (pair.run(slice).kind === 'budget');
      assert.equal(pair.ours.pc, pair.address('done'));
      assert.ok(pair.ours.statistics.regions > 0);
    }
  });

  it('that are passed in a register are called there, and not by a jump out of the region', () => {
    const pair = new Pair(passed.replace('li s1, 600', 'li s1, 60000'));
    pair.run(20_000);
    const { regions, exits } = pair.ours.statistics;
    assert.ok(regions > 0);
    assert.equal(causeOfEnd(pair), 'breakpoint');
    const { exits: last } = pair.ours.statistics;
    for (const why of ['check', 'instruction', 'stop', 'indirect'] as const) assert.ok(last[why] - exits[why] < 10n, why);
  });

  it('that are passed in a register end at a breakpoint in them, and have their code changed', () => {
    const pair = new Pair(passed, { writableCode: true });
    pair.run(300);
    const inside = pair.address('inside');
    for (const machine of pair.machines) machine.setBreakpoint(inside);
    for (let count = 0; count < 5; count += 1) {
      while (pair.run(500).kind === 'budget');
      assert.equal(pair.ours.pc, inside);
      pair.run(1);
    }
    for (const machine of pair.machines) {
      machine.clearBreakpoint(inside);
      // c.addi a0, 4
      machine.memory.write(pair.address('counts'), new Uint8Array([0x11, 0x05]));
    }
    assert.equal(causeOfEnd(pair, 97), 'breakpoint');
  });

  it('that are passed in a register may return to elsewhere', () => {
    const pair = new Pair(`
        .globl _start
_start: li s1, 500
        la s2, callee
again:  jalr s2
        addi s3, s3, 1
other:  addi s1, s1, -1
        bnez s1, again
        ebreak
callee: andi t1, s1, 7
        bnez t1, usual
        la ra, other
usual:  addi a0, a0, 1
        ret
`);
    assert.equal(causeOfEnd(pair, 61), 'breakpoint');
    assert.equal(pair.ours.readX(10), 500n);
  });
});
