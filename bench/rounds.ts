import { readFileSync } from 'node:fs';
import { enableMultiplyAdd } from '../debug-adapter/node-engine';
import { LinuxProcess } from '../emulator/linux/linux-process';
import { readProgram } from '../program/read-program';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/** A program that was run to its end in a process of its own. Times are seconds of CPU, user and system, of all threads. */
export interface Rounds {
  /** How much was taken when each round was over, when the program began and when it had ended. */
  readonly marks: readonly number[];
  readonly start: number;
  readonly end: number;
  readonly output: string;
  readonly instructions: string;
  /** Regions made and dropped, and how long each took to be translated and compiled, in milliseconds. */
  readonly regions: number;
  readonly dropped: number;
  readonly milliseconds: readonly number[];
}

/** Runs a program, which writes something after each round, and prints its `Rounds`. */
export function runRounds([path]: readonly [string]): void {
  enableMultiplyAdd();
  let output = '';
  const marks: number[] = [];
  const start = cpuSeconds();
  const host = {
    write: (_fd: 1 | 2, bytes: Uint8Array) => {
      output += Buffer.from(bytes).toString();
      marks.push(cpuSeconds());
    },
    read: () => 'end' as const,
    note: (message: string) => console.error(message),
  };
  const { machine } = LinuxProcess.start(readProgram(readFileSync(path), 'program'), { arguments: ['program'], host });
  let stop = machine.run(20_000_000);
  while (stop.kind === 'budget') stop = machine.run(20_000_000);
  if (stop.kind !== 'exit') throw new Error(`${path} ended with ${stop.kind === 'exception' ? stop.exception.message : stop.kind}`);
  const { translated, dropped, milliseconds } = machine.statistics;
  const rounds: Rounds = {
    ...{ marks, start, end: cpuSeconds(), output, instructions: `${machine.instret}`, regions: translated, milliseconds },
    dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
  };
  console.log(JSON.stringify(rounds));
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
