import assert from 'node:assert/strict';
import { parseIsa } from '../../../riscv/isa-string';
import { exitCode, start } from './start';
import { testProgram } from './test-program';

/** The situations of the public machine-level tests, and those around them. */
const passing: Readonly<Record<string, readonly ['user' | 'machine', string]>> = {
  'arithmetic in user mode': ['user', 'li a0, 2\n addi a0, a0, 3\n check 2, a0, 5'],
  'mscratch by all six instructions': [
    'machine',
    `csrwi mscratch, 3
     csrr a0, mscratch
     check 2, a0, 3
     csrrci a1, mscratch, 1
     check 3, a1, 3
     csrrsi a2, mscratch, 4
     check 4, a2, 2
     csrrwi a3, mscratch, 2
     check 5, a3, 6
     li a0, 0xbad1dea
     csrrw a1, mscratch, a0
     check 6, a1, 2
     li a0, 0x1dea
     csrrc a0, mscratch, a0
     check 7, a0, 0xbad1dea
     li a0, 0xbeef
     csrrs a0, mscratch, a0
     check 8, a0, 0xbad0000
     csrr a0, mscratch
     check 9, a0, 0xbadbeef`,
  ],
  'identity CSRs': [
    'machine',
    `csrr a0, misa
     srli a0, a0, 62
     check 2, a0, 2
     csrr a0, mhartid
     check 3, a0, 0
     csrr a0, mimpid
     csrr a0, marchid
     csrr a0, mvendorid
     csrr a0, mconfigptr
     check 4, a0, 0`,
  ],
  'CSRs and mret below machine mode are illegal': [
    'user',
    `li a1, 0
     csrr a0, mstatus
     csrw mscratch, zero
     csrw cycle, zero
     csrr a0, cycle
     csrr a0, time
     csrr a0, instret
     csrr a0, hpmcounter3
     csrr a0, 0x123
     mret
     check 2, a1, 9
     j pass
handler: csrr t5, mcause
     check 3, t5, 2
     lw t5, (t0)
     addi a1, a1, 1
     csrr t5, mepc
     lwu t6, (t5)
     csrr s0, mtval
     bne t6, s0, fail
     addi t5, t5, 4
     csrw mepc, t5
     mret`,
  ],
  'counters are open to user mode where mcounteren says so': [
    'machine',
    `li t0, -1
     csrw mcounteren, t0
     csrr a0, mcounteren
     check 2, a0, 7
     li t0, 0x1800
     csrc mstatus, t0
     la t0, 1f
     csrw mepc, t0
     mret
1:   csrr a0, instret
     csrr a1, instret
     sub a1, a1, a0
     check 3, a1, 1
     csrr a0, cycle
     csrr a0, time`,
  ],
  'what is written to minstret and mcycle is what the next instruction reads': [
    'machine',
    `csrwi minstret, 0
     csrr a0, minstret
     check 2, a0, 0
     li t0, -1
     csrw mcycle, t0
     csrr a0, mcycle
     csrr a1, mcycle
     check 3, a0, -1
     check 4, a1, 0`,
  ],
  'mcountinhibit stops a counter': [
    'machine',
    `csrwi mcountinhibit, 5
     csrr a0, mcountinhibit
     check 2, a0, 5
     csrr a0, minstret
     nop
     csrr a1, minstret
     sub a1, a1, a0
     check 3, a1, 0
     csrwi mcountinhibit, 0
     csrr a0, minstret
     nop
     csrr a1, minstret
     sub a1, a1, a0
     check 4, a1, 2`,
  ],
  'performance counters read as zero': [
    'machine',
    `li t0, -1
     csrw mhpmcounter3, t0
     csrw mhpmevent31, t0
     csrr a0, mhpmcounter3
     check 2, a0, 0
     csrr a0, mhpmevent31
     check 3, a0, 0`,
  ],
  'no trigger can be selected': [
    'machine',
    'li t0, -1\n csrw tselect, t0\n csrr a0, tselect\n check 2, a0, 0\n csrr a0, tdata1\n check 3, a0, 0',
  ],
  'an illegal instruction traps, with its word': [
    'machine',
    `.option norvc
     li gp, 2
bad: .word 0
     j pass
handler: csrr t5, mcause
     check 3, t5, 2
     csrr t5, mtval
     check 4, t5, 0
     csrr t5, mepc
     la t6, bad
     bne t5, t6, fail
     addi t5, t5, 4
     csrw mepc, t5
     mret`,
  ],
  'an ecall of user mode has its own cause': [
    'user',
    `la gp, 1f
     .option norvc
1:   auipc t0, 0
     .word 0
handler: csrr t5, mcause
     check 2, t5, 2
     la t0, own
     csrw mtvec, t0
     la t0, 2f
     csrw mepc, t0
     mret
2:   ecall
     j fail
     .balign 4
own: csrr a0, mcause
     check 3, a0, 8
     csrr a0, mtval
     check 4, a0, 0
     csrr a0, mstatus
     li t0, 0x1880
     and a0, a0, t0
     check 5, a0, 0
     la t0, own2
     csrw mtvec, t0
3:   ecall
     .balign 4
own2: csrr a0, mcause
     check 6, a0, 11
     csrr a0, mepc
     la t0, 3b
     bne a0, t0, fail
     la t0, trap
     csrw mtvec, t0`,
  ],
  'an ebreak traps with its address': [
    'machine',
    `li gp, 2
here: ebreak
     j fail
handler: csrr t5, mcause
     check 3, t5, 3
     csrr t5, mepc
     la t6, here
     bne t5, t6, fail`,
  ],
  'a jump to nowhere is done, a load from nowhere is not': [
    'machine',
    `la s0, fail
     li t0, 1 << 63
     xor s0, s0, t0
     li gp, 2
     la s1, 1f
     li s2, 1
     li t2, 0
     jalr t2, s0
1:   li gp, 3
     la s1, 2f
     li s2, 5
     mv t2, s1
     lb t2, (s0)
     j fail
2:   li gp, 4
     la s1, 3f
     li s2, 7
     mv t2, s1
     sb t2, (s0)
     j fail
3:   j pass
handler: bne t2, s1, fail
     csrr t2, mcause
     bne t2, s2, fail
     csrr t2, mtval
     bne t2, s0, fail
     csrw mepc, s1
     mret`,
  ],
  'loads and stores need no alignment': [
    'machine',
    `la s0, bytes
     ld a0, 1(s0)
     check 2, a0, 0x0908070605040302
     lw a0, 3(s0)
     check 3, a0, 0x07060504
     lh a0, 5(s0)
     check 4, a0, 0x0706
     li t0, 0x1122334455667788
     sd t0, 3(s0)
     ld a0, 3(s0)
     check 5, a0, 0x1122334455667788
     j pass
     .balign 8
bytes: .byte 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16`,
  ],
  'atomics do': [
    'machine',
    `.option norvc
     la s0, tohost
     li gp, 2
     li s2, 4
     addi a0, s0, 2
     lr.w a1, (a0)
     j fail
     li gp, 3
     li s2, 6
     amoadd.d a1, zero, (a0)
     j fail
     j pass
handler: csrr t5, mcause
     bne t5, s2, fail
     csrr t5, mtval
     bne t5, a0, fail
     csrr t5, mepc
     addi t5, t5, 8
     csrw mepc, t5
     mret`,
  ],
  'a jump to a halfword is no trap with compressed instructions': [
    'machine',
    `li gp, 2
     la t0, 1f
     .option norvc
     jalr t1, 2(t0)
     .balign 4
1:   .option rvc
     c.nop
     c.j 2f
     j fail
2:   csrr a0, misa
     csrci misa, 4
     csrr a1, misa
     bne a0, a1, fail`,
  ],
  'the bit of pmpaddr below the grain is kept while it reads as zero': [
    'machine',
    `csrw pmpcfg0, zero
     li t0, -1
     csrw pmpaddr0, t0
     csrr t0, pmpaddr0
     neg t1, t0
     and s0, t0, t1
     srli s0, s0, 1
     li t0, 0x18
     csrs pmpcfg0, t0
     csrc pmpaddr0, s0
     csrr a0, pmpaddr0
     and a0, a0, s0
     check 2, a0, 0
     csrs pmpaddr0, s0
     csrc pmpcfg0, t0
     csrr a0, pmpaddr0
     and a0, a0, s0
     check 3, a0, 0
     csrs pmpcfg0, t0
     csrr a0, pmpaddr0
     and a0, a0, s0
     bne a0, s0, fail
     csrc pmpcfg0, t0
     csrc pmpaddr0, zero
     csrs pmpcfg0, t0
     csrr a0, pmpaddr0
     and a0, a0, s0
     bne a0, s0, fail
     csrc pmpcfg0, t0
     not t1, s0
     csrs pmpaddr0, t1
     csrs pmpcfg0, t0
     csrr a0, pmpaddr0
     and a0, a0, s0
     check 6, a0, 0`,
  ],
  'WARL fields take what is legal': [
    'machine',
    `li t0, -1
     csrw mstatus, t0
     csrr a0, mstatus
     check 2, a0, (1 << 63) | (2 << 32) | (1 << 21) | (1 << 17) | 0x6000 | 0x1800 | 0x88
     csrw mie, t0
     csrr a0, mie
     csrwi mie, 0
     csrwi mstatus, 0
     check 3, a0, 0x888
     li t0, 0x0800
     csrw mstatus, t0
     csrr a0, mstatus
     check 4, a0, 2 << 32
     li t0, 0x80000103
     csrr s0, mtvec
     csrw mtvec, t0
     csrr a0, mtvec
     bne a0, s0, fail
     li t0, 0x80000101
     csrw mtvec, t0
     csrr a0, mtvec
     csrw mtvec, s0
     check 6, a0, 0x80000101
     li t0, 0x80000003
     csrw mepc, t0
     csrr a0, mepc
     check 7, a0, 0x80000002
     li t0, -1
     csrw mip, t0
     csrr a0, mip
     check 8, a0, 0`,
  ],
  'MPRV is cleared by a return to user mode, and MIE restored from MPIE': [
    'machine',
    `li t0, 0x20080
     csrw mstatus, t0
     la t0, 1f
     csrw mepc, t0
     la t0, 2f
     csrw mtvec, t0
     mret
1:   ecall
     .balign 4
2:   csrr a0, mstatus
     check 2, a0, (2 << 32) | 0x80
     la t0, trap
     csrw mtvec, t0`,
  ],
};

