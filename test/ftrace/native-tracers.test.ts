import assert from 'node:assert/strict';
import { allModels } from '../../ftrace/models/models';
import { TracefsShell } from '../../ftrace/tracefs/shell';
import { Tracefs } from '../../ftrace/tracefs/tracefs';
import { Random } from '../support/random';
import { Both, debuggerCalls } from './both-engines';
import { calls, functions } from './calls-program';
import { assembled, nameOf, TracedLaunch } from './launch';

const changes: readonly string[] = [
  ...functions.flatMap((name) => [
    `echo ${name} >> set_ftrace_filter`,
    `echo ${name} >> set_ftrace_notrace`,
    `echo '!${name}' >> set_ftrace_filter`,
  ]),
  ...['echo > set_ftrace_filter', 'echo > set_ftrace_notrace', 'echo 0 > tracing_on', 'echo 1 > tracing_on', 'echo 1 > tracing_on'],
  ...[
    'echo function > current_tracer',
    'echo function > current_tracer',
    'echo nop > current_tracer',
    'echo function_graph > current_tracer',
  ],
  ...['func-args', 'func_stack_trace', 'func-no-repeats', 'overwrite'].flatMap((name) => [
    `echo 1 > options/${name}`,
    `echo 0 > options/${name}`,
  ]),
  ...[
    'echo leaf:traceoff:3 >> set_ftrace_filter',
    'echo outer:traceon >> set_ftrace_filter',
    'echo middle:stacktrace:2 >> set_ftrace_filter',
  ],
  ...['echo 1 > function_profile_enabled', 'echo 0 > function_profile_enabled', 'cat trace_stat/function0'],
  ...['echo 2 > max_graph_depth', 'echo 0 > max_graph_depth', 'echo 1 > tracing_thresh', 'echo 0 > tracing_thresh'],
  ...['echo middle > set_graph_function', 'echo > set_graph_function', 'echo leaf > set_graph_notrace', 'echo > set_graph_notrace'],
  ...['echo function_graph > instances/a/current_tracer', 'echo 0 > instances/a/tracing_on', 'cat instances/a/trace'],
  ...['echo middle:traceoff >> set_ftrace_filter', 'echo hop:traceon:2 >> set_ftrace_filter', "echo '!outer:traceon' >> set_ftrace_filter"],
  ...["echo '!leaf:traceoff:0' >> set_ftrace_filter", 'echo outer:snapshot:1 >> set_ftrace_filter', 'echo hello > trace_marker'],
  ...['echo 16 > buffer_size_kb', 'echo 64 > buffer_size_kb', 'echo > trace', 'echo 1 > snapshot', 'cat snapshot', 'head -3 trace_pipe'],
  ...['mkdir instances/a', 'echo function > instances/a/current_tracer', 'echo leaf > instances/a/set_ftrace_filter', 'rmdir instances/a'],
  ...['echo 2 > set_ftrace_pid', 'echo 1 > set_ftrace_pid', 'echo > set_ftrace_pid', 'cat instances/a/trace'],
];

