import assert from 'node:assert/strict';
import type { Stop } from '../../../emulator/machine';
import { causeOf, Pair, runToEnd } from './pair';

const budget: Stop = { kind: 'budget' };

const loop = `
        .globl _start
_start: la s0, array
        li s1, 0
        li s2, 1000
again:  andi t0, s1, 127
        slli t0, t0, 3
        add t0, t0, s0
        ld t1, 0(t0)
        add t1, t1, s1
        sd t1, 0(t0)
        addi s1, s1, 1
middle: bne s1, s2, again
        li s1, 0
        j again
        .bss
        .align 3
array:  .zero 1024
`;

/** A program that goes round `body`, from `again` on, in which it writes one of two instructions (s2, s3) to `patched` (s0), in turn. */
function writingItself(body: string): string {
  return `
        .option norvc
        .globl _start
_start: la s0, patched
        la s1, other
        lw s2, 0(s0)
        lw s3, 0(s1)
${body}
        mv t0, s2
        mv s2, s3
        mv s3, t0
        addi s6, s6, 1
        j again
        .align 12
patched: addi a0, a0, 1
        ret
other:  addi a0, a0, 100
`;
}

describe('regions', () => {
  it('are left in the middle of loops when the fuel ends, at any instruction', () => {
    const pair = new Pair(loop);
    for (let slice = 1; slice < 120; slice += 1) assert.deepEqual(pair.run(slice), budget);
    for (const slice of [1000, 9999, 100_003]) assert.deepEqual(pair.run(slice), budget);
    assert.ok(pair.ours.statistics.regions > 0);
    assert.ok(pair.ours.statistics.exits.fuel > 0n);
  });

  it('that begin in the innermost of several loops end with the fuel at any instruction', () => {
    const pair = new Pair(`
        .globl _start
_start: li s1, 0
first:  addi s1, s1, 1
        andi s2, s1, 3
second: addi s2, s2, 1
        li s3, 5
third:  add s4, s4, s3
        addi s3, s3, -1
        bnez s3, third
        slti t0, s2, 6
        bnez t0, second
        andi t0, s1, 1
        beqz t0, first
        j third
`);
    for (let slice = 1; slice < 150; slice += 1) assert.deepEqual(pair.run(slice), budget);
    for (const slice of [1000, 9999, 100_003]) assert.deepEqual(pair.run(slice), budget);
    assert.ok(pair.ours.statistics.regions > 0);
  });

  it('that are called go where a register says, also where that is nowhere', () => {
    for (const nowhere of ['-1', '-2', '-3', '1', '0x7ffffffe']) {
      const pair = new Pair(
        `
        .globl _start
_start: li s1, 200
        la s2, there
again:  addi s1, s1, -1
        bnez s1, 1f
        li s2, ${nowhere}
1:      jal ra, callee
        j again
callee: addi s3, s3, 1
        addi sp, sp, -16
        sd ra, 8(sp)
        jal ra, leaf
        ld ra, 8(sp)
        addi sp, sp, 16
        jr s2
leaf:   addi s4, s4, 1
        ret
there:  addi s5, s5, 1
        ret
`,
        { hotAfter: 20 },
      );
      assert.equal(runToEnd(pair, 100_000).kind, 'exception', nowhere);
      assert.equal(pair.ours.readX(19), 200n);
      assert.ok(pair.ours.statistics.regions > 0);
    }
  });

  it('do not run over breakpoints and hooks that are set and cleared while the program runs', () => {
    const pair = new Pair(loop);
    pair.run(10_000);
    const middle = pair.address('middle');
    let calls = 0;
    for (const machine of pair.machines) machine.setBreakpoint(middle);
    for (let count = 0; count < 3; count += 1) assert.deepEqual(pair.run(5000), { kind: 'breakpoint' });
    assert.equal(pair.ours.pc, middle);
    for (const machine of pair.machines) {
      machine.clearBreakpoint(middle);
      machine.setHook(middle, () => {
        calls += 1;
        return 'continue';
      });
    }
    assert.deepEqual(pair.run(8 * 1000), budget);
    assert.ok(calls > 1900 && calls % 2 === 0, `${calls}`);
    for (const machine of pair.machines) machine.clearHook(middle);
    assert.deepEqual(pair.run(100_000), budget);
    assert.ok(pair.ours.statistics.dropped['stop changed'] >= 1);
    assert.ok(pair.ours.statistics.regions > 0);
  });

  it('see registers, memory and the pc that are written while the program stands', () => {
    const pair = new Pair(loop);
    pair.run(10_000);
    for (const machine of pair.machines) {
      machine.writeX(9, 990n);
      machine.memory.write(pair.address('array'), new Uint8Array(1024).fill(7));
    }
    pair.run(10_000);
    for (const machine of pair.machines) machine.pc = pair.address('_start');
    pair.run(10_000);
  });

  for (const [what, access, cause] of [
    ['a NULL load', 'ld t1, 0(t2)', 'load-access-fault'],
    ['a NULL store', 'sd t1, 8(t2)', 'store-access-fault'],
    ['a store to read-only memory', 'sw t1, 0(t3)', 'store-access-fault'],
    ['a wild load whose lower half is an address', 'lw t1, 0(t4)', 'load-access-fault'],
    ['an atomic that is not aligned', 'amoadd.w t1, t1, (t5)', 'store-misaligned'],
    ['an ebreak', 'ebreak', 'breakpoint'],
    ['an ecall', 'ecall', 'environment-call'],
    ['an unimp', 'unimp', 'illegal-instruction'],
    ['a jump to nothing', 'jr t2', 'instruction-access-fault'],
    ['a jump far away', 'jr t6', 'instruction-access-fault'],
  ] as const) {
    it(`stop exactly at ${what}`, () => {
      const pair = new Pair(`
        .globl _start
_start: la s0, data
        li s1, 0
        li s2, 500
        mv t2, s0
        mv t3, s0
        mv t4, s0
        mv t5, s0
        la t6, after
again:  addi s1, s1, 1
        sd s1, 0(s0)
        bne s1, s2, skip
        li t2, 0
        la t3, _start
        li t4, 1
        slli t4, t4, 32
        add t4, t4, s0
        addi t5, s0, 2
        li t6, 1
        slli t6, t6, 45
        addi s3, s1, 3
        ${access}
after:  addi s3, s1, 5
skip:   addi s4, s4, 3
        j again
        .data
        .align 3
data:   .dword 0, 0, 0
`);
      assert.equal(causeOf(runToEnd(pair)), cause);
      assert.equal(pair.ours.readX(9), 500n);
      assert.ok(pair.ours.statistics.regions > 0);
    });
  }

  it('come back to a return address that was changed, and from a longjmp', () => {
    const pair = new Pair(`
        .option norvc
        .globl _start
_start: li s1, 0
        li s2, 3000
again:  call outer
        addi s1, s1, 1
        bne s1, s2, again
        ebreak
outer:  addi sp, sp, -16
        sd ra, 8(sp)
        mv s3, sp
        la s4, landed
        andi t0, s1, 3
        call inner
        addi s5, s5, 1
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
landed: mv sp, s3
        addi s6, s6, 1
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
inner:  addi sp, sp, -16
        sd ra, 8(sp)
        call leaf
        nop
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
leaf:   bnez t0, fine
        jr s4
fine:   li t1, 1
        bne t0, t1, plain
        addi ra, ra, 4
plain:  ret
`);
    assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
    assert.equal(pair.ours.readX(22), 750n);
    assert.ok(pair.ours.statistics.regions > 2);
  });

  it('recurse a million calls deep without end of the host stack', () => {
    const text = `
        .globl _start
_start: li a0, 1000000
        call count
        mv s1, a0
        li a0, 1000
        call count
        ebreak
count:  addi sp, sp, -16
        sd ra, 8(sp)
        sd a0, 0(sp)
        beqz a0, end
        addi a0, a0, -1
        call count
        ld t0, 0(sp)
        add a0, a0, t0
end:    ld ra, 8(sp)
        addi sp, sp, 16
        ret
`;
    const pair = new Pair(text, { stackSize: 0x1800000n, size: 0x2000000 });
    assert.equal(causeOf(runToEnd(pair, 7_000_000)), 'breakpoint');
    assert.equal(pair.ours.readX(9), (1_000_000n * 1_000_001n) / 2n);
  });

  it('are left by two functions that jump into each other for ever', () => {
    const pair = new Pair(`
        .globl _start
_start: la s2, one
        la s3, two
one:    addi s1, s1, 1
        andi t0, s1, 64
        bnez t0, on
        jr s3
on:     jr s3
two:    addi s4, s4, 3
        jr s2
`);
    for (const slice of [10, 1000, 100_000, 1_000_000]) assert.deepEqual(pair.run(slice), budget);
  });

  it('are entered and left by indirect jumps into their middle, some of which come late', () => {
    const pair = new Pair(
      `
        .globl _start
_start: la s0, table
        li s1, 0
        li s2, 20000
again:  andi t0, s1, 7
        sltiu t1, s1, 1000
        sll t0, t0, t1
        andi t0, t0, 7
        slli t0, t0, 3
        add t0, t0, s0
        ld t3, 0(t0)
        jr t3
case0:  addi a0, a0, 1
case1:  addi a1, a1, 3
        j next
case2:  slli a0, a0, 1
        bltu a1, a0, case1
case3:  xor a0, a0, a1
        j case6
case4:  addi a2, a2, 9
case5:  addi a2, a2, -4
        mv t1, s1
inner:  addi t1, t1, -1
        andi t2, t1, 3
        bnez t2, inner
case6:  sub a1, a1, a2
next:   addi s1, s1, 1
        bne s1, s2, again
        ebreak
        .data
        .align 3
table:  .dword case0, case1, case2, case3, case4, case5, case6, inner
`,
      { hotAfter: 20 },
    );
    assert.equal(causeOf(runToEnd(pair, 3_333)), 'breakpoint');
    const { statistics } = pair.ours;
    assert.ok(statistics.exits.indirect > 0n);
    assert.ok(statistics.dropped['new target'] > 0);
  });

  it('whose loops have two entries are right', () => {
    const pair = new Pair(`
        .globl _start
_start: andi t0, s1, 1
        addi s1, s1, 1
        li t1, 20
        beqz t0, lower
upper:  addi s2, s2, 1
        addi t1, t1, -1
        beqz t1, _start
lower:  addi s3, s3, 5
        addi t1, t1, -1
        bnez t1, upper
        li t2, 10000
        bltu s1, t2, _start
        ebreak
`);
    assert.equal(causeOf(runToEnd(pair, 10_001)), 'breakpoint');
  });

  it('go with code that the program writes, from fence.i on', () => {
    const pair = new Pair(
      writingItself(`
again:  li s4, 50
inner:  call patched
        addi s4, s4, -1
        bnez s4, inner
        sw s3, 0(s0)
        call patched
        fence.i
`),
      { writableCode: true },
    );
    for (let count = 0; count < 5; count += 1) pair.run(50_000);
    assert.ok(pair.ours.statistics.dropped['code changed'] > 10);
  });

  it('are made of code as it was decoded, whatever the program has written there since', () => {
    const pair = new Pair(
      writingItself(`
        call patched
again:  li s4, 50
        sw s3, 0(s0)
inner:  call patched
        addi s4, s4, -1
        bnez s4, inner
        fence.i
        call patched
`),
      { writableCode: true, hotAfter: 10 },
    );
    for (let count = 0; count < 5; count += 1) pair.run(50_000);
    assert.ok(pair.ours.statistics.dropped['code changed'] > 10);
  });

  it('jump to code as it was decoded, where they are left for the host to learn of it', () => {
    const targets = 8;
    const each = Array.from({ length: targets }, (_, number) => `to${number}: addi a0, a0, ${number}\n        j back\n`).join('');
    const pair = new Pair(
      `
        .option norvc
        .globl _start
_start: la s0, table
        lw s2, other
# All targets are come to, and then written over without a fence.
        li s1, ${targets}
        la s3, back
first:  addi s1, s1, -1
        slli t0, s1, 3
        add t0, t0, s0
        ld t1, 0(t0)
        jalr ra, t1
        bnez s1, first
        li s1, ${targets}
write:  addi s1, s1, -1
        slli t0, s1, 3
        add t0, t0, s0
        ld t1, 0(t0)
        sw s2, 0(t1)
        bnez s1, write
        li s4, 4000
        la ra, loop
loop:   addi s4, s4, -1
        beqz s4, end
        srli t0, s4, 6
        andi t0, t0, ${targets - 1}
        slli t0, t0, 3
        add t0, t0, s0
        ld t1, 0(t0)
        jr t1
back:   ret
${each}
end:    ebreak
other:  addi a0, a0, 100
        .data
        .align 3
table:  .dword ${Array.from({ length: targets }, (_, number) => `to${number}`).join(', ')}
`,
      { writableCode: true, hotAfter: 10 },
    );
    assert.equal(causeOf(runToEnd(pair, 10_000)), 'breakpoint');
    assert.ok(pair.ours.statistics.exits.indirect > 0n);
  });

  it('stop at what is unmapped or read-only, stay, and go on where it is mapped again', () => {
    const pair = new Pair(loop);
    pair.run(10_000);
    const page = pair.address('array') - (pair.address('array') % 0x1000n);
    const map = (write: boolean) => {
      for (const { memory } of pair.machines) {
        memory.unmap(page, 0x1000n);
        memory.map({ name: 'array', address: page, size: 0x1000n, permissions: { read: true, write, execute: false } });
      }
    };
    for (const machine of pair.machines) machine.memory.unmap(page, 0x1000n);
    for (let count = 0; count < 2; count += 1) assert.equal(causeOf(pair.run(10_000)), 'load-access-fault');
    map(false);
    for (let count = 0; count < 2; count += 1) assert.equal(causeOf(pair.run(10_000)), 'store-access-fault');
    map(true);
    assert.deepEqual(pair.run(10_000), budget);
    assert.equal(pair.ours.statistics.dropped['permissions changed'], 0);
  });

  it('are made several at a time, and dropped one by one', () => {
    const count = 24;
    const calls = Array.from({ length: count }, (_, index) => `        mv a0, s1\n        call f${index}\n        add s2, s2, a0\n`);
    // Each makes a call, so that none is put in line; calls go backwards, which are counted.
    const functions = Array.from(
      { length: count },
      (_, index) => `
g${index}: addi sp, sp, -16
        sd ra, 0(sp)
        li a1, ${index + 2}
1:      addi a1, a1, -1
        add a0, a0, a1
        bnez a1, 1b
        call h
        ld ra, 0(sp)
        addi sp, sp, 16
        ret
f${index}: addi sp, sp, -16
        sd ra, 8(sp)
        addi a0, a0, ${index}
        slli a1, a0, ${index % 8}
        xor a0, a0, a1
        call g${index}
middle${index}: ld ra, 8(sp)
        addi sp, sp, 16
        ret
`,
    );
    const text = `
        .globl _start
h:      addi a0, a0, 1
        ret
${functions.join('')}
_start: addi s1, s1, 1
        andi a3, s1, 7
        la a4, table
        slli a3, a3, 3
        add a4, a4, a3
        ld a4, 0(a4)
        mv a0, s1
        jalr a4
${calls.join('')}        j _start
        .data
        .align 3
table:  .dword f0, g1, f2, g3, f4, g5, f6, g7
`;
    const pair = new Pair(text, { hotAfter: 60 });
    assert.deepEqual(pair.run(200_000), budget);
    const { regions, translated, waits } = pair.ours.statistics;
    assert.ok(regions > count && waits.length < translated, `${regions} regions, ${translated} made in ${waits.length} times`);
    for (let index = 0; index < count; index += 1) {
      const before = pair.ours.statistics.regions;
      const address = pair.address(`middle${index}`);
      for (const machine of pair.machines) machine.setBreakpoint(address);
      const dropped = before - pair.ours.statistics.regions;
      assert.ok(dropped >= 1 && dropped <= 2, `${dropped} of ${before} were dropped`);
      assert.deepEqual(pair.run(100_000), { kind: 'breakpoint' });
      assert.equal(pair.ours.pc, address);
      assert.deepEqual(pair.run(50), budget);
      for (const machine of pair.machines) machine.clearBreakpoint(address);
      assert.deepEqual(pair.run(20_000), budget);
    }
  });

  it('are called by pointers to more functions than can be open to jumps at once', () => {
    const functions = Array.from({ length: 1200 }, (_, index) => index);
    const pair = new Pair(
      `
        .globl _start
_start: la s0, table
        li s1, 0
again:  slli t0, s1, 3
        add t0, t0, s0
        ld t0, 0(t0)
        jalr t0
        addi s1, s1, 1
        li t1, ${functions.length}
        bltu s1, t1, again
        li s1, 0
        j again
${functions.map((index) => `f${index}: addi a0, a0, ${index}\n        ret\n`).join('')}
        .data
        .balign 8
table:  ${functions.map((index) => `.dword f${index}\n`).join('        ')}`,
    );
    for (let count = 0; count < 4; count += 1) assert.deepEqual(pair.run(40_000), budget);
    assert.ok(pair.ours.statistics.translated > functions.length, `${pair.ours.statistics.translated} regions made`);
  });

  it('stay few while a program makes code for ever, and those that are used stay', () => {
    const pair = new Pair(
      `
        .option norvc
        .globl _start
_start: li s0, 0x100000                 # where code is made
        li s1, 0
        la s2, pattern
again:  li s4, 40
1:      mv a0, s4
        call used
        addi s4, s4, -1
        bnez s4, 1b
        andi t0, s1, 2047
        li t2, 68
        mul t0, t0, t2
        add t0, t0, s0
        lw t1, 0(s2)                    # addi a0, a0, IMMEDIATE
        slli t2, s1, 20
        xor t1, t1, t2
        sw t1, 0(t0)
        lw t1, 4(s2)
        sw t1, 4(t0)
        lw t1, 8(s2)
        sw t1, 8(t0)
        lw t1, 12(s2)
        sw t1, 12(t0)
        fence.i
        li t5, 10
        jalr t0
        addi s1, s1, 1
        j again
used:   slli a1, a0, 3
        add s5, s5, a1
        andi a1, a1, 64
        beqz a1, 2f
        addi s6, s6, 1
2:      ret
        .data
        .align 2
pattern: .word 0x00150513, 0xffff0f13, 0xfe0f1ce3, 0x00008067
`,
    );
    for (const machine of pair.machines) {
      machine.memory.map({ name: 'made', address: 0x100000n, size: 0x23000n, permissions: { read: true, write: true, execute: true } });
    }
    const { ours } = pair;
    for (let count = 0; count < 8; count += 1) {
      assert.deepEqual(pair.run(200_000), budget);
      const { regions, bytes, resting } = ours.statistics;
      assert.ok(regions <= 2000 && bytes < 16 << 20, `${regions} regions of ${bytes} bytes, ${resting} at rest`);
    }
    // There is room for 2048 functions, each of which is made again, as another one.
    const { translated } = ours.statistics;
    assert.ok(translated > 2048 + 200, `${translated} regions made`);
    assert.ok(ours.statistics.dropped.cold > 200, `${ours.statistics.dropped.cold} were cold`);
  });
});
