import assert from 'node:assert/strict';
import { exitCode, type Started, start } from './start';

const finish = `
done:   li t0, 0x100000
        li t1, 0x5555
        sw t1, (t0)
        j done
`;

/** Counts in s1 the instructions of a loop that is interrupted, after which s2 holds minstret and s3 mtime as the handler saw them. */
const timerProgram = `
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        li t0, 0x200bff8
        ld t1, (t0)
        addi t1, t1, 50
        li t0, 0x2004000
        sd t1, (t0)
        li t0, 0x80
        csrw mie, t0
        csrsi mstatus, 8
1:      addi s1, s1, 1
        j 1b
        .balign 4
handler: csrr s2, minstret
        csrr s4, mcause
        csrr s5, mip
        csrr s6, mepc
        li t0, 0x200bff8
        ld s3, (t0)
${finish}`;

function registers({ machine }: Started): bigint[] {
  return Array.from({ length: 32 }, (_, index) => machine.readX(index));
}

describe('interrupts of a bare machine', () => {
  it('the timer interrupts at an exact instruction, however the run is sliced', () => {
    const whole = start(timerProgram);
    assert.equal(exitCode(whole), 0);
    const [, , , , , , , , , s1] = registers(whole);
    assert.equal(whole.machine.readX(18), 5000n, 'one tick of mtime is 100 instructions');
    assert.equal(whole.machine.readX(19), 50n);
    assert.equal(whole.machine.readX(20), (1n << 63n) | 7n);
    assert.equal(whole.machine.readX(21), 0x80n);
    for (const slice of [1, 7, 1000]) {
      const sliced = start(timerProgram);
      let stop = sliced.machine.run(slice);
      while (stop.kind === 'budget') stop = sliced.machine.run(slice);
      assert.deepEqual(
        [stop, registers(sliced), sliced.machine.instret],
        [{ kind: 'exit', code: 0 }, registers(whole), whole.machine.instret],
      );
    }
    assert.ok(s1! > 2000n);
  });

  it('a step that enters a handler says so', () => {
    const { machine, program } = start(timerProgram);
    machine.run(4999);
    assert.deepEqual(machine.step(), { kind: 'trap', interrupt: true });
    assert.equal(machine.pc, program.symbols.named('handler')!.address);
    assert.equal(machine.instret, 5000n);
    assert.deepEqual(machine.step(), { kind: 'budget' });

    const due = start(timerProgram);
    due.machine.run(5000);
    assert.deepEqual(due.machine.step(), { kind: 'trap', interrupt: true }, 'in place of an instruction');
    assert.equal(due.machine.pc, program.symbols.named('handler')!.address);
    assert.equal(due.machine.instret, 5000n);
  });

  it('software interrupts come at once, in vectored mode to their own entry', () => {
    const started = start(`
        .globl _start
_start: la t0, vectors + 1
        csrw mtvec, t0
        csrwi mie, 8
        csrsi mstatus, 8
        li t0, 0x2000000
        li t1, 1
        sw t1, (t0)
        li s1, 99
        j done
        .balign 4
vectors: .option norvc
        j done
        j done
        j done
        j software
software: csrr s2, mcause
        sw zero, (t0)
        mret
${finish}`);
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(9), 99n);
    assert.equal(started.machine.readX(18), (1n << 63n) | 3n);
  });

  it('external comes before software, and software before timer', () => {
    const started = start(
      `
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        li t0, 0x2004000
        sd zero, (t0)
        li t0, 0x2000000
        li t1, 1
        sw t1, (t0)
        li t0, 0xc000028
        sw t1, (t0)
        li t0, 0xc002000
        li t1, 0x400
        sw t1, (t0)
        li s11, 0x10000000
        li t1, 1
        sb t1, 1(s11)
        li t0, 0x888
        csrw mie, t0
        csrsi mstatus, 8
        li t0, 3
1:      blt s1, t0, 1b
        j done
        .balign 4
handler: slli s2, s2, 4
        csrr t1, mcause
        andi t1, t1, 15
        or s2, s2, t1
        addi s1, s1, 1
        li t2, 11
        beq t1, t2, external
        li t2, 3
        beq t1, t2, software
        li t2, 0x2004000
        li t1, -1
        sd t1, (t2)
        mret
software: li t2, 0x2000000
        sw zero, (t2)
        mret
external: li t2, 0xc200004
        lw s3, (t2)
        lbu s4, (s11)
        sw s3, (t2)
        mret
${finish}`,
      { input: ['x'] },
    );
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(18), 0xb37n);
    assert.equal(started.machine.readX(19), 10n, 'the UART has number 10');
    assert.equal(started.machine.readX(20), BigInt('x'.charCodeAt(0)));
  });

  it('below machine mode they need no MIE', () => {
    const started = start(`
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        li t0, -1
        csrw pmpaddr0, t0
        csrwi pmpcfg0, 0x1f
        csrwi mie, 8
        la t0, user
        csrw mepc, t0
        li t0, 0x2000000
        li t1, 1
        sw t1, (t0)
        nop
        mret
user:   li s1, 1
        j user
        .balign 4
handler: csrr s2, mepc
        csrr s3, mstatus
${finish}`);
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(9), 0n);
    assert.equal(started.machine.readX(18), started.program.symbols.named('user')!.address);
    assert.equal(started.machine.readX(19) & 0x1888n, 0n);
  });
});

