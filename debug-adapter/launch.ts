import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { assemble } from '../program/assembler/assemble';
import type { Program } from '../program/program';
import { ProgramError } from '../program/program-error';
import { readProgram } from '../program/read-program';
import type { Shape } from './arguments';
import { Debuggee, type DebuggeeEvents } from './debuggee';
import * as errors from './errors';
import type { LaunchArguments } from './launch-arguments';
import { Sources } from './sources';

const marker: Shape = { function: 'string', 'source?': 'string', 'stop?': 'boolean' };

/** What a launch request must look like. */
export const launchShape: Shape = {
  program: 'string',
  'args?': 'strings',
  'cwd?': 'string',
  'stopOnEntry?': 'boolean',
  'trace?': 'strings',
  'traceMarkers?': [marker],
  'callSites?': 'boolean',
  'compiler?': 'string',
  'compilerArgs?': 'strings',
};

/** The program of a session, loaded. */
export interface LaunchedProgram {
  readonly debuggee: Debuggee;
  readonly sources: Sources;
}

type Say = (body: DebugProtocol.OutputEvent['body']) => void;

/** Builds the program if it is a source, and loads it. Throws `launchFailed`, after `say` has told every diagnostic. */
export async function launch(args: LaunchArguments, events: DebuggeeEvents, say: Say): Promise<LaunchedProgram> {
  const path = resolve(args.cwd ?? dirname(args.program), args.program);
  const program = await build(path, args, say);
  const folder = dirname(path);
  try {
    const debuggee = new Debuggee(program, [path, ...(args.args ?? [])], events);
    for (const problem of debuggee.trace.enable(args.trace ?? [])) say({ category: 'important', output: `trace: ${problem}\n` });
    return { debuggee, sources: new Sources(debuggee.code.programs, folder) };
  } catch (error) {
    if (error instanceof RangeError) throw errors.launchFailed(error.message);
    throw error;
  }
}
async function build(path: string, args: LaunchArguments, say: Say): Promise<Program> {
  try {
    const bytes = await readFile(path);
    if (!/\.[sS]$/.test(path)) return readProgram(bytes, basename(path), new Map(), dirname(path));
    const { image, diagnostics } = assemble([{ path, text: bytes.toString() }], { callSites: args.callSites ?? true });
    if (image) return readProgram(image, basename(path), new Map(), dirname(path));
    throw errors.launchFailed(diagnostics.map((d) => d.message).join());
  } catch (error) {
    if (error instanceof ProgramError) throw errors.launchFailed(error.message);
    throw error;
  }
}
