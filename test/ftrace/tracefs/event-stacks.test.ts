import assert from 'node:assert/strict';
import { allModels } from '../../../ftrace/models/models';
import { Both, debuggerCalls } from '../both-engines';

/** A function that calls itself 0 to 99 times, in turn, and then another one. */
const program = `
        .globl _start
_start: addi s1, s1, 37
        li a1, 100
        remu a0, s1, a1
        call down
        j _start
        .type down, @function
down:   addi sp, sp, -16
        sd ra, 8(sp)
        la a2, short
        beqz a0, 1f
        addi a0, a0, -1
        call down
        j 2f
1:      call bottom
2:      ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size down, .-down
        .type bottom, @function
bottom: addi a3, s1, 1
place:  mv a4, a3
        ret
        .size bottom, .-bottom
        .data
short:  .string "short"
long:   .string "${'abcdefghij'.repeat(12)}"
        .align 3
texts:  .dword short, long
`;

interface Way {
  readonly commands: readonly string[];
  readonly files?: readonly string[];
}

const stacks = 'echo 1 > options/stacktrace';

/** Events that are followed by their stacks, as instances ask for them. */
const ways: Readonly<Record<string, Way>> = {
  'one word': { commands: ["echo 'p:one place a=%a0' > dynamic_events", stacks, 'echo 1 > events/kprobes/one/enable'] },
  'texts, long and short, and many words': {
    commands: [
      "echo 'p:one place t=+0(%a2):string u=@texts:string[2] w=+0(%sp):u64[3]' > dynamic_events",
      "echo 'r:two bottom r=$retval u=@texts:string[2] w=+0($stack):u64[14]' >> dynamic_events",
      stacks,
      'echo 1 > events/kprobes/enable',
    ],
  },
  'a filter in the engine': {
    commands: [
      "echo 'p:one place a=%s1' > dynamic_events",
      stacks,
      "echo 'a & 4' > events/kprobes/one/filter",
      'echo 1 > events/kprobes/one/enable',
      'echo bottom > set_ftrace_filter',
      'echo function > current_tracer',
    ],
  },
  'instances with stacks and without, with filters': {
    commands: [
      "echo 'p:one place a=%s1 t=@texts:string[2]' > dynamic_events",
      'mkdir instances/a',
      'mkdir instances/b',
      'echo 1 > instances/a/options/stacktrace',
      "echo 'a & 1' > instances/a/events/kprobes/one/filter",
      'echo \'t ~ "*short*" && a & 2\' > instances/b/events/kprobes/one/filter',
      'echo 1 > instances/a/events/kprobes/one/enable',
      'echo 1 > instances/b/events/kprobes/one/enable',
      'echo 1 > events/kprobes/one/enable',
    ],
    files: ['trace', 'instances/a/trace', 'instances/b/trace'],
  },
  'a buffer that does not overwrite': {
    commands: [
      'echo 0 > options/overwrite',
      "echo 'p:one place a=%a0' > dynamic_events",
      stacks,
      'echo 1 > events/kprobes/one/enable',
      'echo down > set_ftrace_filter',
      'echo function > current_tracer',
    ],
  },
};

describe('events whose stacks the engine records', () => {
  for (const [name, { commands, files = ['trace'] }] of Object.entries(ways)) {
    it(`are followed by what the debugger would find, without its being called: ${name}`, () => {
      const both = new Both(program, allModels[0]!, 128);
      for (const command of commands) assert.equal(both.shell(command), '', command);
      const { machine } = both.launches[0]!;
      both.run(100_000, 'before');
      const before = debuggerCalls(machine);
      both.run(100_000, name);
      const called = debuggerCalls(machine) - before;
      assert.ok(called < 120, `${called} calls of the debugger`);
      for (let round = 0; round < 10; round += 1) {
        for (const file of [...files, 'per_cpu/cpu0/stats', 'kprobe_profile']) assert.notEqual(both.shell(`cat ${file}`), '', file);
        both.run(1 + round * 997, `round ${round}`);
      }
      assert.match(both.shell(`cat ${files[Math.min(1, files.length - 1)]}`), /( => down\n){20}/);
    });
  }
});
