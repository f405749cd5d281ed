import assert from 'node:assert/strict';
import type { Program } from '../../program/program';
import { randomBelow } from '../support/random';
import { sampleProgram, stateOf, TracedLaunch } from './launch';

/** Instructions from the word at F+4 to the tracer: the jalr, 22 of ftrace_caller, and the call of two. */
const wayToTracer = 25n;
const rounds = 10_000;

describe('toggling while the program runs', () => {
  for (const name of ['fib.s', 'sort.s', 'files.elf']) {
    it(`${rounds} times at random changes nothing in ${name} and counts every enabled call once`, () => {
      const program = sampleProgram(name);
      const quiet = new TracedLaunch(program);
      quiet.exit();
      const random = randomBelow(name.length);
      let toggles = 0;
      let [hits, calls] = [0, 0];
      while (toggles < rounds) {
        const run = toggleThrough(program, random);
        assert.deepEqual({ output: run.launch.output, ...stateOf(run.launch) }, { output: quiet.output, ...stateOf(quiet) });
        toggles += run.toggles;
        hits += run.launch.ftrace.trace.written;
        calls += run.calls;
      }
      // Neither always on nor always off.
      assert.ok(hits > calls / 10 && hits < calls * 0.9, `${hits} of ${calls} calls`);
    });
  }
});

/** Runs the program to its end, toggling a random function after every few instructions, and checks what was recorded. */
function toggleThrough(program: Program, random: (below: number) => number) {
  const launch = new TracedLaunch(program);
  const { machine, ftrace } = launch;
  const expected = new ExpectedHits(launch);
  let toggles = 0;
  for (;;) {
    const stop = machine.run(1 + random(random(8) === 0 ? 60 : 6));
    if (stop.kind === 'exit') break;
    assert.equal(stop.kind, 'budget');
    const { address } = ftrace.functions[random(ftrace.functions.length)]!;
    toggles++;
    const recorded = ftrace.trace.written;
    if (ftrace.isOn(address)) ftrace.disable(address);
    else ftrace.enable(address);
    expected.toggled(address, ftrace.isOn(address));
    assert.equal(ftrace.trace.written, recorded);
  }
  const { calls } = expected;
  for (const { address, hits, name } of ftrace.functions) {
    assert.equal(hits, expected.of(address), name);
    ftrace.disable(address);
  }
  const recorded = [...ftrace.trace.from(0)];
  assert.equal(
    recorded.length,
    ftrace.functions.reduce((sum, each) => sum + each.hits, 0),
  );
  return { launch, toggles, calls };
}

/**
 * Which calls are to be recorded, found without the tracer: those whose second word was the jalr when the hart came there, whose
 * function was still, or again, on when it came to the tracer, and with any function on when ftrace_call jumped, to the tracer then
 * and not to ftrace_stub. The latter two are known from instruction counts alone.
 */
class ExpectedHits {
  calls = 0;
  private readonly counts = new Map<bigint, number>();
  private readonly states = new Map<bigint, { at: bigint; on: boolean }[]>();
  private onTheWay: bigint | undefined;

  constructor(private readonly launch: TracedLaunch) {
    const { machine, ftrace } = launch;
    for (const { address } of ftrace.functions) {
      machine.setHook(address + 4n, () => {
        this.calls++;
        this.onTheWay = this.isOn(address, machine.instret) ? machine.instret : undefined;
        return 'continue';
      });
      machine.setHook(address + 8n, () => {
        if (this.onTheWay !== undefined && this.isTraced(address, this.onTheWay)) this.counts.set(address, this.of(address) + 1);
        this.onTheWay = undefined;
        return 'continue';
      });
    }
  }

  toggled(address: bigint, on: boolean): void {
    const states = this.states.get(address) ?? [];
    this.states.set(address, [...states.slice(-40), { at: this.launch.machine.instret, on }]);
  }

  of(address: bigint): number {
    return this.counts.get(address) ?? 0;
  }

  private isTraced(address: bigint, atJalr: bigint): boolean {
    const anyOn = this.launch.ftrace.functions.some((each) => this.isOn(each.address, atJalr + wayToTracer - 1n));
    return anyOn && this.isOn(address, atJalr + wayToTracer);
  }

  private isOn(address: bigint, instret: bigint): boolean {
    return this.states.get(address)?.findLast(({ at }) => at <= instret)?.on ?? false;
  }
}
