import assert from 'node:assert/strict';
import { allModels, type Model } from '../../../ftrace/models/models';
import { Random } from '../../support/random';
import { Both, debuggerCalls } from '../both-engines';
import { calls } from '../calls-program';

interface Way {
  readonly commands: readonly string[];
  readonly files: readonly string[];
}

/** Commands and triggers, by what turns them on, and the files that show what they have done. */
const ways: Readonly<Record<string, Way>> = {
  'a histogram': {
    commands: ["echo 'p:k leaf+8 a=%a0 b=%a1' > dynamic_events", "echo 'hist:keys=b:vals=a:sort=b' > events/kprobes/k/trigger"],
    files: ['events/kprobes/k/hist', 'kprobe_profile'],
  },
  'a histogram that is full, with a filter': {
    commands: [
      "echo 'p:k leaf+8 a=%a0 b=%a1' > dynamic_events",
      "echo 'hist:keys=a.log2,b.hex:vals=hitcount,b:size=128 if b > 2' > events/kprobes/k/trigger",
      "echo 'hist:keys=a:size=128' >> events/kprobes/k/trigger",
      'echo 1 > events/kprobes/k/enable',
    ],
    files: ['events/kprobes/k/hist', 'trace'],
  },
  'latencies between two events, as a synthetic event': {
    commands: [
      "echo 'p:one outer+12 a=%a0 d=\\1' > dynamic_events",
      "echo 'p:two middle+8 a=%a0 d=\\1' >> dynamic_events",
      "echo 'late u64 time; u64 a' > synthetic_events",
      "echo 'hist:keys=d:t0=common_timestamp' > events/kprobes/one/trigger",
      "echo 'hist:keys=d:time=common_timestamp-$t0:onmatch(kprobes.one).late($time,a):onmax($time).save(a)' > events/kprobes/two/trigger",
      "echo 'hist:keys=time:sort=time' > events/synthetic/late/trigger",
      'echo 1 > events/synthetic/late/enable',
    ],
    files: ['events/kprobes/two/hist', 'events/synthetic/late/hist', 'trace'],
  },
  'an event of an event': {
    commands: [
      "echo 'p:k leaf+8 a=%a0 b=%a1' > dynamic_events",
      "echo 'e:e kprobes.k x=$a:u8 y=$b' >> dynamic_events",
      'echo 1 > events/eprobes/e/enable',
      "echo 'hist:keys=x' > events/eprobes/e/trigger",
    ],
    files: ['trace', 'events/eprobes/e/hist'],
  },
  'commands that turn tracing on and off': {
    commands: [
      'echo leaf hop > set_ftrace_filter',
      'echo middle:traceon >> set_ftrace_filter',
      'echo outer:traceoff >> set_ftrace_filter',
      "echo 'p:k leaf+8 a=%a0' > dynamic_events",
      'echo 1 > events/kprobes/k/enable',
      'echo function > current_tracer',
    ],
    files: ['trace', 'set_ftrace_filter', 'tracing_on'],
  },
  'commands with counts': {
    commands: [
      'echo function > current_tracer',
      'echo middle:traceon:40 >> set_ftrace_filter',
      'echo outer:traceoff:30 >> set_ftrace_filter',
      'echo leaf:snapshot:3 >> set_ftrace_filter',
    ],
    files: ['trace', 'set_ftrace_filter', 'tracing_on', 'snapshot'],
  },
  'triggers that turn tracing on and off': {
    commands: [
      "echo 'p:one outer+12 a=%a0' > dynamic_events",
      "echo 'p:two middle+8 a=%a0' >> dynamic_events",
      "echo 'traceoff if a & 1' > events/kprobes/one/trigger",
      "echo 'traceon:50' > events/kprobes/two/trigger",
      "echo 'snapshot:2' >> events/kprobes/two/trigger",
      'echo 1 > events/kprobes/enable',
      'echo function > current_tracer',
    ],
    files: ['trace', 'events/kprobes/one/trigger', 'events/kprobes/two/trigger', 'tracing_on', 'snapshot'],
  },
  'triggers that turn the graph tracer on and off': {
    commands: [
      "echo 'p:one outer+12 a=%a0' > dynamic_events",
      "echo 'p:two middle+8 a=%a0' >> dynamic_events",
      "echo 'traceoff if a & 1' > events/kprobes/one/trigger",
      'echo traceon > events/kprobes/two/trigger',
      'echo 1 > events/kprobes/enable',
      'echo function_graph > current_tracer',
    ],
    files: ['trace', 'events/kprobes/one/trigger', 'events/kprobes/two/trigger', 'tracing_on'],
  },
  'triggers of one event that turn several graph tracers on and off, with counts, filters and stacks': {
    commands: [
      "echo 'p:one leaf+8 a=%a0:u8 b=%a1' > dynamic_events",
      "echo 'r:two middle r=$retval:u8' >> dynamic_events",
      'mkdir instances/a',
      'echo function_graph > instances/a/current_tracer',
      "echo 'traceoff:700 if a < 8 || b == 3' > events/kprobes/one/trigger",
      "echo 'traceon:900 if !(b > 2)' >> events/kprobes/one/trigger",
      "echo 'traceoff:0x1f' > instances/a/events/kprobes/one/trigger",
      "echo 'traceon if r & 2' > instances/a/events/kprobes/two/trigger",
      "echo 'traceon if r & 8' > events/kprobes/two/trigger",
      "echo 'stacktrace:300 if b & 1' >> events/kprobes/one/trigger",
      'echo hop:traceon:2000 > set_ftrace_filter',
      'echo 1 > events/kprobes/two/enable',
      'echo function_graph > current_tracer',
    ],
    files: ['trace', 'instances/a/trace', 'events/kprobes/one/trigger', 'instances/a/events/kprobes/one/trigger', 'set_ftrace_filter'],
  },
  'a histogram that another event stops': {
    commands: [
      "echo 'p:one outer+12 a=%a0' > dynamic_events",
      "echo 'p:two middle+8 a=%a1' >> dynamic_events",
      "echo 'hist:keys=a' > events/kprobes/two/trigger",
      "echo 'enable_hist:kprobes:two if a & 1' > events/kprobes/one/trigger",
      "echo 'disable_hist:kprobes:two if a & 2' >> events/kprobes/one/trigger",
    ],
    files: ['events/kprobes/two/hist', 'events/kprobes/two/trigger'],
  },
  'commands and triggers that turn on an event that is on': {
    commands: [
      "echo 'p:one outer+12 a=%a0' > dynamic_events",
      "echo 'p:two middle+8 a=%a1' >> dynamic_events",
      "echo 'enable_event:kprobes:two' > events/kprobes/one/trigger",
      'echo leaf:enable_event:kprobes:two:3 > set_ftrace_filter',
    ],
    files: ['events/kprobes/one/trigger', 'set_ftrace_filter', 'trace', 'events/kprobes/two/enable'],
  },
  'commands that turn an event on and off': {
    commands: [
      "echo 'p:two leaf+8 a=%a0' > dynamic_events",
      'echo middle:enable_event:kprobes:two > set_ftrace_filter',
      'echo outer:disable_event:kprobes:two >> set_ftrace_filter',
      'echo hop:disable_event:kprobes:two:900 >> set_ftrace_filter',
      'echo function > current_tracer',
    ],
    files: ['trace', 'set_ftrace_filter', 'events/kprobes/two/enable', 'kprobe_profile'],
  },
  'triggers that turn an event on and off': {
    commands: [
      "echo 'p:one outer+12 a=%a0' > dynamic_events",
      "echo 'p:three middle+8 a=%a0' >> dynamic_events",
      "echo 'p:two leaf+8 a=%a0' >> dynamic_events",
      'echo 1 > options/stacktrace',
      "echo 'enable_event:kprobes:two if a & 1' > events/kprobes/one/trigger",
      "echo 'disable_event:kprobes:two:1000' > events/kprobes/three/trigger",
      "echo 'disable_event:kprobes:two if a & 8' > events/kprobes/two/trigger",
    ],
    files: ['trace', 'events/kprobes/one/trigger', 'events/kprobes/three/trigger', 'events/kprobes/two/enable', 'kprobe_profile'],
  },
  'stacks at calls': {
    commands: [
      'echo 1 > options/func_stack_trace',
      'echo leaf middle outer > set_ftrace_filter',
      'echo hop:stacktrace:200 >> set_ftrace_filter',
      'echo function > current_tracer',
    ],
    files: ['trace', 'set_ftrace_filter', 'per_cpu/cpu0/stats'],
  },
  'stacks at calls that are not like the last': {
    commands: [
      'echo 1 > options/func_stack_trace',
      'echo 1 > options/func-no-repeats',
      'echo outer middle > set_ftrace_filter',
      'echo leaf:stacktrace:300 >> set_ftrace_filter',
      'echo function > current_tracer',
    ],
    files: ['trace', 'set_ftrace_filter', 'per_cpu/cpu0/stats'],
  },
  'the same in a buffer that does not overwrite': {
    commands: [
      'echo 0 > options/overwrite',
      'echo 1 > options/func_stack_trace',
      'echo 1 > options/func-no-repeats',
      'echo outer > set_ftrace_filter',
      'echo function > current_tracer',
    ],
    files: ['trace', 'per_cpu/cpu0/stats'],
  },
  'several probes at one place': {
    commands: [
      "echo 'p:one leaf+8 a=%a0' > dynamic_events",
      "echo 'p:two leaf+8 b=%a1 c=+0(%sp):u64' >> dynamic_events",
      "echo 'p:three leaf+8 d=%a2:u8' >> dynamic_events",
      'echo 1 > events/kprobes/two/enable',
      'echo 1 > events/kprobes/one/enable',
      'echo 1 > events/kprobes/three/enable',
      "echo 'b & 1' > events/kprobes/two/filter",
    ],
    files: ['trace', 'kprobe_profile'],
  },
  'returns from functions': {
    commands: [
      "echo 'r:one leaf r=$retval' > dynamic_events",
      "echo 'r:two middle r=$retval:u8 s=+0($stack):u64' >> dynamic_events",
      "echo 'r:three outer r=$retval' >> dynamic_events",
      'echo 1 > events/kprobes/enable',
      "echo 'hist:keys=r' > events/kprobes/two/trigger",
    ],
    files: ['trace', 'kprobe_profile', 'events/kprobes/two/hist'],
  },
  'stacks at events': {
    commands: [
      "echo 'p:one leaf+8 a=%a0' > dynamic_events",
      "echo 'p:two middle+12 b=%a1' >> dynamic_events",
      "echo 'p:three leaf+12 b=%a1' >> dynamic_events",
      'echo 1 > options/stacktrace',
      'echo 1 > events/kprobes/one/enable',
      "echo 'hist:keys=common_stacktrace' > events/kprobes/two/trigger",
      "echo 'stacktrace:300 if b & 1' > events/kprobes/three/trigger",
    ],
    files: ['trace', 'kprobe_profile', 'events/kprobes/two/hist', 'events/kprobes/three/trigger'],
  },
  'stacks beside the graph tracer': {
    commands: [
      "echo 'p:one leaf+8 a=%a0' > dynamic_events",
      "echo 'r:two middle' >> dynamic_events",
      "echo 'p:three middle+12' >> dynamic_events",
      'mkdir instances/a',
      'echo function_graph > instances/a/current_tracer',
      'echo 1 > options/stacktrace',
      'echo 1 > events/kprobes/enable',
      "echo 'hist:keys=common_stacktrace' > events/kprobes/three/trigger",
    ],
    files: ['trace', 'instances/a/trace', 'events/kprobes/three/hist'],
  },
  'stacks of functions whose callers the graph tracer traces': {
    commands: [
      'echo 1 > options/func_stack_trace',
      'echo middle > set_ftrace_filter',
      'mkdir instances/a',
      'echo outer > instances/a/set_ftrace_filter',
      'echo function_graph > instances/a/current_tracer',
      'echo function > current_tracer',
    ],
    files: ['trace', 'instances/a/trace'],
  },
  'stacks at returns': {
    commands: [
      "echo 'r:one leaf r=$retval' > dynamic_events",
      "echo 'r:two middle' >> dynamic_events",
      'echo 1 > options/stacktrace',
      'echo 1 > events/kprobes/one/enable',
      "echo 'hist:keys=common_stacktrace' > events/kprobes/two/trigger",
    ],
    files: ['trace', 'events/kprobes/two/hist'],
  },
  'a buffer that does not overwrite': {
    commands: [
      'echo 0 > options/overwrite',
      "echo 'p:one outer+12 a=%a0 b=%a1 c=%a2' > dynamic_events",
      'echo 1 > events/kprobes/enable',
      'echo leaf > set_ftrace_filter',
      'echo function > current_tracer',
    ],
    files: ['trace', 'per_cpu/cpu0/stats'],
  },
};

