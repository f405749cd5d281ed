import type { Isa } from '../../riscv/isa-string';
import { joinPath } from '../paths';
import type { Diagnostic } from '../program';
import { isCplusplus } from '../source-language';
import { BuildError } from './build-error';
import type { BuildHost, CommandResult } from './build-host';
import { type Compiler, cppAdvice, cppCompilerOf, findCompiler } from './compiler';
import { compilerDiagnostics } from './compiler-diagnostics';
import { definesStart } from './defines-start';
import { type Target, targetFor } from './target';

export interface CompileOptions {
  /** The compiler: a path or a name on PATH; the first one found unless given. */
  readonly compiler?: string | undefined;
  /** More flags, after ours, so that they win. */
  readonly compilerArgs?: readonly string[] | undefined;
  /** The machine's extensions, which the compiler may use; RV64GC unless given. */
  readonly isa?: Isa | undefined;
  /** Our small C runtime, even where the compiler has a C library: what comes of it is small and the same with every compiler. */
  readonly ownRuntime?: boolean | undefined;
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
 * Compiles one C or C++ source to a static riscv64 program, with the compiler's own library where it has a fitting one, else, in C, with
 * our runtime. Throws BuildError with the compiler's messages.
 */
export async function compileC(path: string, text: string, folder: string, options: CompileOptions, host: BuildHost): Promise<Compiled> {
  const isCpp = isCplusplus(path);
  const found = await findCompiler(host, folder, options.compiler);
  const compiler = isCpp ? await cppCompilerOf(found, host) : found;
  return host.withTemporaryFolder(async (scratch) => {
    const output = joinPath(scratch, 'program.elf');
    const asked = ['-c', joinPath(host.runtimeFolder, 'start.S'), '-o', joinPath(scratch, 'asked.o')];
    const accepts = async (flags: readonly string[]) => (await run(host, compiler, [...flags, ...asked], scratch)).status === 0;
    const target = await targetFor(compiler, options.isa, accepts);
    const library = isCpp
      ? await cppLibrary(compiler, target, scratch, host)
      : await chooseLibrary(compiler, target, text, options.ownRuntime ?? false, scratch, host);
    const callSites = options.callSites === false ? [] : callSiteFlags[options.callSiteLead ?? 0];
    const args = [...library.flags, '-g', '-O0', '-Wall', ...callSites, ...(options.compilerArgs ?? [])];
    const result = await run(host, compiler, [...args, path, ...library.linked, '-o', output], folder);
    const diagnostics = compilerDiagnostics(result.stderr, folder);
    if (result.status !== 0) throw failure(compiler, path, result, diagnostics);
    const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
    return { image: await host.readFile(output), warnings };
  });
}

const callSiteFlags = {
  0: ['-fpatchable-function-entry=4', '-falign-functions=8'],
  8: ['-fpatchable-function-entry=8,4', '-falign-functions=8'],
};
const linkFlags = { clang: ['-static', '-fuse-ld=lld'], gcc: ['-static', '-no-pie', '-fno-pie', '-fno-stack-protector'] };

function flagsFor(compiler: Compiler, target: Target): string[] {
  return [...(compiler.kind === 'clang' ? ['--target=riscv64'] : []), ...target.flags, ...linkFlags[compiler.kind]];
}

/**
 * How a compiler finds a C library: clang that of a riscv64 gcc for Linux, a bare-metal gcc its own or picolibc. That of Linux is for
 * machines with all of RV64GC; the others are there for many.
 */
function librariesOf(compiler: Compiler, target: Target): string[][] {
  if (compiler.isForLinux && !target.isGeneral) return [];
  if (compiler.kind === 'clang') return [['--target=riscv64-linux-gnu', ...target.flags, ...linkFlags.clang]];
  const flags = flagsFor(compiler, target);
  return [flags, [...flags, '--specs=picolibc.specs', '--oslib=semihost', '--crt0=hosted', '-mcmodel=medany']];
}

interface Library {
  /** The target and the library's headers. */
  readonly flags: readonly string[];
  /** Linked after the source. */
  readonly linked: readonly string[];
}

/** The compiler's C library, where a program that prints reals can be linked with one; else, or where it is asked for, our runtime. */
async function chooseLibrary(
  compiler: Compiler,
  target: Target,
  text: string,
  own: boolean,
  scratch: string,
  host: BuildHost,
): Promise<Library> {
  const ownStart = definesStart(text);
  for (const flags of own || ownStart ? [] : librariesOf(compiler, target)) {
    const probe = joinPath(host.runtimeFolder, 'probe.c');
    const probed = await run(host, compiler, [...flags, probe, '-lm', '-o', joinPath(scratch, 'probe.elf')], scratch);
    if (probed.status === 0) return { flags, linked: ['-lm'] };
  }
  return buildRuntime(compiler, target, ownStart, scratch, host);
}

/** C++ needs the compiler's own library: ours is of C. */
async function cppLibrary(compiler: Compiler, target: Target, scratch: string, host: BuildHost): Promise<Library> {
  for (const flags of librariesOf(compiler, target)) {
    const probe = joinPath(host.runtimeFolder, 'probe.c');
    const probed = await run(host, compiler, [...flags, '-x', 'c++', probe, '-o', joinPath(scratch, 'probe.elf')], scratch);
    if (probed.status === 0) return { flags, linked: [] };
  }
  throw new BuildError(`${compiler.name} has no C++ library for this machine: ${cppAdvice}`);
}

/** Compiles the runtime, without call sites and lines: it is not what is debugged, as little as a C library is. */
async function buildRuntime(compiler: Compiler, target: Target, ownStart: boolean, scratch: string, host: BuildHost): Promise<Library> {
  const headers = await headerFlags(compiler, scratch, host);
  const names = ownStart ? runtimeSources : ['start.S', ...runtimeSources];
  const sources = names.map((name) => joinPath(host.runtimeFolder, name));
  const flags = [...flagsFor(compiler, target), ...headers, '-O2', '-ffreestanding', '-fno-builtin'];
  const result = await run(host, compiler, [...flags, '-c', ...sources], scratch);
  if (result.status !== 0) throw failure(compiler, 'the C runtime', result, []);
  return {
    flags: [...flagsFor(compiler, target), '-nostdlib', ...headers],
    linked: [...names.map((name) => joinPath(scratch, name.replace(/\.\w+$/, '.o'))), ...(compiler.kind === 'gcc' ? ['-lgcc'] : [])],
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
