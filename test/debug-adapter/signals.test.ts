import { strict as assert } from 'node:assert';
import { lineOf } from '../support/markers';
import { Driver, scratchFile } from './adapter';

/** Installs a handler for SIGSEGV that skips the instruction at fault, faults, and exits with how often the handler ran. */
const handled = `
.globl _start
_start:
        li a0, 11
        la a1, action
        li a2, 0
        li a3, 8
        li a7, 134
        ecall
        .option norvc
        ld a0, 0(zero)          # break: fault
        mv a0, s0
        li a7, 93
        ecall

        .type handler, @function
handler:
        addi t0, a2, 176        # uc_mcontext: the pc
        ld t1, 0(t0)
        addi t1, t1, 4
        sd t1, 0(t0)
        ld t1, 64(t0)           # s0
        addi t1, t1, 1
        sd t1, 64(t0)
        ret                     # break: return
        .size handler, . - handler
        .data
        .balign 8
action: .dword handler, 4, 0
`;

describe('signals of a Linux program', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  it('go to their handlers without a stop', async () => {
    driver = await Driver.launch({ program: scratchFile('handled.s', handled) });
    assert.equal(await driver.exit(), 1);
  });

  it('stop before their handlers where that is asked for', async () => {
    const program = scratchFile('handled.s', handled);
    driver = await Driver.launch({ program }, async (each) => {
      await each.request('setExceptionBreakpoints', { filters: ['handled-faults'] });
      await each.breakAt(program, lineOf(program, 'return'));
    });
    const stop = await driver.stopped();
    assert.deepEqual([stop.reason, stop.description], ['exception', 'Paused on SIGSEGV']);
    assert.equal((await driver.stack())[0]!.line, lineOf(program, 'fault'));
    assert.equal((await driver.until('continue')).reason, 'breakpoint', 'then the handler runs');
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 1);
  });

  it('show whose handler they came to: the stack goes on behind the frame of the signal', async () => {
    const program = scratchFile('handled.s', handled);
    driver = await Driver.launch({ program }, (each) => each.breakAt(program, lineOf(program, 'return')));
    await driver.stopped();
    const stack = await driver.stack();
    assert.deepEqual(
      stack.map(({ name }) => name),
      ['handler', '<signal handler called>', '_start'],
    );
    assert.equal(stack[2]!.line, lineOf(program, 'fault') + 1);
  });

  it('mounted folders are opened, or refused by name', async () => {
    const program = scratchFile('handled.s', handled);
    driver = await Driver.connect();
    const refusal = (mounts: object) => driver.error('launch', { program, mounts });
    assert.match(await refusal({ data: '/tmp' }), /launch: "mounts": data: the path in the guest must start with \//);
    assert.match(
      await refusal({ '/data': '/nowhere/at/all' }),
      /"mounts": \/data: \/nowhere\/at\/all cannot be mounted: there is no such folder/,
    );
    assert.match(await refusal({ '/data': { writable: true } }), /"mounts": \/data: a folder is needed/);
    assert.match(await driver.error('launch', { program, mounts: [] }), /"mounts" must be an object/);
    assert.match(await driver.error('launch', { program, memory: 0 }), /memory of 0 MiB is not a whole number above 0/);
    await driver.request('launch', { program, memory: 16, mounts: { '/data': '/tmp', '/out': { folder: '/tmp', writable: true } } });
  });
});
