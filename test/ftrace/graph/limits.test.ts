import assert from 'node:assert/strict';
import { allModels } from '../../../ftrace/models/models';
import { Random } from '../../support/random';
import { Both, debuggerCalls } from '../both-engines';
import { calls, functions } from '../calls-program';
import { nameOf } from '../launch';

const changes: readonly string[] = [
  ...functions.flatMap((name) =>
    ['set_graph_function', 'set_graph_notrace', 'set_ftrace_filter'].flatMap((file) => [
      `echo ${name} >> ${file}`,
      `echo '!${name}' >> ${file}`,
    ]),
  ),
  ...['set_graph_function', 'set_graph_function', 'set_graph_notrace', 'set_graph_notrace', 'set_ftrace_filter'].map(
    (file) => `echo > ${file}`,
  ),
  ...[0, 1, 2, 3, 5].map((depth) => `echo ${depth} > max_graph_depth`),
  ...['echo 0 > tracing_thresh', 'echo 0 > tracing_thresh', 'echo 1 > tracing_thresh'],
  ...['echo 0 > tracing_on', 'echo 1 > tracing_on', 'echo 1 > tracing_on', 'echo 0 > options/overwrite', 'echo 1 > options/overwrite'],
  ...['echo 2 > set_ftrace_pid', 'echo > set_ftrace_pid', 'echo > set_ftrace_pid'],
  ...['middle:traceoff', 'leaf:traceon', 'hop:traceon:3', 'outer:traceoff:2', 'leaf:traceoff:70000', 'hop:stacktrace:2'].flatMap(
    (command) => [
      `echo ${command} >> set_ftrace_filter`,
      `echo '!${command}' >> set_ftrace_filter`,
      `echo ${command} >> instances/a/set_ftrace_filter`,
    ],
  ),
  ...['echo > trace', 'head -3 trace_pipe', 'echo 8 > buffer_size_kb', 'echo 64 > buffer_size_kb', 'echo 4000 > buffer_size_kb'],
  ...['echo 0 > instances/a/options/overwrite', 'echo 0 > instances/a/tracing_on', 'echo 1 > instances/a/tracing_on'],
  ...['mkdir instances/a', 'echo function_graph > instances/a/current_tracer', 'echo nop > instances/a/current_tracer'],
  ...['echo function_graph > current_tracer', 'echo function_graph > current_tracer', 'echo nop > current_tracer'],
  ...['echo 1 > function_profile_enabled', 'echo 0 > function_profile_enabled', 'cat trace_stat/function0', 'cat instances/a/trace'],
];
/** What lets calls be recorded again. */
const relaxed: readonly string[] = [
  ...['set_graph_function', 'set_graph_notrace', 'set_ftrace_filter', 'set_ftrace_pid'].map((file) => `echo > ${file}`),
  ...['echo 0 > tracing_thresh', 'echo 0 > max_graph_depth', 'echo 1 > tracing_on', 'echo function_graph > current_tracer'],
];

describe('the limits of the function graph tracer', () => {
  for (const model of allModels.filter(({ patching, name }) => name !== 'args' || patching === 'single')) {
    it(`hold in the engine as in the debugger under ${nameOf(model)}, whatever is changed within calls`, () => {
      let [calledFor, records] = [0, 0];
      for (let seed = 1; seed <= 2; seed += 1) {
        const random = new Random(seed);
        const both = new Both(calls, model, random.pick([8, 64]));
        both.shell('echo function_graph > current_tracer');
        for (let round = 0; round < 40; round += 1) {
          const why = `${nameOf(model)}, seed ${seed}, round ${round}`;
          if (random.below(3) === 0) for (const command of relaxed) both.shell(command);
          for (let count = random.below(3); count > 0; count -= 1) both.shell(random.pick(changes));
          both.run(random.pick([1, 13, 90, 700, 9000]), why);
          both.same(({ machine, ftrace }) => [machine.pc, machine.instret, ftrace.functions.map(({ hits }) => hits)], why);
          if (random.below(3) === 0) both.shell('cat trace');
          both.shell('cat per_cpu/cpu0/stats');
        }
        both.shell('cat trace');
        const [ours] = both.launches;
        calledFor += debuggerCalls(ours!.machine);
        records += ours!.ftrace.trace.written;
      }
      assert.ok(records > 1000, `${records} records`);
      assert.ok(calledFor < records, `${calledFor} calls of the debugger for ${records} records`);
    });
  }
});
