import { statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { enableMultiplyAdd } from '../debug-adapter/node-engine';
import { openBundle } from '../debug-adapter/open-bundle';
import type { Executable, Program } from '../program/program';
import { ProgramError } from '../program/program-error';
import { readExecutable } from '../program/read-executable';
import type * as DebugProgram from './debug-program';
import { execute } from './execute';
import { failed } from './exit-status';
import { openFileImage } from './open-file-image';
import { ProcessStreams } from './process-streams';
import { loadProgram, runProgram } from './run-program';
import { complain } from './standard-output';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/**
 * `riscv-ftrace run PROGRAM ARGUMENT...` without options, for an ELF file, in a bundle of its own: with all that the others need a short
 * run would take longer. False where the file is none that can be run; `run` then says why, or makes a program of it. `onRead` is called
 * once all bundles are read.
 */
export function runPlain([path, ...rest]: readonly [string, ...string[]], onRead: () => void = () => {}): boolean {
  const program = readElf(resolve(path));
  if (!program) return false;
  onRead();
  void execute(async () => {
    enableMultiplyAdd();
    for (const note of program.notes) complain(`riscv-ftrace: ${note}`);
    const streams = new ProcessStreams();
    const machine = loadProgram(program, { program: path, arguments: rest }, streams);
    return machine ? await runProgram(program, machine, streams) : failed;
  });
  return true;
}

function readElf(path: string): Executable | Program | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    return readExecutable(openFileImage(path), basename(path)) ?? readWithDebugInfo(path);
  } catch (error) {
    if (error instanceof ProgramError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

function readWithDebugInfo(path: string): Program {
  const { readDebugProgram } = openBundle(join(__dirname, 'debug-program.js')).run() as typeof DebugProgram;
  return readDebugProgram([path]);
}
