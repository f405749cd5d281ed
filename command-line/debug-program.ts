import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { openDebugFile } from '../debug-adapter/node-debug-file';
import type { Program } from '../program/program';
import { readProgram } from '../program/read-program';

/** Reads an ELF executable with debug information, in a bundle of its own: without it most of what reads programs is not needed. */
export function readDebugProgram([path]: readonly [string]): Program {
  const folder = dirname(path);
  return readProgram(readFileSync(path), basename(path), new Map(), folder, { folder, open: openDebugFile });
}
