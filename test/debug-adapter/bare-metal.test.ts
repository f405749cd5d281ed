import { strict as assert } from 'node:assert';
import { lineOf } from '../support/markers';
import { Driver, scratchFile } from './adapter';

/** Machine mode with a handler, user mode under it, a timer that interrupts every tenth of a microsecond, and output by the serial port. */
const text = `
        .globl  _start
_start: la      sp, stack
        la      t0, handler
        csrw    mtvec, t0
        li      t0, -1
        csrw    pmpaddr0, t0
        csrwi   pmpcfg0, 0x1f
        li      t0, 0x80
        csrw    mie, t0
        call    tick
        la      t0, user
        csrw    mepc, t0
        mret                            # break: to user mode

        .type   tick, @function
tick:   li      t0, 0x200bff8
        ld      t1, 0(t0)
        addi    t1, t1, 1
        li      t0, 0x2004000
        sd      t1, 0(t0)
        ret

        .type   user, @function
user:   li      s0, 10000               # break: user mode
1:      addi    s0, s0, -1              # break: loop
        bnez    s0, 1b
        li      a0, 'x'                 # break: after the loop
        ecall                           # break: call
        li      a0, 10                  # break: after the call
        ecall
        li      a7, 1
        ecall

        .type   handler, @function
        .balign 4
handler: csrw   mscratch, t1            # break: handler
        csrr    t1, mcause
        bltz    t1, interrupt
        bnez    a7, end
        li      t0, 0x10000000
        sb      a0, 0(t0)
        csrr    t0, mepc
        addi    t0, t0, 4
        csrw    mepc, t0
        csrr    t1, mscratch
        mret
interrupt:
        addi    s1, s1, 1               # break: interrupt
        addi    sp, sp, -16
        sd      ra, 0(sp)
        call    tick
        ld      ra, 0(sp)
        addi    sp, sp, 16
        csrr    t1, mscratch
        mret
end:    li      t0, 0x100000
        li      t1, 0x73333
        sw      t1, 0(t0)

        .bss
        .balign 16
        .zero   4096
stack:
`;

describe('a bare-metal program in the debugger', () => {
  let driver: Driver;
  const program = scratchFile('bare.s', text);
  const at = (name: string) => lineOf(program, name);
  const line = async () => (await driver.stack())[0]!.line;
  afterEach(() => driver?.close());

  const launchAt = async (name: string) => {
    driver = await Driver.launch({ program, machine: 'bare-metal', callSites: false }, (fresh) => fresh.breakAt(program, at(name)));
    assert.equal((await driver.stopped()).reason, 'breakpoint');
    assert.equal(await line(), at(name));
    await driver.breakAt(program);
  };

  it('runs to its end: output and exit code', async () => {
    driver = await Driver.launch({ program, machine: 'bare-metal', callSites: false });
    assert.equal(await driver.exit(), 7);
    assert.equal(driver.output(), 'x\n');
  });

  it('shows CSRs with their fields, which can be set', async () => {
    await launchAt('to user mode');
    const csrs = await driver.variables('CSR');
    assert.equal(csrs.get('privilege')!.value, 'machine');
    assert.match(csrs.get('mtvec')!.value, /^0x800000[0-9a-f]{2} \(\d+\)$/);
    assert.equal(csrs.get('mie')!.value, '0x80 (128) <MTIE>');
    assert.match(csrs.get('misa')!.value, /<MXL=64 U M I F D C B? ?A>|<MXL=64 U M I F D C A>/);
    assert.match(csrs.get('pmpcfg0')!.value, /<pmp0\.A=NAPOT pmp0\.X pmp0\.W pmp0\.R>/);
    assert.equal(csrs.has('satp'), false);
    const { variablesReference } = csrs.get('mstatus')!;
    const fields = async () => {
      const { variables } = await driver.request('variables', { variablesReference });
      return new Map(variables.map(({ name, value }: { name: string; value: string }) => [name, value]));
    };
    assert.equal((await fields()).get('MPP'), '0 <user>');
    await driver.request('setVariable', { variablesReference, name: 'MPP', value: 'machine' });
    assert.equal((await fields()).get('MPP'), '3 <machine>');
    await driver.request('setVariable', { variablesReference, name: 'MPP', value: '0' });
    assert.match(await driver.error('setVariable', { variablesReference, name: 'nothing', value: '0' }), /nothing/);
    assert.equal(await driver.set('CSR', 'mscratch', '0x55'), '0x55 (85)');
    assert.equal(await driver.evaluate('$mscratch'), '0x55 (85)');
    await driver.until('stepIn');
    assert.equal(await line(), at('user mode'));
    assert.equal((await driver.variables('CSR')).get('privilege')!.value, 'user');
  });

  it('steps over interrupts, and over or into the handler of an ecall', async () => {
    await launchAt('loop');
    for (let count = 0; count < 110; count++) {
      await driver.until('next');
      assert.equal((await driver.stack())[0]!.name, 'user');
    }
    assert.ok(BigInt((await driver.evaluate('$s1')).split(' ')[0]!) > 0n, 'the timer has interrupted the loop');
    await driver.breakAt(program, at('after the loop'));
    await driver.until('continue');
    await driver.breakAt(program);
    await driver.until('next');
    assert.equal(await line(), at('call'));
    await driver.until('next');
    assert.equal(await line(), at('after the call'));
    await driver.until('next');
    await driver.until('stepIn');
    assert.equal(await line(), at('handler'));
    assert.match((await driver.variables('CSR')).get('mcause')!.value, /^0x8 \(8\) <environment call from user mode>$/);
  });

  it('a step of an instruction goes into the handler of an interrupt', async () => {
    await launchAt('loop');
    let steps = 0;
    while ((await line()) !== at('handler') && ++steps < 200) await driver.until('stepIn', 'instruction');
    assert.equal(await line(), at('handler'));
    assert.match((await driver.variables('CSR')).get('mcause')!.value, /<machine timer interrupt>$/);
  });

  it('stops at an exception where no handler takes it, and says what it is', async () => {
    const bad = scratchFile('bad.s', '        .globl _start\n_start: csrw satp, zero          # break: bad\n');
    driver = await Driver.launch({ program: bad, machine: 'bare-metal' });
    const stop = await driver.stopped();
    assert.equal(stop.reason, 'exception');
    assert.equal(await line(), lineOf(bad, 'bad'));
    const info = await driver.request('exceptionInfo', { threadId: 1 });
    assert.equal(info.exceptionId, 'illegal-instruction');
    assert.match(info.description, /CSR satp does not exist on this machine; the program has no trap handler/);
  });

  it('names a machine that is none', async () => {
    await assert.rejects(Driver.launch({ program, machine: 'pdp-11' as 'linux' }), /"machine" must be "linux" or "bare-metal"/);
  });
});