describe('ISA tests on a bare machine', () => {
  for (const [name, [mode, body]] of Object.entries(passing)) {
    it(name, () => {
      const started = start(testProgram(mode, body));
      assert.equal(exitCode(started), 0, started.notes.join('\n'));
      assert.deepEqual(started.notes, []);
    });
  }

  it('a check that fails is told by its number', () => {
    const started = start(testProgram('user', 'li a0, 5\n check 2, a0, 5\n check 42, a0, 6'));
    assert.equal(exitCode(started), 42);
    assert.deepEqual(started.notes, ['tohost: test 42 failed']);
  });

  it('a trap that no test expects is told too', () => {
    const started = start(testProgram('user', 'li gp, 0\n li a0, 0\n lw a0, (a0)'));
    assert.equal(exitCode(started), 1337 >> 1);
  });

  it('without F, its CSRs and mstatus.FS are not there', () => {
    const body = `li t0, 0x6000
      csrs mstatus, t0
      csrr a0, mstatus
      check 2, a0, (2 << 32) | 0x80
      csrr a0, fcsr
      j fail
handler: csrr t5, mcause
      check 3, t5, 2`;
    assert.equal(exitCode(start(testProgram('machine', body), { isa: parseIsa('rv64imac_zicsr_zifencei') })), 0);
  });
});
