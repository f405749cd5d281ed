import assert from 'node:assert/strict';
import { exitCode, start } from './start';

const finish = (code: string) => `
        li t0, 0x100000
        li t1, ${code}
        sw t1, (t0)
`;

describe('devices of a bare machine', () => {
  it('the test device ends the program: success, a code, or a reset', () => {
    assert.equal(exitCode(start(`_start: .globl _start\n${finish('0x5555')}`)), 0);
    assert.equal(exitCode(start(`_start: .globl _start\n${finish('0x73333')}`)), 7);
    const reset = start(`_start: .globl _start\n${finish('0x7777')}`);
    assert.equal(exitCode(reset), 0);
    assert.match(reset.notes.join(), /reset/);
  });

  it('the serial port echoes what is typed, and knows the end of a line', () => {
    const text = `
        .globl _start
_start: li s0, 0x10000000
1:      lbu t0, 5(s0)
        andi t0, t0, 1
        beqz t0, 1b
        lbu a0, (s0)
2:      lbu t0, 5(s0)
        andi t0, t0, 0x20
        beqz t0, 2b
        sb a0, (s0)
        li t0, 10
        bne a0, t0, 1b
        ${finish('0x5555')}`;
    const started = start(text, { input: ['he', 'wait', 'llo\n'] });
    assert.equal(exitCode(started), 0);
    assert.equal(started.output(), 'hello\n');
  });

  it('the serial port has a divisor latch, a scratch register and a loopback', () => {
    const started = start(`
        .globl _start
_start: li s0, 0x10000000
        li t0, 0x83
        sb t0, 3(s0)
        li t0, 0x12
        sb t0, 0(s0)
        li t0, 0x34
        sb t0, 1(s0)
        lbu s1, 0(s0)
        lbu s2, 1(s0)
        li t0, 3
        sb t0, 3(s0)
        li t0, 0x5a
        sb t0, 7(s0)
        lbu s3, 7(s0)
        li t0, 0x10
        sb t0, 4(s0)
        li t0, 'q'
        sb t0, 0(s0)
        lbu s4, 0(s0)
        lbu s5, 5(s0)
        lbu s6, 2(s0)
        li t0, 1
        sb t0, 2(s0)
        lbu s7, 2(s0)
        ${finish('0x5555')}`);
    assert.equal(exitCode(started), 0);
    assert.equal(started.output(), '');
    const values = [9, 18, 19, 20, 21, 22, 23].map((index) => Number(started.machine.readX(index)));
    assert.deepEqual(values, [0x12, 0x34, 0x5a, 'q'.charCodeAt(0), 0x60, 0x01, 0xc1]);
  });

  it('output without a newline is seen although the program runs on', () => {
    const { machine, output } = start(`_start: .globl _start\n li t0, 0x10000000\n li t1, '.'\n sb t1, (t0)\n1: j 1b`);
    machine.run(1000);
    assert.equal(output(), '');
    machine.run(200_000);
    assert.equal(output(), '.');
  });

  it('a device is accessed in the sizes that it has, with sign and zero extension, and never by an atomic', () => {
    const started = start(`
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        li s0, 0x2004000
        li t0, 0x8877665544332211
        sd t0, (s0)
        lw s1, 4(s0)
        lwu s2, 4(s0)
        li t0, 0xaabbccdd
        sw t0, 0(s0)
        ld s3, (s0)
        .option norvc
        lbu s4, (s0)
        amoadd.w s5, zero, (s0)
        lw s7, -16(s0)
        ${finish('0x5555')}
        .option rvc
        .balign 4
handler: .option norvc
        slli s11, s11, 4
        csrr t0, mcause
        or s11, s11, t0
        csrr t0, mepc
        addi t0, t0, 4
        csrw mepc, t0
        mret`);
    assert.equal(exitCode(started), 0);
    const at = (index: number) => started.machine.readX(index);
    assert.equal(at(9), 0xffffffff88776655n);
    assert.equal(at(18), 0x88776655n);
    assert.equal(at(19), 0x88776655aabbccddn);
    assert.equal(at(27), 0x57n, 'a load of one byte, and an atomic access, are faults');
    assert.equal(at(23), 0n, 'the registers of other harts are zero');
  });

  it('mtime can be written, and time follows it', () => {
    const started = start(`
        .globl _start
_start: li s0, 0x200bff8
        li t0, 0x123456789
        sd t0, (s0)
        csrr s1, time
        ${finish('0x5555')}`);
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(9), 0x123456789n);
  });
});

describe('a program without a trap handler', () => {
  const stops: readonly [string, string, RegExp][] = [
    [
      'lw a0, (zero)',
      'load-access-fault',
      /^load of 4 bytes at 0x0: the page is not mapped; the program has no trap handler \(mtvec is 0\)$/,
    ],
    ['ebreak', 'breakpoint', /no trap handler/],
    ['ecall', 'environment-call', /no trap handler/],
    ['csrw satp, zero', 'illegal-instruction', /CSR/],
  ];
  for (const [line, cause, message] of stops) {
    it(`stops at ${line}`, () => {
      const { machine, run } = start(`_start: .globl _start\n nop\n.option norvc\n ${line}`);
      const stop = run();
      assert.ok(stop.kind === 'exception');
      assert.equal(stop.exception.cause, cause);
      assert.match(stop.exception.message, message);
      assert.equal(machine.instret, 1n);
    });
  }

  it('stops too where the handler itself cannot be entered', () => {
    const stop = start(`_start: .globl _start\n li t0, 0x1000\n csrw mtvec, t0\n ecall`).run();
    assert.ok(stop.kind === 'exception');
    assert.match(
      stop.exception.message,
      /^instruction fetch at 0x1000: the page is not mapped; the trap handler itself cannot be entered$/,
    );
  });
});

describe('loading into a bare machine', () => {
  it('a program that is larger than RAM is refused', () => {
    const text = '_start: .globl _start\n nop\n .bss\n .zero 5 << 20';
    assert.throws(() => start(text), /program: its memory from 0x80000000 to 0x8050[0-9a-f]+ is more than 4 MiB of RAM at 0x80000000/);
    assert.throws(() => start(text, { memory: 0 }), /memory of 0 MiB/);
  });
});
