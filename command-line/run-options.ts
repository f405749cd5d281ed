import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type MachineKind, machineKinds } from '../emulator/machine-kind';
import { findModel, type Model } from '../ftrace/models/models';
import { defaultKilobytes } from '../ftrace/ring-buffer';
import { type Isa, IsaError, parseIsa } from '../riscv/isa-string';
import { type TraceFormat, traceFormats } from './trace-writer';
import { UsageError } from './usage-error';

export interface RunOptions {
  readonly patterns: readonly string[];
  /** The file that the trace goes to; standard output where there is none. */
  readonly output: string | undefined;
  readonly format: TraceFormat;
  /** Scripts for tracefs, run before the program, and after it. */
  readonly scripts: readonly string[];
  readonly scriptsAfter: readonly string[];
  readonly graph: boolean;
  readonly callSites: boolean;
  /** Say at the end what the translator did. */
  readonly stats: boolean;
  /** The extensions of the machine; all that there are where it is undefined. */
  readonly isa: Isa | undefined;
  /** MiB of memory that the program may have; as many as are usual where it is undefined. */
  readonly memory: number | undefined;
  readonly mounts: readonly MountOption[];
  /** Size of the ring buffer in KB. */
  readonly kilobytes: number;
  readonly model: Model;
  /** What the program runs on; what it looks made for, unless told. */
  readonly machine: MachineKind | undefined;
  readonly program: string;
  /** The program's arguments after its name. */
  readonly arguments: readonly string[];
}

/** A folder of this computer, and where the program finds it. */
export interface MountOption {
  readonly host: string;
  readonly path: string;
  readonly writable: boolean;
}

/** Its records, with their frames, then take 4 GiB: what one typed array holds at most. */
const mostKilobytes = 1 << 20;

const options = {
  filter: { type: 'string', short: 'l', multiple: true },
  output: { type: 'string', short: 'o' },
  'buffer-size-kb': { type: 'string', short: 'b' },
  json: { type: 'boolean' },
  execute: { type: 'string', short: 'e', multiple: true },
  after: { type: 'string', multiple: true },
  format: { type: 'string' },
  graph: { type: 'boolean', short: 'g' },
  'no-call-sites': { type: 'boolean' },
  stats: { type: 'boolean' },
  isa: { type: 'string' },
  machine: { type: 'string' },
  memory: { type: 'string' },
  mount: { type: 'string', multiple: true },
  model: { type: 'string', short: 'm' },
  patching: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** Options first; the first word that is none is the program, and all after it belongs to the program. Throws UsageError. */
export function parseRunOptions(words: readonly string[]): RunOptions {
  const programAt = indexOfProgram(words);
  const { values } = parse(words.slice(0, programAt));
  const [program, ...rest] = words.slice(programAt).filter((word, index) => index > 0 || word !== '--');
  if (program === undefined) throw new UsageError('run: no PROGRAM');
  return {
    patterns: values.filter ?? [],
    output: values.output,
    format: formatOf(values.format ?? (values.json ? 'json' : 'text')),
    scripts: values.execute ?? [],
    scriptsAfter: values.after ?? [],
    graph: values.graph ?? false,
    callSites: !values['no-call-sites'],
    stats: values.stats ?? false,
    isa: isaOf(values.isa),
    memory: memoryOf(values.memory),
    mounts: (values.mount ?? []).map(mountOf),
    kilobytes: kilobytesOf(values['buffer-size-kb']),
    model: modelOf(values.model, values.patching),
    machine: machineOf(values.machine),
    program,
    arguments: rest,
  };
}

/** Whether the options ask for anything of ftrace; a run of which nobody asks it goes without trampolines. */
export function asksForTracing({ patterns, graph, scripts, scriptsAfter, output }: RunOptions): boolean {
  return patterns.length + scripts.length + scriptsAfter.length > 0 || graph || output !== undefined;
}

function indexOfProgram(words: readonly string[]): number {
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  return tokens.find((token) => token.kind !== 'option')?.index ?? words.length;
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options });
  } catch (error) {
    throw new UsageError(`run: ${(error as Error).message}`);
  }
}

function isaOf(text: string | undefined): Isa | undefined {
  try {
    return text === undefined ? undefined : parseIsa(text);
  } catch (error) {
    if (error instanceof IsaError) throw new UsageError(`run: --isa: ${error.message}`);
    throw error;
  }
}

function machineOf(name: string | undefined): MachineKind | undefined {
  const kind = machineKinds.find((each) => each === name);
  if (name !== undefined && !kind) throw new UsageError(`run: --machine ${name}: ${machineKinds.join(' or ')} is needed`);
  return kind;
}

function memoryOf(mebibytes: string | undefined): number | undefined {
  if (mebibytes === undefined) return undefined;
  if (!/^[1-9][0-9]{0,5}$/.test(mebibytes)) throw new UsageError(`run: --memory ${mebibytes}: a number of MiB is needed`);
  return Number(mebibytes);
}

function mountOf(text: string): MountOption {
  const [, host, path, mode] = /^(.+?):(\/[^:]*)(?::(ro|rw))?$/.exec(text) ?? [];
  if (host === undefined || path === undefined) throw new UsageError(`run: --mount ${text}: HOST:GUEST or HOST:GUEST:rw is needed`);
  return { host, path, writable: mode === 'rw' };
}

function formatOf(name: string): TraceFormat {
  const format = traceFormats.find((each) => each === name);
  if (!format) throw new UsageError(`run: --format ${name}: ${traceFormats.join(', ')} are`);
  return format;
}

function kilobytesOf(kilobytes: string | undefined): number {
  if (kilobytes === undefined) return defaultKilobytes;
  const size = /^[0-9]+$/.test(kilobytes) ? Number(kilobytes) : 0;
  if (size < 1 || size > mostKilobytes) throw new UsageError(`run: -b ${kilobytes}: a size from 1 to ${mostKilobytes} KB is needed`);
  return size;
}

/** The model of that name and patching. Throws UsageError where there is none. */
export function modelOf(name: string | undefined, patching: string | undefined): Model {
  const model = findModel(name, patching);
  if (typeof model === 'string') throw new UsageError(model);
  return model;
}