describe('tracers that the engine has itself', () => {
  for (const model of allModels) {
    it(`record under ${nameOf(model)} what the debugger would, whatever is changed while the program runs`, () => {
      let recorded = 0n;
      for (let seed = 1; seed <= 2; seed += 1) {
        const random = new Random(seed);
        const both = new Both(calls, model, random.pick([8, 64]));
        both.shell('echo function > current_tracer');
        for (let round = 0; round < 30; round += 1) {
          const why = `${nameOf(model)}, seed ${seed}, round ${round}`;
          const commands = random.below(3) === 0 ? 1 + random.below(3) : 0;
          for (let count = 0; count < commands; count += 1) both.shell(random.pick(changes));
          if (random.below(8) === 0) {
            const wantsAll = random.below(2) === 0;
            both.each(({ ftrace }) => {
              ftrace.savesAllRegisters = wantsAll;
            });
            const stopping = new Set(functions.filter(() => random.below(3) === 0));
            both.each(({ ftrace }) => {
              const asked = ftrace.functions.filter(({ name }) => stopping.has(name));
              ftrace.top.setOnHitOf(ftrace.registry.setOf(asked), (hit) =>
                stopping.has(hit.function.name) && hit.function.hits % 50 === 0 ? 'stop' : 'continue',
              );
            });
          }
          both.run(random.pick([1, 7, 60, 900, 20_000]), why);
          both.same(({ machine, ftrace }) => [machine.pc, machine.instret, ftrace.functions.map(({ hits }) => hits)], why);
          if (random.below(4) === 0) both.shell('cat trace');
          both.shell('cat per_cpu/cpu0/stats');
        }
        both.shell('cat trace');
        recorded += both.recordedInEngine;
      }
      assert.ok(recorded > 1000n, `${recorded} recorded in the engine`);
    });
  }

  it('leave it once for each filling of their buffer, and at a function that stops', () => {
    const both = new Both(calls, allModels[1]!, 8192);
    both.shell('echo function > current_tracer');
    both.run(3_000_000, 'all');
    const [ours] = both.launches;
    const { written } = ours!.ftrace.trace;
    assert.ok(written > 30_000, `${written}`);
    const full = ours!.machine.statistics.exits.hook;
    assert.ok(full > 0n && full < 300n, `${full} times`);
    both.each(({ ftrace }) => {
      const middle = ftrace.functions.filter(({ name }) => name === 'middle');
      ftrace.top.setOnHitOf(ftrace.registry.setOf(middle), (hit) => (hit.function.name === 'middle' ? 'stop' : 'continue'));
    });
    for (let count = 0; count < 20; count += 1) assert.equal(both.run(1_000_000, 'stop').kind, 'hook');
    assert.ok(ours!.machine.statistics.exits.hook - full <= 25n);
  });

  it('call the debugger hardly ever, whatever is done at a call', () => {
    const ways = {
      functions: ['echo function > current_tracer'],
      'calls and returns': ['echo function_graph > current_tracer'],
      'the profile': ['echo 1 > function_profile_enabled'],
      'calls and returns under limits': [
        'echo 3 > max_graph_depth',
        'echo outer > set_graph_function',
        'echo hop > set_graph_notrace',
        'echo function_graph > current_tracer',
      ],
      'calls that took long': ['echo 1 > tracing_thresh', 'echo function_graph > current_tracer'],
      'calls and returns in a buffer that does not overwrite': [
        'echo 64 > buffer_size_kb',
        'echo 0 > options/overwrite',
        'echo function_graph > current_tracer',
      ],
      'calls and returns that commands turn on and off': [
        'echo middle:traceoff > set_ftrace_filter',
        'echo outer:traceon >> set_ftrace_filter',
        'echo leaf:traceoff:1000 >> set_ftrace_filter',
        'echo function_graph > current_tracer',
      ],
      'calls and returns of two instances under limits': [
        'echo 3 > max_graph_depth',
        'echo hop > set_graph_notrace',
        'mkdir instances/a',
        'echo function_graph > instances/a/current_tracer',
        'echo function_graph > current_tracer',
      ],
      'calls and returns under limits of another process': [
        'echo 3 > max_graph_depth',
        'echo hop > set_graph_notrace',
        'echo 2 > set_ftrace_pid',
        'echo function_graph > current_tracer',
      ],
      'functions without repeats': ['echo 1 > options/func-no-repeats', 'echo function > current_tracer'],
      'commands that have nothing to do': [
        ...[
          'echo leaf:traceoff:2 outer:traceon:2 middle:snapshot:2 hop:stacktrace:3 > set_ftrace_filter',
          'echo leaf:traceon >> set_ftrace_filter',
        ],
      ],
      'functions without repeats, with their stacks': [
        'echo 1 > options/func-no-repeats',
        'echo 1 > options/func_stack_trace',
        'echo function > current_tracer',
      ],
      'functions with their stacks': ['echo 1 > options/func_stack_trace', 'echo function > current_tracer'],
      'the stacks of commands': ['echo leaf:stacktrace middle:stacktrace:500 > set_ftrace_filter'],
      'the deepest stack': ['echo 1 > /proc/sys/kernel/stack_tracer_enabled'],
    };
    for (const model of allModels.filter(({ patching, name }) => name !== 'args' || patching === 'single')) {
      const program = assembled(calls, model);
      for (const [name, commands] of Object.entries(ways)) {
        const { machine, ftrace } = new TracedLaunch(program, { model, kilobytes: 8192 }, 2);
        const shell = new TracefsShell(new Tracefs(ftrace));
        shell.run('echo leaf hop middle outer > set_ftrace_filter');
        for (const command of commands) assert.equal(shell.run(command).output, '');
        // A function that stops makes the model regs save all registers, of every call.
        ftrace.savesAllRegisters = name === 'functions';
        const before = debuggerCalls(machine);
        machine.run(200_000);
        const called = debuggerCalls(machine) - before;
        // What a longjmp leaves behind is for the debugger, and a call before its code is translated.
        assert.ok(called < 100, `${called} times for ${name} under ${nameOf(model)}, ${ftrace.functions.map(({ hits }) => hits)}`);
      }
    }
  });

  it('do with a shadow stack that the program has changed what the debugger would', () => {
    for (const [seed, model] of allModels.entries()) {
      const random = new Random(seed);
      const both = new Both(calls, model, 64);
      both.shell('echo 1 > function_profile_enabled');
      both.shell('echo function_graph > current_tracer');
      both.run(3000, 'before');
      const shadow = both.launches[0]!.machine.memory.regions.find(({ name, size }) => name === 'ftrace' && size > 0x100000n)!;
      for (let round = 0; round < 40; round += 1) {
        const why = `${nameOf(model)}, round ${round}`;
        const at = shadow.address + 8n * BigInt(random.below(random.pick([2, 34, 200])));
        const value = random.pick([0n, 1n, 3n, 4096n, 2n ** 64n - 1n, BigInt(random.below(2 ** 32)), shadow.address]);
        both.each(({ machine }) => machine.memory.write(at, new Uint8Array(new BigUint64Array([value]).buffer)));
        if (round === 30) both.each(({ machine }) => machine.memory.unmap(shadow.address + 0x1000n, 0x1000n));
        if (round === 35) both.each(({ machine }) => machine.memory.unmap(shadow.address, shadow.size));
        // A return that was changed may lead anywhere, and the program begins again.
        if (both.run(random.pick([50, 700]), why).kind !== 'budget') {
          both.each(({ machine, program }) => {
            machine.pc = program.entry;
          });
        }
        both.same(({ machine }) => [machine.pc, machine.instret, machine.readX(1), machine.readX(2), machine.readX(10)], why);
      }
    }
  });

  it('need not be left where several trace one function', () => {
    const both = new Both(calls, allModels[1]!, 8192);
    both.shell('mkdir instances/a');
    both.shell('echo function > current_tracer');
    both.shell('echo function > instances/a/current_tracer');
    both.run(1_000_000, 'two');
    assert.ok(both.launches[0]!.machine.statistics.exits.hook < 100n);
    const [one, other] = ['trace', 'instances/a/trace'].map((file) => both.shell(`cat ${file}`).split('\n').length) as [number, number];
    // The hart may stand between the two tracers.
    assert.ok(Math.abs(one - other) <= 1, `${one} and ${other}`);
  });

  it('do not take a jump into them for a call', () => {
    const both = new Both(calls, allModels[1]!, 64);
    both.shell('echo function > current_tracer');
    both.run(100_000, 'before');
    const tracer = both.launches[0]!.ftrace.trampoline.symbols.named('function_trace_call')!.address;
    for (const [ip, frame] of [
      [0n, 0n],
      [both.launches[0]!.symbol('leaf'), 8n],
      [both.launches[0]!.symbol('leaf'), 0xffff_ffff_ffff_fff8n],
      [both.launches[0]!.symbol('leaf') + 2n, both.launches[0]!.machine.readX(2)],
    ] as const) {
      both.each(({ machine, symbol: _, program }) => {
        machine.writeX(1, program.entry);
        machine.writeX(10, ip);
        machine.writeX(13, frame);
        machine.pc = tracer;
      });
      both.run(50_000, `${ip}`);
      both.same(({ ftrace }) => ftrace.functions.map(({ hits }) => hits), `${ip}`);
    }
  });
});