const changes = ['echo 0 > events/kprobes/two/enable', 'echo 0 > tracing_on', 'echo 1 > tracing_on', 'head -3 trace_pipe', 'echo > trace'];

describe('what is done of events that the engine has recorded', () => {
  for (const model of allModels.filter(({ name }) => name !== 'args')) {
    for (const [name, way] of Object.entries(ways)) {
      it(`is under ${model.name} what would have been done at once, without leaving WebAssembly: ${name}`, () => compare(model, name, way));
    }
  }
});

function compare(model: Model, name: string, { commands, files }: Way): void {
  const random = new Random(name.length + model.lead);
  const both = new Both(calls, model, random.pick([16, 256]));
  for (const command of commands) assert.equal(both.shell(command), '', command);
  const { machine } = both.launches[0]!;
  both.run(8_000, name);
  const before = debuggerCalls(machine);
  both.run(20_000, name);
  const called = debuggerCalls(machine) - before;
  assert.ok(called < 60, `${called} times`);
  for (let round = 0; round < 6; round += 1) {
    const why = `round ${round}`;
    both.run(random.pick([1, 3, 60, 900, 3000]), why);
    both.shell(`cat ${random.pick(files)}`);
    both.shell('cat per_cpu/cpu0/stats');
    both.same(({ ftrace }) => ftrace.functions.map(({ hits }) => hits), why);
    if (random.below(4) === 0) both.shell(random.pick(changes));
  }
  for (const file of files) assert.notEqual(both.shell(`cat ${file}`), '', file);
}
