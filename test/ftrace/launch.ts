import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinuxProcess } from '../../emulator/linux/linux-process';
import type { ProcessHost } from '../../emulator/linux/process-host';
import type { Machine } from '../../emulator/machine';
import { Ftrace, type FtraceOptions } from '../../ftrace/ftrace';
import type { Model } from '../../ftrace/models/model';
import { assemble } from '../../program/assembler/assemble';
import type { Program } from '../../program/program';
import { readProgram } from '../../program/read-program';

const pathOf = (name: string) => join(__dirname, '../../samples', name);

export const sample = (name: string) => readFileSync(pathOf(name), 'utf8');

/** A sample's program: its ELF file, or assembled. */
export const sampleProgram = (name: string, options?: BuildFor) =>
  name.endsWith('.elf') ? readProgram(readFileSync(pathOf(name)), name) : assembled(sample(name), options);

interface BuildFor {
  readonly callSites?: boolean;
  /** Of a model: the bytes it needs before a function. */
  readonly lead?: 0 | 8;
}

/** `args, pair`: a model and how it patches, where that is not the usual way. */
export function nameOf({ name, patching }: Pick<Model, 'name' | 'patching'>): string {
  return name === 'args' ? `args (${patching})` : name;
}

export function assembled(text: string, { callSites = true, lead = 0 }: BuildFor = {}): Program {
  const { image, diagnostics } = assemble([{ path: '/test/program.s', text }], { callSites, callSiteLead: lead });
  assert.ok(image, diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return readProgram(image, 'program');
}

/** A loaded program whose output is kept. */
export class Launch {
  readonly machine: Machine;
  output = '';
  /** Gets the system calls, as `ProcessHost` does. */
  onSystemCall: NonNullable<ProcessHost['onSystemCall']> = () => {};

  /** `hotAfter` as the machine has it: 0 keeps everything in the interpreter, and what hooks do outside of the engine. */
  constructor(
    readonly program: Program,
    hotAfter?: number,
    /** Its arguments, behind its name. */
    words: readonly string[] = [],
  ) {
    const host = {
      write: (_descriptor: 1 | 2, bytes: Uint8Array) => {
        this.output += Buffer.from(bytes).toString('latin1');
      },
      read: () => 'end' as const,
      note: (message: string) => assert.fail(message),
      onSystemCall: (number: number, args: readonly bigint[], result: bigint | undefined) => this.onSystemCall(number, args, result),
    };
    const engine = hotAfter === undefined ? {} : { hotAfter, notesWrites: hotAfter === 0 };
    this.machine = LinuxProcess.start(program, { arguments: ['program', ...words], host, ...engine }).machine;
  }

  /** Runs to the end and returns the exit code. */
  exit(): number {
    const stop = this.machine.run(100_000_000);
    assert.equal(
      stop.kind,
      'exit',
      JSON.stringify(stop, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    );
    return stop.kind === 'exit' ? stop.code : -1;
  }

  symbol(name: string): bigint {
    return this.program.symbols.named(name)!.address;
  }
}

/** A loaded program with its call sites ready. */
export class TracedLaunch extends Launch {
  readonly ftrace: Ftrace;

  constructor(program: Program, options?: FtraceOptions, hotAfter?: number, words?: readonly string[]) {
    super(program, hotAfter, words);
    this.ftrace = Ftrace.install(this.machine, program, options);
  }

  enable(...names: string[]): this {
    for (const name of names) this.ftrace.enable(this.symbol(name));
    return this;
  }

  hits(name: string): number {
    return this.ftrace.functions.find((each) => each.name === name)!.hits;
  }
}

/** Registers and memory of a program, as far as tracing must not change them; all functions must be off. */
export function stateOf({ machine, ftrace }: TracedLaunch): { registers: bigint[]; memory: Map<string, Buffer> } {
  const sp = machine.readX(2);
  const memory = new Map<string, Buffer>();
  for (const { name, address, size } of machine.memory.regions) {
    if (name === 'ftrace') continue;
    const bytes = Buffer.from(machine.memory.read(address, Number(size)));
    if (name === 'stack') bytes.fill(0, 0, Number(sp - address));
    memory.set(`${name} 0x${address.toString(16)}`, bytes);
  }
  assert.ok(ftrace.functions.every((each) => !each.enabled));
  return { registers: liveRegisters(machine), memory };
}

/** All registers except those that the kernel's trampoline clobbers too. */
export function liveRegisters(machine: Machine): bigint[] {
  const clobbered = new Set([5, 6, 29]);
  return Array.from({ length: 32 }, (_, index) => (clobbered.has(index) ? 0n : machine.readX(index)));
}
