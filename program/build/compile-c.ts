import { joinPath } from '../paths';
import type { Diagnostic } from '../program';
import { BuildError } from './build-error';
import type { BuildHost, CommandResult } from './build-host';
import { type Compiler, findCompiler } from './compiler';
import { compilerDiagnostics } from './compiler-diagnostics';
import { definesStart } from './defines-start';

export interface CompileOptions {
  /** The compiler: a path or a name on PATH; the first one found unless given. */
  readonly compiler?: string | undefined;
  /** More flags, after ours, so that they win. */
  readonly compilerArgs?: readonly string[] | undefined;
  /** Whether functions get patchable call sites; true unless given. */
  readonly callSites?: boolean | undefined;
  /** Bytes of nops before each of these functions, for the ops pointer that a model of ftrace keeps there; 0 unless given. */
  readonly callSiteLead?: 0 | 8 | undefined;
}

export interface Compiled {
  /** A linked ELF file. */
  readonly image: Uint8Array;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Compiles one C source to a static riscv64 program, with the compiler's own C library where it has a fitting one, else with our
 * runtime. Throws BuildError with the compiler's messages.
 */
export async function compileC(path: string, text: string, folder: string, options: CompileOptions, host: BuildHost): Promise<Compiled> {
  const compiler = await findCompiler(host, folder, options.compiler);
  return host.withTemporaryFolder(async (scratch) => {
    const output = joinPath(scratch, 'program.elf');
    const library = await chooseLibrary(compiler, text, scratch, host);
    const callSites = options.callSites === false ? [] : callSiteFlags[options.callSiteLead ?? 0];
    const args = [...targetFlags[compiler.kind], '-g', '-O0', '-Wall', ...callSites, ...library.flags, ...(options.compilerArgs ?? [])];
    const result = await run(host, compiler, [...args, path, ...library.objects, '-o', output], folder);
    const diagnostics = compilerDiagnostics(result.stderr, folder);
    if (result.status !== 0) throw failure(compiler, path, result, diagnostics);
    const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
    return { image: await host.readFile(output), warnings };
  });
}

/** The extensions that the machine has, and the ABI without floating-point registers. */
const machineFlags = ['-march=rv64imac_zicsr_zifencei', '-mabi=lp64'];
const callSiteFlags = {
  0: ['-fpatchable-function-entry=4', '-falign-functions=8'],
  8: ['-fpatchable-function-entry=8,4', '-falign-functions=8'],
};
const targetFlags = {
  clang: ['--target=riscv64', ...machineFlags, '-static', '-fuse-ld=lld'],
  gcc: [...machineFlags, '-static', '-no-pie', '-fno-pie', '-fno-stack-protector'],
};

interface Library {
  readonly flags: readonly string[];
  /** Linked after the source. */
  readonly objects: readonly string[];
}

/** A bare-metal GCC may bring newlib for this ABI: it is used where a program that prints can be linked with it. */
async function chooseLibrary(compiler: Compiler, text: string, scratch: string, host: BuildHost): Promise<Library> {
  const ownStart = definesStart(text);
  if (compiler.kind === 'gcc' && !ownStart) {
    const probe = joinPath(host.runtimeFolder, 'probe.c');
    const probed = await run(host, compiler, [...targetFlags.gcc, probe, '-o', joinPath(scratch, 'probe.elf')], scratch);
    if (probed.status === 0) return { flags: [], objects: [] };
  }
  return buildRuntime(compiler, ownStart, scratch, host);
}

/** Compiles the runtime, without call sites and lines: it is not what is debugged, as little as a C library is. */
async function buildRuntime(compiler: Compiler, ownStart: boolean, scratch: string, host: BuildHost): Promise<Library> {
  const headers = await headerFlags(compiler, scratch, host);
  const names = ownStart ? runtimeSources : ['start.S', ...runtimeSources];
  const sources = names.map((name) => joinPath(host.runtimeFolder, name));
  const flags = [...targetFlags[compiler.kind], ...headers, '-O2', '-ffreestanding', '-fno-builtin'];
  const result = await run(host, compiler, [...flags, '-c', ...sources], scratch);
  if (result.status !== 0) throw failure(compiler, 'the C runtime', result, []);
  return {
    flags: ['-nostdlib', ...headers],
    objects: names.map((name) => joinPath(scratch, name.replace(/\.\w+$/, '.o'))),
  };
}

const runtimeSources = ['system.c', 'string.c', 'stdlib.c', 'stdio.c'];

/** Our headers, then the compiler's own, and none of a C library. */
async function headerFlags(compiler: Compiler, scratch: string, host: BuildHost): Promise<string[]> {
  const ours = ['-isystem', joinPath(host.runtimeFolder, 'include')];
  if (compiler.kind === 'clang') return ['-nostdlibinc', ...ours];
  const own = (await run(host, compiler, ['-print-file-name=include'], scratch)).stdout.trim();
  return ['-nostdinc', ...ours, '-isystem', own];
}

async function run(host: BuildHost, compiler: Compiler, args: readonly string[], folder: string): Promise<CommandResult> {
  try {
    return await host.run(compiler.path, args, folder);
  } catch (error) {
    throw new BuildError(`${compiler.name} cannot be started: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failure(
  compiler: Compiler,
  what: string,
  { status, stdout, stderr }: CommandResult,
  diagnostics: readonly Diagnostic[],
): BuildError {
  const output = (stderr.trim() || stdout.trim()).slice(0, largestOutput);
  const ended = status < 0 ? 'was ended by a signal' : `ended with status ${status}`;
  return new BuildError(`${compiler.name} cannot compile ${what}: ${output === '' ? `it ${ended}` : `\n${output}`}`, diagnostics);
}

/** Characters of a compiler's output that a message repeats. */
const largestOutput = 20_000;
