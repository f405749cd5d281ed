import assert from 'node:assert/strict';
import type { RiscvMachine } from '../../emulator/riscv-machine';
import { allModels, type Model } from '../../ftrace/models/models';
import { TracefsShell } from '../../ftrace/tracefs/shell';
import { Tracefs } from '../../ftrace/tracefs/tracefs';
import { Lockstep } from '../emulator/translator/lockstep';
import { Random } from '../support/random';
import { calls, functions } from './calls-program';
import { assembled, nameOf, TracedLaunch } from './launch';

/** What is traced, by the commands that turn it on. */
const ways: Readonly<Record<string, readonly string[]>> = {
  functions: ['echo function > current_tracer'],
  'functions with arguments': ['echo 1 > options/func-args', 'echo function > current_tracer'],
  'functions for two': ['mkdir instances/a', 'echo function > instances/a/current_tracer', 'echo function > current_tracer'],
  'functions without repeats': ['echo 1 > options/func-no-repeats', 'echo function > current_tracer'],
  'functions with stacks': ['echo 1 > options/func_stack_trace', 'echo function > current_tracer'],
  'calls and returns': ['echo function_graph > current_tracer'],
  'calls and returns under limits': [
    'echo 2 > max_graph_depth',
    'echo outer > set_graph_function',
    'echo leaf > set_graph_notrace',
    'echo function_graph > current_tracer',
  ],
  'the profile': ['echo 1 > function_profile_enabled'],
  'events of instructions': [
    "echo 'p:one outer+12 %a0 +0(%sp):u32' > dynamic_events",
    "echo 'p:two leaf+8 %a4' >> dynamic_events",
    "echo 'p:three again %s0' >> dynamic_events",
    'echo 1 > events/kprobes/enable',
  ],
  'the deepest stack': ['echo 1 > /proc/sys/kernel/stack_tracer_enabled'],
};

describe('tracing, with translator and interpreter in lockstep', () => {
  for (const model of allModels) {
    it(`has the same registers, memory and count at every exit of a region under ${nameOf(model)}, and the same trace`, () => {
      for (const [name, commands] of Object.entries(ways)) {
        // The option func-args came after the older models.
        if (model.lead > 0 || !commands.join().includes('func-args')) follow(model, name, commands);
      }
    });
  }
});

/** Runs with tracing on, and then with functions that are turned on and off, breakpoints that come and go, and steps. */
function follow(model: Model, name: string, commands: readonly string[]): void {
  const program = assembled(calls, model);
  const launches = [2, 0].map((hotAfter) => new TracedLaunch(program, { model, kilobytes: 256 }, hotAfter));
  const shells = launches.map(({ ftrace }) => new TracefsShell(new Tracefs(ftrace)));
  const shell = (command: string): string => {
    const [ours, theirs] = shells.map((each) => each.run(command).output);
    assert.equal(ours, theirs, `${name}: ${command}`);
    return ours!;
  };
  const [ours, theirs] = launches.map(({ machine }) => machine as RiscvMachine) as [RiscvMachine, RiscvMachine];
  const lockstep = new Lockstep(ours, theirs, `${name} under ${nameOf(model)}`);
  for (const command of commands) assert.equal(shell(command), '', command);
  lockstep.run(8_000);
  const random = new Random(model.name.length);
  const breakpoints = new Set<bigint>();
  for (let round = 0; round < 6; round += 1) {
    const each = random.pick(functions);
    shell(`echo ${random.pick(['', '!'])}${each} ${random.pick(['>', '>>'])} set_ftrace_filter`);
    // At the call site too: patches and breakpoints are set over each other.
    const address = launches[0]!.symbol(random.pick(functions)) + BigInt(4 * random.below(5));
    const isSet = breakpoints.delete(address);
    if (!isSet) breakpoints.add(address);
    lockstep.each((machine) => (isSet ? machine.clearBreakpoint(address) : machine.setBreakpoint(address)));
    lockstep.run(random.pick([1, 40, 700, 4000]));
    for (let steps = random.below(30); steps > 0; steps -= 1) lockstep.step();
  }
  lockstep.end();
  for (const file of ['trace', 'trace_stat/function0', 'stack_trace', 'per_cpu/cpu0/stats']) shell(`cat ${file}`);
  assert.ok(lockstep.exits > 20, `${lockstep.exits} exits`);
}
