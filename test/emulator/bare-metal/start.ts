import { BareMetal } from '../../../emulator/bare-metal/bare-metal';
import type { Stop } from '../../../emulator/machine';
import type { RiscvMachine } from '../../../emulator/riscv-machine';
import { assemble } from '../../../program/assembler/assemble';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import type { Isa } from '../../../riscv/isa-string';

export interface Started {
  readonly machine: RiscvMachine;
  readonly program: Program;
  readonly notes: readonly string[];
  /** What it has printed to standard output. */
  output(): string;
  /** Runs to the first stop that is not the end of a budget. */
  run(): Stop;
}

export interface Options {
  readonly input?: readonly (string | 'wait')[];
  readonly memory?: number;
  readonly isa?: Isa;
  readonly hotAfter?: number;
  readonly arguments?: readonly string[];
}

/** Assembles a program for a bare machine and loads it. */
export function start(text: string, options: Options = {}): Started {
  const { image, diagnostics } = assemble([{ path: 'program.S', text }], { textAddress: 0x8000_0000n, callSites: false });
  if (!image) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return startImage(image, options);
}

export function startImage(image: Uint8Array, options: Options = {}): Started {
  const { input = [], memory = 4, arguments: args = ['program'], isa, hotAfter } = options;
  const program = readProgram(image, 'program');
  const notes: string[] = [];
  const written: string[] = [];
  const pending = [...input];
  const host = {
    write: (_: 1 | 2, bytes: Uint8Array) => {
      written.push(Buffer.from(bytes).toString('latin1'));
    },
    read: () => {
      const next = pending.shift();
      return next === undefined ? ('end' as const) : next === 'wait' ? ('wait' as const) : Buffer.from(next);
    },
    note: (message: string) => {
      notes.push(message);
    },
  };
  const { machine } = BareMetal.start(program, { arguments: args, host, memory, isa, ...(hotAfter !== undefined && { hotAfter }) });
  return { machine, program, notes, output: () => written.join(''), run: () => runToStop(machine) };
}

/** A program that runs on without end fails the test. */
function runToStop(machine: RiscvMachine): Stop {
  for (let slices = 0; slices < 200; slices += 1) {
    const stop = machine.run(1_000_000);
    if (stop.kind !== 'budget') return stop;
  }
  throw new Error(`the program runs on at pc 0x${machine.pc.toString(16)}`);
}

/** The code with which a program ends. */
export function exitCode(started: Started): number {
  const stop = started.run();
  if (stop.kind === 'exit') return stop.code;
  const { exception } = stop as { exception?: { message: string } };
  throw new Error(`the program stopped with ${stop.kind} ${exception?.message ?? ''} at pc 0x${started.machine.pc.toString(16)}`);
}
