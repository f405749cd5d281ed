import assert from 'node:assert/strict';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import { TracefsShell } from '../../../ftrace/tracefs/shell';
import { Tracefs } from '../../../ftrace/tracefs/tracefs';
import { randomBelow } from '../../support/random';
import { assembled, sample, TracedLaunch } from '../launch';

const words = [
  ...['fib', 'main', '*', 'f*', '!fib', '!*', 'fib:traceoff', 'fib:stacktrace:2', '!fib:stacktrace:0', 'fib:mod:x', 'fib:dump', '3', '0x1'],
  ...[
    'function',
    'function_graph',
    'nop',
    '0',
    '1',
    '7',
    '-1',
    '',
    '99999999999',
    'noprint-parent',
    'sym-offset',
    'x:y:z',
    ':',
    '::',
    '\\',
  ],
  ...['f:e fib n=$arg1', 'f:x fib%return r=$retval:s32', 'p:k fib a=%a0', 'r fib', 'p fib+', '-:e', '-:k', 'f:e fib $arg9', 'p:k nosuch'],
  ...['p:q/k fib m=+8(%sp):string', 'f fib x=@fib:u8', 'f fib +(', 'hist:keys=n', 'hist:keys=', '!hist:keys=n', 'traceon:1 if n > 2'],
  ...['n > 1 && n', '(n == 1', 'n ~ "a"', 'hist:keys=n.hex:sort=n.descending:size=1', 'syscalls:*', '*:*', "'", '"'],
];
const paths = [
  ...['set_ftrace_filter', 'set_ftrace_notrace', 'current_tracer', 'tracing_on', 'trace', 'trace_pipe', 'trace_options', 'buffer_size_kb'],
  ...['dynamic_events', 'kprobe_events', 'events/enable', 'events/fprobes/e/trigger', 'events/fprobes/e/filter', 'events/fprobes/e/hist'],
  ...['events/kprobes/enable', 'set_event', 'snapshot', 'max_graph_depth', 'set_graph_function', 'set_graph_notrace', 'trace_marker'],
  ...['enabled_functions', 'instances/a', 'instances/a/current_tracer', 'options/func_stack_trace', 'options/overwrite', 'error_log'],
  ...['function_profile_enabled', 'trace_stat/function0', 'per_cpu/cpu0/stats', '../..', '/etc/passwd', 'nosuch', 'set_ftrace_pid'],
];

describe('tracefs under random commands', () => {
  it('answers every one, and the program comes out the same', () => {
    const random = randomBelow(7);
    const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
    for (let round = 0; round < 12; round++) {
      const launch = new TracedLaunch(assembled(sample('fib.s'), callOpsModel), { model: callOpsModel, kilobytes: 64 });
      const shell = new TracefsShell(new Tracefs(launch.ftrace));
      const { machine } = launch;
      for (;;) {
        const commands = [
          () => `echo '${pick(words)}' ${pick(['>', '>>'])} ${pick(paths)}`,
          () => `cat ${pick(paths)}`,
          () => `${pick(['mkdir', 'rmdir', 'ls', 'head -3', 'tail'])} ${pick(paths)}`,
          () => `${pick(words)} ${pick(words)} > ${pick(paths)}`,
        ];
        for (let count = 0; count < 4; count++) {
          const { output, status } = shell.run(pick(commands)());
          assert.ok(status === 0 || output !== '');
        }
        const stop = machine.run(1 + random(300));
        if (stop.kind === 'exit') break;
        assert.equal(stop.kind, 'budget');
      }
      assert.equal(launch.output, 'fib(10) = 55\n');
    }
  });
});
