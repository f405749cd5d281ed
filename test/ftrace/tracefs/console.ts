import assert from 'node:assert/strict';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import type { Model } from '../../../ftrace/models/model';
import { TracefsShell } from '../../../ftrace/tracefs/shell';
import { Tracefs } from '../../../ftrace/tracefs/tracefs';
import type { Program } from '../../../program/program';
import { TracedLaunch } from '../launch';

/** A program under tracefs, as a conversation: what is typed and what comes back. */
export class Console {
  readonly launch: TracedLaunch;
  readonly tracefs: Tracefs;
  readonly log: string[] = [];
  private readonly shell: TracefsShell;

  /** The program calls its main, and what comes behind that call is where its work ends. */
  constructor(program: Program, model: Model = callOpsModel, kilobytes = 1408) {
    this.launch = new TracedLaunch(program, { model, kilobytes, printk: (line) => this.log.push(line) });
    this.tracefs = new Tracefs(this.launch.ftrace);
    this.launch.onSystemCall = (number, args, result) => this.tracefs.state.systemCalls.observe(number, args, result);
    this.shell = new TracefsShell(this.tracefs);
  }

  type(script: string): string {
    return this.shell.run(script).output;
  }

  /** Runs the program from its start again. */
  work(): this {
    const { machine, program } = this.launch;
    machine.pc = program.entry;
    machine.writeX(8, 0n);
    machine.setBreakpoint(this.end);
    for (;;) {
      const stop = machine.run(1_000_000);
      if (stop.kind === 'breakpoint') return this;
      assert.equal(stop.kind, 'budget');
    }
  }

  /** What the records of the trace say behind their columns. */
  get bodies(): string[] {
    return this.type('cat trace')
      .split('\n')
      .filter((line) => /^ +\S+-1 /.test(line))
      .map((line) => line.replace(/^.*?\d: /, ''));
  }

  /** Behind the call of main: the symbol `done`, or where an `auipc` and a `jalr` at the entry return to. */
  private get end(): bigint {
    const { program } = this.launch;
    return program.symbols.named('done')?.address ?? program.entry + 8n;
  }

  /** A recording: lines that begin with `$ ` are typed, and the others are what must come back. */
  follows(recording: string): void {
    const parts = recording.split(/^\$ /m).slice(1);
    for (const part of parts) {
      const [command, ...lines] = part.split('\n');
      if (command === 'work') this.work();
      else
        assert.equal(
          this.type(command!),
          lines.join('\n').replace(/\n+$/, (end) => end.slice(0, 1)),
          command,
        );
    }
  }
}

/** The header of `trace` with these counts. */
export const header = (tracer: string, counts: string) => `\
# tracer: ${tracer}
#
# entries-in-buffer/entries-written: ${counts}   #P:1
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
`;
/** A text without times. */
export const times = (text: string) => text.replace(/\d+\.\d{6}/g, 'T').replace(/\d+\.\d{3} us/g, 'D');
