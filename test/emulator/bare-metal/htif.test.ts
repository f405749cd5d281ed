import assert from 'node:assert/strict';
import { exitCode, start } from './start';

const symbols = `
        .section .tohost, "aw", @progbits
        .balign 4096
        .globl tohost, fromhost
tohost: .dword 0
other:  .dword 0
        .balign 64
fromhost: .dword 0
        .balign 4096
`;

describe('HTIF', () => {
  it('the store that ends the program is the last instruction', () => {
    const started = start(`_start: .globl _start\n la t1, tohost\n li t0, 1\n sd t0, (t1)\n li s1, 1\n1: j 1b\n${symbols}`);
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(9), 0n);
    assert.equal(started.machine.instret, 4n);
  });

  it('other stores to its page are ordinary, atomic ones too', () => {
    const started = start(`
        .globl _start
_start: la s0, other
        li t0, 5
        sd t0, (s0)
        amoadd.d s1, t0, (s0)
        ld s2, (s0)
        li s3, 1000
1:      amoadd.w zero, t0, (s0)
        addi s3, s3, -1
        bnez s3, 1b
        ld s4, (s0)
        la s0, tohost
        li t0, (33 << 1) | 1
        amoswap.d s5, t0, (s0)
${symbols}`);
    assert.equal(exitCode(started), 33);
    assert.deepEqual(
      [9, 18, 20, 21].map((index) => started.machine.readX(index)),
      [5n, 10n, 5010n, 0n],
    );
    assert.deepEqual(started.notes, ['tohost: test 33 failed']);
  });

  it('code in its page that the program changes is executed as it is after fence.i', () => {
    for (const hotAfter of [0, 2]) {
      const started = start(
        `
        .globl _start
_start: li s0, 50
1:      call code
        add s1, s1, a0
        lw t1, 2f
        la t0, code
        sw t1, (t0)
        fence.i
        call code
        add s2, s2, a0
        lw t1, 3f
        la t0, code
        sw t1, (t0)
        fence.i
        addi s0, s0, -1
        bnez s0, 1b
        la t0, tohost
        li t1, 1
        sd t1, (t0)
        .balign 4
2:      .4byte 0x00200513       # li a0, 2
3:      .4byte 0x00100513       # li a0, 1
        .section .tohost, "awx", @progbits
        .balign 4096
        .globl tohost, fromhost
tohost: .dword 0
fromhost: .dword 0
code:   .4byte 0x00100513       # li a0, 1
        .4byte 0x00008067       # ret
        .balign 4096
`,
        { hotAfter },
      );
      assert.equal(exitCode(started), 0);
      assert.deepEqual([started.machine.readX(9), started.machine.readX(18)], [50n, 100n]);
    }
  });

  it('stores to its page become hot as other code does', () => {
    const started = start(`
        .globl _start
_start: la s0, other
        li s3, 1000
        j 1f
1:      sd s3, (s0)
        j 2f
2:      sd s3, 8(s0)
        addi s3, s3, -1
        bnez s3, 1b
        la s0, tohost
        li t0, (33 << 1) | 1
        sd t0, (s0)
${symbols}`);
    assert.equal(exitCode(started), 33);
    assert.equal(started.machine.instret, 5008n);
  });

  it('the proxy writes and ends, and answers in fromhost', () => {
    const started = start(`
        .globl _start
_start: la s0, block
        li t0, 64
        sd t0, 0(s0)
        li t0, 1
        sd t0, 8(s0)
        la t0, text
        sd t0, 16(s0)
        li t0, 6
        sd t0, 24(s0)
        call proxy
        ld s1, 0(s0)
        li t0, 1234
        sd t0, 0(s0)
        call proxy
        ld s2, 0(s0)
        li t0, 93
        sd t0, 0(s0)
        li t0, 9
        sd t0, 8(s0)
        la t1, tohost
        sd s0, (t1)
1:      j 1b
proxy:  la t1, tohost
        sd s0, (t1)
        la t1, fromhost
1:      ld t0, (t1)
        beqz t0, 1b
        sd zero, (t1)
        ret
text:   .ascii "hello\\n"
        .data
        .balign 64
block:  .zero 64
${symbols}`);
    assert.equal(exitCode(started), 9);
    assert.equal(started.output(), 'hello\n');
    assert.equal(started.machine.readX(9), 6n);
    assert.equal(BigInt.asIntN(64, started.machine.readX(18)), -38n);
    assert.deepEqual(started.notes, ['tohost: system call 1234 is not supported: the program gets -ENOSYS']);
  });

  it('the console device takes characters and gives them', () => {
    const started = start(
      `
        .globl _start
_start: la s0, tohost
        la s1, fromhost
1:      li t0, 1 << 56
        sd t0, (s0)
2:      ld a0, (s1)
        beqz a0, 2b
        sd zero, (s1)
        andi a0, a0, 255
        li t0, 0x101 << 48
        or t0, t0, a0
        sd t0, (s0)
        li t1, '!'
        bne a0, t1, 1b
        li t0, 1
        sd t0, (s0)
${symbols}`,
      { input: ['ab', 'wait', '!'] },
    );
    assert.equal(exitCode(started), 0);
    assert.equal(started.output(), 'ab!');
  });
});
