import assert from 'node:assert/strict';
import { allModels } from '../../ftrace/models/models';
import { Both, debuggerCalls } from './both-engines';
import { nameOf } from './launch';

/** Every 64 rounds a program makes its code writable and gives `middle` a frame of another size; every other time it makes it so no more. */
const program = `
        .option norvc
        .globl _start
_start: addi s0, s0, 1
        call middle
        andi a0, s0, 63
        bnez a0, _start
        li a2, 7
        call protect
        la a0, enter
        la a1, enter2
        call swap
        la a0, save
        la a1, save2
        call swap
        la a0, load
        la a1, load2
        call swap
        la a0, leave
        la a1, leave2
        call swap
        fence.i
        andi a0, s0, 64
        bnez a0, _start
        li a2, 5
        call protect
        j _start

protect:
        la a0, _start
        srli a0, a0, 12
        slli a0, a0, 12
        li a1, 8192
        li a7, 226
        ecall
        ret

swap:   lw t0, 0(a0)
        lw t1, 0(a1)
        sw t1, 0(a0)
        sw t0, 0(a1)
        ret

enter2: addi sp, sp, -48
save2:  sd ra, 40(sp)
load2:  ld ra, 40(sp)
leave2: addi sp, sp, 48

        .type middle, @function
middle:
enter:  addi sp, sp, -16
save:   sd ra, 8(sp)
        call leaf
load:   ld ra, 8(sp)
leave:  addi sp, sp, 16
        ret
        .size middle, .-middle

        .type leaf, @function
leaf:   addi sp, sp, -16
        sd ra, 8(sp)
        call deepest
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size leaf, .-leaf

        .type deepest, @function
deepest: addi a4, a0, 1
        ret
        .size deepest, .-deepest
`;

describe('stacks of a program that changes the frames of its functions', () => {
  const ways: Readonly<Record<string, readonly string[]>> = {
    'of functions': ['echo 1 > options/func_stack_trace', 'echo function > current_tracer'],
    'of events': [
      "echo 'p:k deepest+8 %s0' > dynamic_events",
      "echo 'r:r leaf $retval' >> dynamic_events",
      'echo 1 > options/stacktrace',
      'echo 1 > events/kprobes/enable',
    ],
  };
  for (const [name, commands] of Object.entries(ways)) {
    for (const model of allModels.filter((each) => each.name !== 'args')) {
      it(`are right ${name} under ${nameOf(model)}`, () => {
        const both = new Both(program, model, 8192);
        for (const command of commands) assert.equal(both.shell(command), '', command);
        for (let round = 0; round < 6; round += 1) {
          assert.equal(both.run(1777, `round ${round}`).kind, 'budget');
          both.shell('cat trace');
          both.shell('echo > trace');
        }
        both.run(8000, 'all');
        const text = both.shell('cat trace');
        assert.ok(text.split('=> middle').length > 20);
        const { ftrace, machine } = both.launches[0]!;
        assert.ok(debuggerCalls(machine) < ftrace.trace.written, `${debuggerCalls(machine)} of ${ftrace.trace.written}`);
      });
    }
  }
});
