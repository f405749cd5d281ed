import assert from 'node:assert/strict';
import { allModels } from '../../../ftrace/models/models';
import { Both, debuggerCalls } from '../both-engines';
import { calls } from '../calls-program';

/** What else makes records while the graph tracer fills a buffer that does not overwrite. */
const others: Readonly<Record<string, readonly string[]>> = {
  nothing: [],
  'an event': ["echo 'p:one outer+12 a=%a0 b=%a1' > dynamic_events", 'echo 1 > events/kprobes/one/enable'],
  'an event of another instance, with stacks': [
    "echo 'p:one outer+12 a=%a0 b=%a1' > dynamic_events",
    'mkdir instances/a',
    'echo 1 > instances/a/events/kprobes/one/enable',
    'echo stacktrace > instances/a/events/kprobes/one/trigger',
  ],
  'commands that only switch': ['echo leaf:traceoff:0 > set_ftrace_filter', 'echo outer:traceon >> set_ftrace_filter'],
  'tracers of other instances': [
    'mkdir instances/a',
    'echo function > instances/a/current_tracer',
    'mkdir instances/b',
    'echo function_graph > instances/b/current_tracer',
    'echo 1 > function_profile_enabled',
  ],
};

describe('the graph tracer in a buffer that does not overwrite', () => {
  const model = allModels.at(-1)!;

  for (const [name, commands] of Object.entries(others)) {
    it(`asks the debugger only when the room comes to its end, beside ${name}`, () => {
      const both = new Both(calls, model, 256);
      for (const command of ['echo 0 > options/overwrite', ...commands, 'echo function_graph > current_tracer']) {
        assert.equal(both.shell(command), '', command);
      }
      const { machine, ftrace } = both.launches[0]!;
      both.run(3000, 'before');
      const before = debuggerCalls(machine);
      while (ftrace.trace.written < 3000) both.run(5000, 'half');
      const called = debuggerCalls(machine) - before;
      assert.ok(called < 120, `${called} calls of the debugger`);
      both.shell('cat per_cpu/cpu0/stats');
      const isFull = () => !/dropped events: 0\n/.test(both.shell('cat per_cpu/cpu0/stats'));
      for (let round = 0; !isFull(); round += 1) both.run(1 + ((round * 4999) % 20_000), `round ${round}`);
      both.run(20_000, 'full');
      both.shell('cat per_cpu/cpu0/stats');
      both.shell('cat trace');
    });
  }
});
