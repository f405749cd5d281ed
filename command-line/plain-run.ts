import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { openDebugFile } from '../debug-adapter/node-debug-file';
import { enableMultiplyAdd } from '../debug-adapter/node-engine';
import type { Program } from '../program/program';
import { ProgramError } from '../program/program-error';
import { readProgram } from '../program/read-program';
import { execute } from './execute';
import { failed } from './exit-status';
import { ProcessStreams } from './process-streams';
import { loadProgram, runProgram } from './run-program';
import { complain } from './standard-output';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/**
 * `riscv-ftrace run PROGRAM ARGUMENT...` without options, for an ELF file, in a bundle of its own: with all that the others need a short
 * run would take longer. False where the file is none that can be run; `run` then says why, or makes a program of it.
 */
export function runPlain([path, ...rest]: readonly [string, ...string[]]): boolean {
  const program = readElf(resolve(path));
  if (!program) return false;
  void execute(async () => {
    enableMultiplyAdd();
    for (const note of program.notes) complain(`riscv-ftrace: ${note}`);
    const streams = new ProcessStreams();
    const machine = loadProgram(program, { program: path, arguments: rest }, streams);
    return machine ? await runProgram(program, machine, streams) : failed;
  });
  return true;
}

function readElf(path: string): Program | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    const folder = dirname(path);
    return readProgram(readFileSync(path), basename(path), new Map(), folder, { folder, open: openDebugFile });
  } catch (error) {
    if (error instanceof ProgramError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
