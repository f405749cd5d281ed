import assert from 'node:assert/strict';
import { hartAt, LinearMemory, pageSize, permissionBits } from '../../../emulator/linear-memory';
import { PageRuns } from '../../../emulator/translator/page-runs';
import { Sites } from '../../../emulator/translator/sites';
import { causeOf, Pair, runToEnd } from './pair';

const heaps = [
  { which: 'was there when the program began', isThere: true, drops: { least: 1, most: 2 } },
  { which: 'is mapped while it runs', isThere: false, drops: { least: 0, most: 0 } },
];

describe('accesses of regions', () => {
  for (const { which, isThere, drops } of heaps) {
    it(`rely on no run whose end moves to and fro, and follow it, where that ${which}`, () => {
      const pair = new Pair(`
        .globl _start
_start: la s2, one
again:  ld t1, 0(s2)
        addi t1, t1, 1
        sd t1, 0(s2)
        j again
        .data
        .align 12
one:    .zero 4096
`);
      const end = pair.address('one') + 0x1000n;
      const region = { name: 'heap', address: end, size: 0x1000n, permissions: { read: true, write: true, execute: false } };
      if (isThere) for (const { memory } of pair.machines) memory.map(region);
      pair.run(1000);
      for (let round = 0; round < 20; round += 1) {
        if (round > 0 || !isThere) for (const { memory } of pair.machines) memory.map(region);
        pair.run(500);
        // Past the end that was, and where the program stands.
        for (const machine of pair.machines) machine.writeX(18, round % 2 ? end : end - 8n);
        pair.run(500);
        for (const machine of pair.machines) {
          machine.writeX(18, end - 16n);
          machine.memory.unmap(end, 0x1000n);
        }
        pair.run(500);
      }
      for (const machine of pair.machines) machine.writeX(18, end);
      assert.match(`${causeOf(pair.run(500))}`, /^(load|store)-access-fault$/);
      const { dropped, exits, translated } = pair.ours.statistics;
      const changed = dropped['permissions changed'];
      assert.ok(changed >= drops.least && changed <= drops.most, `${changed} dropped`);
      assert.ok(translated <= 6 && exits.check <= 10n, `${translated} regions, ${exits.check} checks failed`);
    });
  }

  it('that come to go elsewhere, over and over, do not have their regions made again each time', () => {
    const pair = new Pair(`
        .globl _start
_start: li s0, 40
        la s2, one
        addi s3, sp, -512
again:  mv a0, s2
        call sum
        xor s2, s2, s3
        xor s3, s2, s3
        xor s2, s2, s3
        addi s0, s0, -1
        bnez s0, again
        ebreak
sum:    li t0, 32
next:   ld t1, 0(a0)
        add a1, a1, t1
        sd a1, 0(a0)
        addi a0, a0, 8
        addi t0, t0, -1
        bnez t0, next
        ret
        .data
        .align 3
one:    .zero 256
`);
    assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
    assert.ok(pair.ours.statistics.exits.check > 4n);
    assert.ok(pair.ours.statistics.dropped['access elsewhere'] <= 3);
  });

  it('are checked alone where memory ends before what may be accessed, and never is', () => {
    const pair = new Pair(`
        .globl _start
_start: li s0, 5000
        la s1, end
again:  lw t0, -4(s1)
        beqz t0, next
        lw t1, 96(s1)
        add s2, s2, t1
next:   addi s3, s3, 1
        xor s1, s1, s3
        xor s1, s1, s3
        addi s0, s0, -1
        bnez s0, again
        ebreak
        .data
        .balign 4096
        .zero 4096
end:
`);
    assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
    assert.equal(pair.ours.readX(19), 5000n);
    assert.ok(pair.ours.statistics.dropped['access elsewhere'] <= 3);
    const { check } = pair.ours.statistics.exits;
    assert.ok(check > 0n && check < 100n, `${check} checks failed`);
  });

  it('beside one pointer that goes to and fro are all made again at once', () => {
    const pair = new Pair(`
        .globl _start
_start: la s2, one
        addi s4, sp, -512
        li s5, 2000
again:  srli t0, s3, 1
        andi t0, t0, 3
        beqz t0, first
        addi t0, t0, -1
        beqz t0, second
        addi t0, t0, -1
        beqz t0, third
        ld t1, 192(s2)
        j next
first:  ld t1, 0(s2)
        j next
second: ld t1, 64(s2)
        j next
third:  ld t1, 128(s2)
next:   add a0, a0, t1
        addi s3, s3, 1
        beq s3, s5, done
        andi t0, s3, 31
        bnez t0, again
        call swap
        j again
done:   ebreak
swap:   xor s2, s2, s4
        xor s4, s2, s4
        xor s2, s2, s4
        addi sp, sp, -16
        sd ra, 8(sp)
        call other
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
other:  ret
        .data
        .align 3
one:    .zero 256
`);
    assert.equal(causeOf(runToEnd(pair)), 'breakpoint');
    const { exits, dropped } = pair.ours.statistics;
    assert.ok(exits.check > 0n);
    assert.ok(dropped['access elsewhere'] <= 8, `${dropped['access elsewhere']} dropped`);
  });

  it('are expected beside registers as they were where a region begins, not elsewhere', () => {
    const memory = new LinearMemory({ base: 0n, size: 0x40000, codePages: 1 });
    const [data, other] = [0x10000, 0x20000];
    for (const start of [data, other]) memory.permissions.fill(permissionBits.read, start / pageSize, start / pageSize + 4);
    const sites = new Sites(memory, new PageRuns(memory, () => [{ start: 0, end: 0x40000 }]), () => undefined);
    const [stackPointer, preserved] = [2, 8];
    for (const register of [stackPointer, preserved]) memory.doublewords[(hartAt.x >> 3) + register] = BigInt(data);
    const there = new BigUint64Array(32).fill(BigInt(other));
    const startOf = (base: number, registers: BigUint64Array | undefined) =>
      sites.expect(0x100, { base, low: 0, high: 8, bits: permissionBits.read }, true, registers).run?.start;
    assert.equal(startOf(preserved, there), other);
    assert.equal(startOf(preserved, undefined), undefined);
    assert.equal(startOf(stackPointer, undefined), data);
  });
});
