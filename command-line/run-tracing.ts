import { closeSync, openSync } from 'node:fs';
import type { RiscvMachine } from '../emulator/riscv-machine';
import { Ftrace } from '../ftrace/ftrace';
import { selectFunctions } from '../ftrace/select-functions';
import { TracefsShell } from '../ftrace/tracefs/shell';
import { Tracefs } from '../ftrace/tracefs/tracefs';
import { functionTypes } from '../program/frames/call-arguments';
import type { Program } from '../program/program';
import type { ProcessStreams } from './process-streams';
import type { RunOptions } from './run-options';
import { causeOf, complain, OutputError, writeAll } from './standard-output';
import { writeTrace } from './trace-writer';

/** The tracing of a run: what is traced, the pipes that scripts read while it runs, and what is written when it has ended. */
export class RunTracing {
  readonly #ftrace: Ftrace;
  readonly #tracefs: Tracefs;
  #pipes: ReadonlySet<string> = new Set();
  /** The descriptor of the file that the trace goes to. */
  #output: number | undefined;

  /** Puts the trampolines into the machine. Throws FtraceError where there is no room for them. */
  constructor(
    machine: RiscvMachine,
    private readonly program: Program,
    private readonly options: RunOptions,
    streams: ProcessStreams,
  ) {
    this.#ftrace = Ftrace.install(machine, program, { kilobytes: options.kilobytes, model: options.model, printk: complain });
    this.#tracefs = new Tracefs(this.#ftrace, functionTypes(program));
    streams.onSystemCall = (number, args, result) => this.#tracefs.state.systemCalls.observe(number, args, result);
    streams.onFault = (exception, pc) => this.#tracefs.state.exceptions.observe(exception, pc);
  }

  get trampoline(): Program {
    return this.#ftrace.trampoline;
  }

  /** Turns on what the options ask for; false where that cannot be, which has been said. */
  begin(): boolean {
    const { patterns, graph, scripts, output } = this.options;
    const { functions, problems, omissions } = selectFunctions(patterns, this.#ftrace, this.program);
    for (const line of [...problems, ...(problems.length > 0 ? [] : omissions)]) complain(`riscv-ftrace: ${line}`);
    if (problems.length > 0) return false;
    if (functions.length > 0) this.#ftrace.setTraced(functions);
    if (graph) this.#ftrace.top.setTracer('function_graph');
    const pipes = this.#runScripts(scripts);
    if (!pipes) return false;
    this.#pipes = pipes;
    if (output === undefined) return true;
    this.#output = openOutput(output);
    return this.#output !== undefined;
  }

  /** Prints what has come to the pipes since. */
  readPipes(): void {
    for (const path of this.#pipes) if (this.#tracefs.stat(path)) writeAll(1, Buffer.from(this.#tracefs.read(path)));
  }

  /** Writes the trace and runs the scripts that wait for the program's end. */
  end(): void {
    const { patterns, graph, scriptsAfter } = this.options;
    if (this.#output !== undefined || patterns.length > 0 || graph) this.#write();
    this.#runScripts(scriptsAfter);
  }

  /** Prints what the scripts print; the pipes that they wait at, or undefined, which has been said, where one fails. */
  #runScripts(scripts: readonly string[]): ReadonlySet<string> | undefined {
    const shell = new TracefsShell(this.#tracefs);
    const waited = new Set<string>();
    for (const script of scripts) {
      const { output, status, pipes = [], reasons = [] } = shell.run(script);
      if (status !== 0) {
        complain([output.trimEnd(), ...reasons.map((reason) => `riscv-ftrace: ${reason}`)].join('\n'));
        return undefined;
      }
      writeAll(1, Buffer.from(output));
      for (const path of pipes) waited.add(path);
    }
    return waited;
  }

  #write(): void {
    const { format, output: path } = this.options;
    const descriptor = this.#output ?? 1;
    try {
      writeTrace(this.#tracefs.state, format, (bytes) => writeAll(descriptor, bytes));
      if (descriptor !== 1) closeSync(descriptor);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      complain(`riscv-ftrace: ${path === undefined ? '' : `${path} `}${error.message}; the trace is lost`);
    }
    const { overrun, written } = this.#ftrace.trace;
    if (overrun === 0) return;
    complain(`riscv-ftrace: the oldest ${overrun} of ${written} calls gave way to newer ones; -b KB keeps more`);
  }
}

/** The file's descriptor; undefined where it cannot be written, which has been said. */
function openOutput(path: string): number | undefined {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException;
    complain(`riscv-ftrace: -o ${path}: ${causeOf(errno) ?? message}`);
    return undefined;
  }
}
