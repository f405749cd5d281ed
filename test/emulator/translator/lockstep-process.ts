import assert from 'node:assert/strict';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import type { ProcessHost } from '../../../emulator/linux/process-host';
import type { Stop } from '../../../emulator/machine';
import type { RiscvMachine } from '../../../emulator/riscv-machine';
import type { Program } from '../../../program/program';
import { Random } from '../../support/random';
import { Lockstep, type Surroundings } from './lockstep';

/** Hosts of two machines, which must hear the same from both. */
export class SameHosts implements Surroundings {
  /** What the programs have written, by stream. */
  readonly output = { 1: '', 2: '' };
  private readonly heard: [string[], string[]] = [[], []];

  /** The host of the first machine or of the second; both read the same input. */
  host(index: 0 | 1, input: readonly string[] = []): ProcessHost {
    const left = [...input];
    const hears = (what: string) => void this.heard[index].push(what);
    return {
      write: (stream, bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        hears(`writes to ${stream}: ${text}`);
        if (index === 0) this.output[stream] += text;
      },
      read: () => {
        const next = left.shift();
        return next === undefined ? 'end' : new TextEncoder().encode(next);
      },
      note: (message) => hears(`notes: ${message}`),
      onSystemCall: (number, args, result) => hears(`system call ${number} (${args.join(', ')}): ${result}`),
      onFault: (exception, pc) => hears(`fault at ${pc}: ${exception.message}`),
    };
  }

  compare(where: string): void {
    const [ours, theirs] = this.heard;
    if (ours.length === 0 && theirs.length === 0) return;
    // What interprets may have told already of a jump to nowhere, which the other has done and not told.
    const early = theirs.slice(ours.length);
    assert.ok(early.length <= 1 && early.every((what) => what.startsWith('fault at ')), `${early.join('\n')} ${where}`);
    assert.deepEqual(ours, theirs.slice(0, ours.length), where);
    ours.length = 0;
    theirs.splice(0, theirs.length - early.length);
  }
}

export interface LockstepProcess {
  readonly both: Lockstep;
  readonly output: SameHosts['output'];
}

export interface LockstepOptions {
  readonly hotAfter: number;
  readonly arguments?: readonly string[];
  readonly input?: readonly string[];
  /** In MiB. */
  readonly memory?: number;
  /** As of `Lockstep`. */
  readonly seesExits?: boolean;
}

/** A Linux program in two machines: one translates what it came to so often, the other nothing. */
export function startInLockstep(
  program: Program,
  { hotAfter, arguments: args = [], input = [], memory = 64, seesExits }: LockstepOptions,
): LockstepProcess {
  const hosts = new SameHosts();
  const [ours, theirs] = ([0, 1] as const).map((index): RiscvMachine => {
    const host = hosts.host(index, input);
    const engine = index === 0 ? { hotAfter } : { hotAfter: 0, notesWrites: true };
    return LinuxProcess.start(program, { arguments: [program.name, ...args], host, memory, ...engine }).machine;
  }) as [RiscvMachine, RiscvMachine];
  return { both: new Lockstep(ours, theirs, program.name, hosts, seesExits), output: hosts.output };
}

/**
 * Runs for at most so many instructions, in slices of any length, of which some are followed by steps. Gives the last stop, which is of kind
 * `budget` where the program has not ended.
 */
export function runInSlices(both: Lockstep, instructions: number, random = new Random(instructions)): Stop {
  let stop: Stop = { kind: 'budget' };
  const end = both.ours.instret + BigInt(instructions);
  while (both.ours.instret < end && stop.kind === 'budget') {
    const slice = random.pick([97, 1_009, 10_007, 250_007]) - random.below(16);
    stop = both.run(Math.min(slice, Number(end - both.ours.instret)));
    for (
      let steps = random.below(4) === 0 ? random.below(24) : 0;
      steps > 0 && (stop.kind === 'budget' || stop.kind === 'trap');
      steps -= 1
    ) {
      stop = both.step();
    }
    if (stop.kind === 'trap') stop = { kind: 'budget' };
  }
  both.end();
  return stop;
}
