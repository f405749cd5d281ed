import assert from 'node:assert/strict';
import type { FtraceOps, TraceableFunction } from '../../ftrace/ftrace-ops';
import { noFunctions } from '../../ftrace/function-set';
import type { Model } from '../../ftrace/models/model';
import { allModels } from '../../ftrace/models/models';
import type { Program } from '../../program/program';
import { randomBelow } from '../support/random';
import { nameOf, sampleProgram, stateOf, TracedLaunch } from './launch';

const rounds = 10_000;
const writers = 3;

describe('toggling while the program runs', () => {
  for (const model of allModels) {
    it(`${rounds} times at random by several writers changes nothing and counts every enabled call once, in model ${nameOf(model)}`, () => {
      const random = randomBelow(model.name.length);
      let [toggles, counted, possible] = [0, 0, 0];
      for (const name of ['fib.s', 'sort.s']) {
        const program = sampleProgram(name, model);
        const quiet = new TracedLaunch(program, { model });
        quiet.exit();
        for (let done = 0; done < rounds / 2; ) {
          const run = toggleThrough(program, model, random);
          assert.deepEqual({ output: run.launch.output, ...stateOf(run.launch) }, { output: quiet.output, ...stateOf(quiet) });
          done += run.toggles;
          toggles += run.toggles;
          counted += run.counted;
          possible += run.possible;
        }
      }
      assert.ok(toggles >= rounds);
      // Neither always on nor always off.
      assert.ok(counted > possible / 20 && counted < possible * 0.95, `${counted} of ${possible} calls`);
    });
  }
});

/** One who wants calls of some functions: an ops of its own, and what it was told. */
class Writer {
  readonly counts = new Map<TraceableFunction, number>();
  readonly wanted = new Set<TraceableFunction>();
  readonly ops: FtraceOps;

  constructor(private readonly launch: TracedLaunch) {
    this.ops = launch.ftrace.registry.create({
      func: 'function_trace_probe_call',
      callback: (hit) => {
        assert.ok(this.wanted.has(hit.function), `a call of ${hit.function.name} after it was turned off`);
        this.counts.set(hit.function, (this.counts.get(hit.function) ?? 0) + 1);
        return 'continue';
      },
    });
    this.ops.filter = noFunctions;
  }

  toggle(each: TraceableFunction): void {
    const { registry } = this.launch.ftrace;
    if (!this.wanted.delete(each)) this.wanted.add(each);
    registry.setFilter(this.ops, registry.setOf(this.wanted));
    if (this.wanted.size > 0 && !this.ops.registered) registry.register(this.ops);
    if (this.wanted.size === 0 && this.ops.registered) registry.unregister(this.ops);
  }

  stop(): void {
    if (this.ops.registered) this.launch.ftrace.registry.unregister(this.ops);
  }
}

/**
 * Runs the program to its end; after every few instructions one of several writers toggles a random function. A call counts for
 * those who wanted it both when the hart came to the call site and when it left the trampoline, and never for who did at neither.
 */
function toggleThrough(program: Program, model: Model, random: (below: number) => number) {
  const launch = new TracedLaunch(program, { model });
  const { machine, ftrace } = launch;
  const all = Array.from({ length: writers }, () => new Writer(launch));
  const least = new Map<Writer, Map<TraceableFunction, number>>(all.map((writer) => [writer, new Map()]));
  const most = new Map<Writer, Map<TraceableFunction, number>>(all.map((writer) => [writer, new Map()]));
  let possible = 0;
  /** For each writer, whether it has wanted the call under way all the time, or at some time. */
  let under: { each: TraceableFunction; always: Set<Writer>; ever: Set<Writer> } | undefined;
  for (const each of ftrace.functions) {
    machine.setHook(each.address, () => {
      const wanting = all.filter((writer) => writer.wanted.has(each));
      under = { each, always: new Set(wanting), ever: new Set(wanting) };
      return 'continue';
    });
    machine.setHook(each.address + 8n, () => {
      if (under?.each === each) {
        possible += writers;
        for (const writer of under.always) bump(least.get(writer)!, each);
        for (const writer of under.ever) bump(most.get(writer)!, each);
      }
      under = undefined;
      return 'continue';
    });
  }
  let toggles = 0;
  for (;;) {
    const stop = machine.run(1 + random(random(8) === 0 ? 60 : 6));
    if (stop.kind === 'exit') break;
    assert.equal(stop.kind, 'budget');
    const writer = all[random(writers)]!;
    const each = ftrace.functions[random(ftrace.functions.length)]!;
    toggles++;
    writer.toggle(each);
    if (under?.each !== each) continue;
    if (writer.wanted.has(each)) under.ever.add(writer);
    else under.always.delete(writer);
  }
  let counted = 0;
  for (const writer of all) {
    writer.stop();
    for (const each of ftrace.functions) {
      const count = writer.counts.get(each) ?? 0;
      counted += count;
      const [low, high] = [least.get(writer)!.get(each) ?? 0, most.get(writer)!.get(each) ?? 0];
      assert.ok(count >= low && count <= high, `${each.name}: ${count} of ${low} to ${high} calls`);
    }
  }
  return { launch, toggles, counted, possible };
}

function bump(counts: Map<TraceableFunction, number>, each: TraceableFunction): void {
  counts.set(each, (counts.get(each) ?? 0) + 1);
}
