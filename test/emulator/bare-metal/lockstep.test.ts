import assert from 'node:assert/strict';
import { BareMetal } from '../../../emulator/bare-metal/bare-metal';
import type { RiscvMachine } from '../../../emulator/riscv-machine';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';
import { Random } from '../../support/random';
import { Lockstep } from '../translator/lockstep';
import { runInSlices, SameHosts } from '../translator/lockstep-process';

/**
 * Hot loops in machine and in user mode, which a timer interrupts each few hundred instructions, now more and now fewer; user mode calls
 * the machine, and stores to what it may not. The handler keeps when and where it was entered, and prints.
 */
const program = `
        .globl _start
_start: la sp, stack
        la t0, handler
        csrw mtvec, t0
        la t0, frame
        csrw mscratch, t0
        li t0, -1
        csrw pmpaddr1, t0
        li t0, 0x80001000 >> 2
        csrw pmpaddr0, t0
        li t0, 0x0f0d                   # reads and executes below, everything above
        csrw pmpcfg0, t0
        call set_timer
        li t0, 0x80
        csrw mie, t0
        csrsi mstatus, 8
        li s0, 0
        la s1, cells
machine_loop:
        addi s0, s0, 1
        andi t0, s0, 63
        slli t0, t0, 3
        add t0, t0, s1
        ld t1, 0(t0)
        add t1, t1, s0
        sd t1, 0(t0)
        csrr t2, minstret
        xor s2, s2, t2
        li t3, 4000
        blt s0, t3, machine_loop
        # The rest in user mode.
        la t0, user
        csrw mepc, t0
        li t0, 0x1800
        csrc mstatus, t0
        mret
user:   li s0, 0
        la s4, _start
1:      addi s0, s0, 1
        call leaf
        andi t0, s0, 127
        bnez t0, 2f
        ecall
        sd s0, 0(s4)                    # refused
2:      li t0, 3000
        blt s0, t0, 1b
        li a7, 1
        ecall
leaf:   add s3, s3, s0
        sd s3, -8(sp)
        ld t1, -8(sp)
        xor s2, s2, t1
        ret

        .balign 4
handler:
        csrrw t6, mscratch, t6
        sd t0, 0(t6)
        sd t1, 8(t6)
        sd ra, 16(t6)
        la t0, log
        lw t1, next
        add t0, t0, t1
        addi t1, t1, 32
        andi t1, t1, 2047
        sw t1, next, ra
        csrr t1, minstret
        sd t1, 0(t0)
        csrr t1, mepc
        sd t1, 8(t0)
        csrr t1, mtval
        sd t1, 24(t0)
        csrr t1, mcause
        sd t1, 16(t0)
        bltz t1, timer
        li t0, 8
        bne t1, t0, behind
        li t0, 1
        beq a7, t0, done
        li t0, 0x10000000
        li t1, '.'
        sb t1, (t0)
behind: csrr t0, mepc
        lhu t1, 0(t0)
        andi t1, t1, 3
        addi t0, t0, 2
        addi t1, t1, -3
        bnez t1, 3f
        addi t0, t0, 2
3:      csrw mepc, t0
        j back
timer:  call set_timer
back:   ld t0, 0(t6)
        ld t1, 8(t6)
        ld ra, 16(t6)
        csrrw t6, mscratch, t6
        mret

set_timer:
        li t0, 0x200bff8
        ld t0, (t0)
        csrr t1, minstret
        andi t1, t1, 7
        add t0, t0, t1
        addi t0, t0, 3
        li t1, 0x2004000
        sd t0, (t1)
        ret

done:   li t0, 0x100000
        li t1, 0x5555
        sw t1, (t0)
        j done
        .data
        .balign 4096
next:   .word 0
        .balign 8
frame:  .zero 64
log:    .zero 2048
cells:  .zero 512
        .zero 1024
stack:
`;

describe('a bare machine, translated and interpreted in lockstep', () => {
  it('is interrupted at the same instruction, and has the same CSRs, in all modes', () => {
    const { image, diagnostics } = assemble([{ path: 'program.S', text: program }], { textAddress: 0x8000_0000n, callSites: false });
    assert.ok(image, diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
    const read = readProgram(image, 'program');
    for (const hotAfter of [2, 30]) {
      const hosts = new SameHosts();
      const [ours, theirs] = ([0, 1] as const).map((index): RiscvMachine => {
        const engine = index === 0 ? { hotAfter } : { hotAfter: 0, notesWrites: true };
        return BareMetal.start(read, { arguments: ['program'], host: hosts.host(index), memory: 1, ...engine }).machine;
      }) as [RiscvMachine, RiscvMachine];
      const both = new Lockstep(ours, theirs, 'bare machine', hosts);
      assert.deepEqual(runInSlices(both, 2_000_000, new Random(hotAfter)), { kind: 'exit', code: 0 });
      assert.equal(hosts.output[1], '.'.repeat(23));
      assert.ok(both.exits > 300 && ours.statistics.translated > 3, `${both.exits} exits of ${ours.statistics.translated} regions`);
    }
  });
});
