import { type Isa, wholeIsa } from '../../riscv/isa-string';
import { assemble } from '../assembler/assemble';
import { baseName, folderOf } from '../paths';
import type { Diagnostic, Program } from '../program';
import { ProgramError } from '../program-error';
import { readProgram } from '../read-program';
import { isProgramSource, languageOf } from '../source-language';
import { BuildError } from './build-error';
import type { BuildHost } from './build-host';
import { type CompileOptions, compileC } from './compile-c';

export interface BuildOptions extends CompileOptions {
  /** Where the code of an assembled source starts; where Linux programs start, unless told. */
  readonly textAddress?: bigint | undefined;
  /** Whether the linker shortens calls and addresses of an assembled source; it does not unless told. */
  readonly relax?: boolean | undefined;
  /** What a source may use; unless given, all that the machine has where it is assembled, but for Zcb, which would change how others are encoded. */
  readonly isa?: Isa | undefined;
}

export interface Built {
  readonly program: Program;
  /** Warnings of the assembler or compiler. */
  readonly warnings: readonly Diagnostic[];
}

const elfMagic = 0x7f;
const usualIsa: Isa = new Set([...wholeIsa].filter((extension) => extension !== 'Zcb'));
const kindsOfProgram = '; a program is a .s, .S, .asm, .c or C++ source or a static riscv64 ELF file';

/**
 * Makes a program of a `.s`, `.S` or `.asm` source (assembled here), a `.c`, `.cpp`, `.cc` or `.cxx` source (with the user's compiler) or an ELF file (read).
 * `path` is absolute. Throws BuildError, with all errors by place, where that fails.
 */
export async function buildProgram(path: string, options: BuildOptions, host: BuildHost): Promise<Built> {
  const name = baseName(path);
  const folder = folderOf(path);
  const bytes = await read(path, host);
  const language = isProgramSource(name) ? languageOf(name) : undefined;
  const { image, warnings } =
    language === 'assembly'
      ? assembleSource(path, decode(bytes), options, host)
      : language
        ? await compileC(path, decode(bytes), folder, options, host)
        : { image: bytes, warnings: [] };
  try {
    const debugFiles = { folder, open: (file: string) => host.openDebugFile?.(file) };
    return { program: readProgram(image, name, new Map(), folder, debugFiles), warnings };
  } catch (error) {
    if (error instanceof ProgramError) throw new BuildError(`${error.message}${image[0] === elfMagic ? '' : kindsOfProgram}`);
    throw error;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

async function read(path: string, host: BuildHost): Promise<Uint8Array> {
  try {
    return await host.readFile(path);
  } catch (error) {
    throw new BuildError(error instanceof Error ? error.message : String(error));
  }
}

function assembleSource(
  path: string,
  text: string,
  options: BuildOptions,
  host: BuildHost,
): { image: Uint8Array; warnings: readonly Diagnostic[] } {
  const { callSites = true, callSiteLead = 0, textAddress, relax, isa = usualIsa } = options;
  const readFile = host.readIncluded && ((included: string) => host.readIncluded!(included, folderOf(path)));
  const { image, diagnostics } = assemble([{ path, text }], { callSites, callSiteLead, textAddress, isa, relax, readFile });
  if (image) return { image, warnings: diagnostics };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const lines = errors.map((error) => `${baseName(error.path)}:${error.line}:${error.column}: ${error.message}`);
  throw new BuildError(`${baseName(path)} cannot be assembled:\n${lines.join('\n')}`, diagnostics);
}
