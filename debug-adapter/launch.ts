import { basename, dirname, resolve } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { machineKinds, textAddressFor } from '../emulator/machine-kind';
import { findModel, type Model } from '../ftrace/models/models';
import { BuildError } from '../program/build/build-error';
import { buildProgram } from '../program/build/build-program';
import type { Diagnostic, Program } from '../program/program';
import { type Isa, IsaError, parseIsa } from '../riscv/isa-string';
import type { Shape } from './arguments';
import { Debuggee, type DebuggeeEvents } from './debuggee';
import * as errors from './errors';
import type { LaunchArguments } from './launch-arguments';
import { openMounts } from './mounts';
import { nodeBuildHost } from './node-build-host';
import { makeSourceMap } from './source-map';
import { Sources } from './sources';

const marker: Shape = { function: 'string', 'source?': 'string', 'line?': 'integer', 'stop?': 'boolean' };

/** What a launch request must look like. */
export const launchShape: Shape = {
  program: 'string',
  'args?': 'strings',
  'cwd?': 'string',
  'noDebug?': 'boolean',
  'stopOnEntry?': 'boolean',
  'trace?': 'strings',
  'traceMarkers?': [marker],
  'callSites?': 'boolean',
  'machine?': 'string',
  'isa?': 'string',
  'relax?': 'boolean',
  'memory?': 'integer',
  'mounts?': 'object',
  'sourceMap?': 'object',
  'ftrace.model?': 'string',
  'ftrace.patching?': 'string',
  'compiler?': 'string',
  'compilerArgs?': 'strings',
};

/** The program of a session, loaded. */
export interface LaunchedProgram {
  readonly debuggee: Debuggee;
  readonly sources: Sources;
  /** Prints a text in the Debug Console. */
  readonly say: (text: string) => void;
  /** Started without debugging: nothing that the editor has set stops it. */
  readonly noDebug: boolean;
}

type Say = (body: DebugProtocol.OutputEvent['body']) => void;

/** Builds the program if it is a source, and loads it. Throws `launchFailed`, after `say` has told every diagnostic. */
export async function launch(args: LaunchArguments, events: DebuggeeEvents, say: Say): Promise<LaunchedProgram> {
  if (args.program === '') throw errors.badArguments('launch', '"program" is empty');
  const isa = isaOf(args);
  const path = resolve(args.cwd ?? '.', args.program);
  checkMachine(args);
  const model = modelOf(args);
  const mounts = openMounts(args.mounts, resolve(args.cwd ?? '.'));
  const sourceMap = makeSourceMap(args.sourceMap, resolve(args.cwd ?? '.'));
  const program = await build(path, args, model, say);
  try {
    const { memory, machine } = args;
    const debuggee = new Debuggee(program, { arguments: [path, ...(args.args ?? [])], isa, machine, memory, mounts }, model, events);
    for (const problem of debuggee.trace.enable(args.trace ?? [])) say({ category: 'important', output: `trace: ${problem}\n` });
    return {
      debuggee,
      sources: new Sources(debuggee.code.programs, dirname(path), sourceMap),
      noDebug: args.noDebug ?? false,
      say: (text) => say({ category: 'console', output: text }),
    };
  } catch (error) {
    // The program, its arguments or its heap do not fit into the machine.
    if (error instanceof RangeError) throw errors.launchFailed(error.message);
    throw error;
  }
}

function checkMachine({ machine }: LaunchArguments): void {
  if (machine === undefined || machineKinds.includes(machine)) return;
  throw errors.badArguments('launch', `"machine" must be ${machineKinds.map((kind) => `"${kind}"`).join(' or ')}`);
}

function isaOf({ isa }: LaunchArguments): Isa | undefined {
  try {
    return isa === undefined ? undefined : parseIsa(isa);
  } catch (error) {
    if (error instanceof IsaError) throw errors.badArguments('launch', `"isa": ${error.message}`);
    throw error;
  }
}

/** Throws `badArguments` where there is no such model. */
function modelOf({ 'ftrace.model': name, 'ftrace.patching': patching }: LaunchArguments): Model {
  const model = findModel(name, patching);
  if (typeof model === 'string') throw errors.badArguments('launch', model);
  return model;
}

async function build(path: string, args: LaunchArguments, { lead }: Model, say: Say): Promise<Program> {
  try {
    const options = { ...args, isa: isaOf(args), callSiteLead: lead, textAddress: textAddressFor(args.machine) };
    const { program, warnings } = await buildProgram(path, options, nodeBuildHost);
    for (const warning of warnings) say(output(warning));
    for (const note of program.notes) say({ category: 'console', output: `${program.name}: ${note}\n` });
    return program;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    for (const diagnostic of error.diagnostics) say(output(diagnostic));
    throw errors.launchFailed(summary(error));
  }
}

/** The first error by place, and how many more there are: the console has all. */
function summary({ message, diagnostics }: BuildError): string {
  const [first, ...more] = diagnostics.filter(({ severity }) => severity === 'error');
  if (!first) return message;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more ${more.length === 1 ? 'error' : 'errors'}, see the Debug Console)`;
  return `${place(first)}: ${first.message}${rest}`;
}

function output(diagnostic: Diagnostic): DebugProtocol.OutputEvent['body'] {
  const { severity, path, line, column, message } = diagnostic;
  const source = { name: basename(path), path };
  const where = line > 0 ? { source, line, column } : { source };
  return { category: severity === 'error' ? 'stderr' : 'console', output: `${place(diagnostic)}: ${severity}: ${message}\n`, ...where };
}

function place({ path, line, column }: Diagnostic): string {
  return line > 0 ? `${basename(path)}:${line}:${column}` : basename(path);
}
