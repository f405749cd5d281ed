import { LinuxProcess } from '../../emulator/linux/linux-process';
import type { Machine } from '../../emulator/machine';
import { assemble } from '../../program/assembler/assemble';
import type { Program } from '../../program/program';
import { readProgram } from '../../program/read-program';
import { Ftrace } from '../ftrace';
import type { TraceableFunction } from '../ftrace-ops';
import type { Model } from '../models/model';
import { Tracefs } from '../tracefs/tracefs';
import programText from './program.S';

const path = '/riscv-ftrace/selftest.S';
/** Instructions that a called function may take. */
const patience = 10_000_000;
const [ra, a0] = [1, 10];

/** The program of the self-tests in a machine of its own under one model, whose functions are called one at a time. */
export class SelftestGuest {
  readonly machine: Machine;
  readonly ftrace: Ftrace;
  readonly tracefs: Tracefs;
  readonly log: string[] = [];
  private readonly program: Program;

  constructor(readonly model: Model) {
    this.program = build(model);
    const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => void this.log.push(message) };
    this.machine = LinuxProcess.start(this.program, { arguments: ['selftest'], host }).machine;
    this.ftrace = Ftrace.install(this.machine, this.program, { model, printk: (message) => this.log.push(message) });
    this.tracefs = new Tracefs(this.ftrace);
    this.machine.setBreakpoint(this.symbol('selftest_return'));
  }

  symbol(name: string): bigint {
    return this.program.symbols.named(name)!.address;
  }

  function(name: string): TraceableFunction {
    return this.ftrace.registry.functionAt(this.symbol(name))!;
  }

  /** Calls a function of the program, and waits until it has returned. Throws Error where it does not. */
  call(name: string, argument = 0n): void {
    this.machine.writeX(ra, this.symbol('selftest_return'));
    this.machine.writeX(a0, argument);
    this.machine.pc = this.symbol(name);
    const stop = this.machine.run(patience);
    if (stop.kind !== 'breakpoint') throw new Error(`${name} did not return: ${stop.kind}`);
  }

  get count(): bigint {
    return this.machine.memory.load(this.symbol('selftest_count'), 8)!;
  }
  set count(value: bigint) {
    this.machine.memory.write(this.symbol('selftest_count'), new Uint8Array(new BigUint64Array([value]).buffer));
  }
}

function build(model: Model): Program {
  const { image, diagnostics } = assemble([{ path, text: programText }], { callSites: true, callSiteLead: model.lead });
  if (!image) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return readProgram(image, 'selftest', new Map([[path, programText]]));
}