describe('wfi', () => {
  const waiting = (prepare: string) => `
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        ${prepare}
again:  wfi
        addi s1, s1, 1
        j done
        .balign 4
handler: csrr s2, mcause
        li t0, -1
        li t1, 0x2004000
        sd t0, (t1)
        mret
${finish}`;

  it('lets the time pass until the timer interrupts', () => {
    const started = start(
      waiting('li t0, 0x80\n csrw mie, t0\n csrsi mstatus, 8\n li t0, 10000000\n li t1, 0x2004000\n sd t0, (t1)\n csrr s3, minstret'),
    );
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(18), (1n << 63n) | 7n);
    assert.equal(started.machine.readX(9), 1n);
    assert.ok(started.machine.instret < 100n);
    assert.ok(started.machine.readCsr(0xc01)! >= 10_000_000n, 'a second has passed');
  });

  it('goes on at once where an interrupt is pending, though none is taken', () => {
    const started = start(waiting('csrwi mie, 8\n li t0, 0x2000000\n li t1, 1\n sw t1, (t0)'));
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(18), 0n);
  });

  it('that nothing can wake ends the program with a note', () => {
    const started = start(waiting(''));
    assert.equal(exitCode(started), 0);
    assert.match(
      started.notes.join(),
      /^the program waits for an interrupt \(wfi at 0x8000[0-9a-f]+\) and nothing can wake it: no interrupt/,
    );
    assert.equal(started.machine.readX(9), 0n);
  });

  it('waits for input that is to interrupt, and ends where there will be none', () => {
    const prepare = `li t0, 0xc000028
        li t1, 1
        sw t1, (t0)
        li t0, 0xc002000
        li t1, 0x400
        sw t1, (t0)
        li t0, 0x10000000
        li t1, 1
        sb t1, 1(t0)
        li t0, 0x800
        csrw mie, t0`;
    const started = start(waiting(prepare), { input: ['wait', 'wait', 'a'] });
    assert.deepEqual(started.run(), { kind: 'input' });
    const { pc } = started.machine;
    assert.deepEqual(started.run(), { kind: 'exit', code: 0 });
    assert.equal(started.machine.readX(9), 1n);
    const ended = start(waiting(prepare), { input: [] });
    assert.equal(exitCode(ended), 0);
    assert.equal(ended.machine.readX(9), 0n);
    assert.equal(ended.machine.pc, pc);
    assert.match(ended.notes.join(), /its input has ended/);
  });

  it('of user mode is illegal with TW', () => {
    const started = start(`
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        li t0, -1
        csrw pmpaddr0, t0
        csrwi pmpcfg0, 0x1f
        la t0, user
        csrw mepc, t0
        li t0, 1 << 21
        csrw mstatus, t0
        mret
user:   wfi
        .balign 4
handler: csrr s1, mcause
        csrr s2, mtval
${finish}`);
    assert.equal(exitCode(started), 0);
    assert.equal(started.machine.readX(9), 2n);
    assert.equal(started.machine.readX(18), 0x10500073n);
  });
});
