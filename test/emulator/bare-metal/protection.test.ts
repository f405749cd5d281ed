import assert from 'node:assert/strict';
import { exitCode, start } from './start';

/** Sets up entries of the PMP, enters user mode, and counts traps there: s1 holds their causes, s2 the last mtval. */
function userProgram(setup: string, user: string): string {
  return `
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        ${setup}
        la t0, user
        csrw mepc, t0
        csrw mstatus, zero
        mret
        .balign 4
handler: csrr t0, mcause
        li t1, 8
        beq t0, t1, done
        slli s1, s1, 4
        or s1, s1, t0
        csrr s2, mtval
        csrr t1, mepc
        li t2, 1
        beq t0, t2, done
        addi t1, t1, 4
        csrw mepc, t1
        mret
done:   li t0, 0x100000
        li t1, 0x5555
        sw t1, (t0)
        .balign 4096
        .option norvc
user:   ${user}
        ecall
        .data
        .balign 4096
shared: .dword 0x1234
        .balign 4096
secret: .dword 0x5678
        .balign 4096
`;
}

const everything = 'li t0, -1\n csrw pmpaddr1, t0\n li t0, 0x1f00\n csrs pmpcfg0, t0';
/** Entry 0: the page of `secret`, with these permissions. */
const secretPage = (bits: string) => `la t0, secret
        srli t0, t0, 2
        ori t0, t0, 0x1ff
        csrw pmpaddr0, t0
        li t0, ${bits}
        csrw pmpcfg0, t0`;

describe('physical memory protection', () => {
  it('without an entry user mode can do nothing', () => {
    const { machine, ...started } = start(userProgram('', 'nop'));
    assert.equal(exitCode({ machine, ...started }), 0);
    assert.equal(machine.readX(9), 1n);
    assert.equal(machine.readX(18), started.program.symbols.named('user')!.address);
  });

  it('user mode reads what an entry lets it read, and cannot write it', () => {
    const started = start(
      userProgram(`${secretPage('0x19')}\n${everything}`, 'la a0, secret\n ld a1, (a0)\n sd zero, (a0)\n la a2, shared\n sd a1, (a2)'),
    );
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(11), 0x5678n);
    assert.equal(started.machine.readX(9), 7n);
    assert.equal(started.machine.readX(18), started.program.symbols.named('secret')!.address);
    assert.equal(started.machine.memory.load(started.program.symbols.named('shared')!.address, 8), 0x5678n);
  });

  it('an access that crosses into a page without permission names that page', () => {
    const started = start(userProgram(`${secretPage('0x18')}\n${everything}`, 'la a0, secret\n ld a1, -4(a0)'));
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(9), 5n);
    assert.equal(started.machine.readX(18), started.program.symbols.named('secret')!.address);
  });

  it('an entry that is not locked does not bind machine mode, a locked one does and stays', () => {
    const program = (bits: string) => `
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        ${secretPage(bits)}
        la a0, secret
        ld a1, (a0)
        csrw pmpcfg0, zero
        csrw pmpaddr0, zero
        csrr a2, pmpcfg0
        j handler
        .balign 4
handler: csrr s1, mcause
        csrr a2, pmpcfg0
        li t0, 0x100000
        li t1, 0x5555
        sw t1, (t0)
        .data
        .balign 4096
secret: .dword 0x5678
        .balign 4096`;
    const open = start(program('0x18'));
    assert.equal(exitCode(open), 0);
    assert.deepEqual([open.machine.readX(11), open.machine.readX(9), open.machine.readX(12)], [0x5678n, 0n, 0n]);
    const locked = start(program('0x98'));
    assert.equal(exitCode(locked), 0);
    assert.deepEqual([locked.machine.readX(9), locked.machine.readX(12)], [5n, 0x98n]);
  });

  it('top of range, and code that user mode must not execute', () => {
    const setup = `la t0, user
        srli t0, t0, 2
        csrw pmpaddr0, t0
        la t0, shared
        srli t0, t0, 2
        csrw pmpaddr1, t0
        li t0, 0x0d08
        csrw pmpcfg0, t0
        li t0, -1
        csrw pmpaddr2, t0
        li t0, 0x1b0000
        csrs pmpcfg0, t0`;
    const started = start(userProgram(setup, 'la a0, shared\n ld a1, (a0)\n jr a0'));
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(11), 0x1234n);
    assert.equal(started.machine.readX(9), 1n);
    assert.equal(started.machine.readX(18), started.program.symbols.named('shared')!.address);
  });

  it('MPRV makes machine mode access memory as user mode would', () => {
    const started = start(`
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        ${secretPage('0x18')}
        ${everything}
        la a0, secret
        ld a1, (a0)
        li t0, 1 << 17
        csrw mstatus, t0
        ld a2, (a0)
        .balign 4
handler: csrr s1, mcause
        csrr s2, mstatus
        li t0, 0x100000
        li t1, 0x5555
        csrw mstatus, zero
        sw t1, (t0)
        .data
        .balign 4096
secret: .dword 0x5678
        .balign 4096`);
    assert.equal(exitCode(started), 0);
    assert.deepEqual([started.machine.readX(11), started.machine.readX(12), started.machine.readX(9)], [0x5678n, 0n, 5n]);
  });

  it('hot code of user mode keeps to it after many changes of mode', () => {
    const started = start(`
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        ${secretPage('0x18')}
        ${everything}
        la a0, secret
        li s3, 200
1:      la t0, user
        csrw mepc, t0
        csrw mstatus, zero
        mret
        .balign 4
handler: csrr t0, mcause
        li t1, 5
        bne t0, t1, done
        addi s1, s1, 1
        li t1, 500
2:      ld t2, (a0)
        addi t1, t1, -1
        bnez t1, 2b
        addi s3, s3, -1
        bnez s3, 1b
done:   li t0, 0x100000
        li t1, 0x5555
        sw t1, (t0)
user:   li t1, 500
        la a1, shared
3:      ld t2, (a1)
        addi t1, t1, -1
        bnez t1, 3b
        ld t2, (a0)
        ecall
        .data
        .balign 4096
shared: .dword 0
        .balign 4096
secret: .dword 0x5678
        .balign 4096`);
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(9), 200n);
  });
});
