import assert from 'node:assert/strict';
import type { Machine, Stop } from '../../emulator/machine';
import type { Model } from '../../ftrace/models/models';
import { TracefsShell } from '../../ftrace/tracefs/shell';
import { Tracefs } from '../../ftrace/tracefs/tracefs';
import { assembled, TracedLaunch } from './launch';

/** The same program under the same tracing in two machines: one translates almost at once, the other never. */
export class Both {
  readonly launches: readonly TracedLaunch[];
  private readonly shells: readonly TracefsShell[];

  constructor(text: string, model: Model, kilobytes: number) {
    const program = assembled(text, model);
    this.launches = [2, 0].map((hotAfter) => new TracedLaunch(program, { model, kilobytes }, hotAfter));
    this.shells = this.launches.map(({ ftrace }) => new TracefsShell(new Tracefs(ftrace)));
  }

  run(budget: number, why: string): Stop {
    return this.same(({ machine }) => machine.run(budget), why);
  }

  shell(command: string): string {
    const [ours, theirs] = this.shells.map((shell) => shell.run(command).output);
    assert.equal(ours, theirs, command);
    return ours!;
  }

  each(change: (launch: TracedLaunch) => void): void {
    for (const launch of this.launches) change(launch);
  }

  same<T>(ask: (launch: TracedLaunch) => T, why: string): T {
    const [ours, theirs] = this.launches.map(ask);
    assert.deepEqual(ours, theirs, why);
    return ours!;
  }

  get recordedInEngine(): bigint {
    const { hook } = this.launches[0]!.machine.statistics.exits;
    const { written } = this.launches[0]!.ftrace.trace;
    return BigInt(written) - hook;
  }
}

/** How often WebAssembly was left for the debugger. */
export function debuggerCalls({ statistics }: Machine): number {
  return Object.values(statistics.hookCalls).reduce((sum, count) => sum + count, 0);
}
