import { BuildError } from './build-error';
import type { BuildHost } from './build-host';

/** A C compiler that can make riscv64 programs. */
export interface Compiler {
  /** What was asked for or found, for messages. */
  readonly name: string;
  readonly path: string;
  readonly kind: 'clang' | 'gcc';
  /** The C library that it may bring is one of Linux. */
  readonly isForLinux: boolean;
}

/**
 * The C compiler to use: `configured` or else the first on PATH that can make riscv64 programs. Throws BuildError, which says
 * what to install, where there is none, and why where the configured one is not fit.
 */
export async function findCompiler(host: BuildHost, folder: string, configured?: string): Promise<Compiler> {
  const unfit: string[] = [];
  for (const name of configured ? [configured] : candidates) {
    const path = await host.findCommand(name);
    const compiler = path === undefined ? `there is no command ${name}` : await examine(host, folder, name, path);
    if (typeof compiler !== 'string') return compiler;
    if (path !== undefined || configured) unfit.push(compiler);
  }
  if (configured) throw new BuildError(`The configured C compiler cannot be used: ${unfit.join('; ')}. ${advice}`);
  const reasons = unfit.length > 0 ? ` (${unfit.join('; ')})` : '';
  throw new BuildError(`No C compiler for riscv64 was found${reasons}. ${advice}`);
}

/** The C++ compiler that comes with a C compiler: `clang++-19`, `riscv64-linux-gnu-g++`. Throws BuildError where it is not there. */
export async function cppCompilerOf(compiler: Compiler, host: BuildHost): Promise<Compiler> {
  if (/(clang|g)\+\+/.test(compiler.name)) return compiler;
  const name = compiler.name.replace(/(clang|gcc)(?!.*(?:clang|gcc))/, (found) => (found === 'gcc' ? 'g++' : 'clang++'));
  const path = name === compiler.name ? undefined : await host.findCommand(name);
  if (path === undefined) throw new BuildError(`There is no C++ compiler beside ${compiler.name}: ${cppAdvice}`);
  return { ...compiler, name, path };
}

export const cppAdvice = 'install one with its library, as `apt-get install g++-riscv64-linux-gnu` does (Debian, Ubuntu)';

const clangVersions = [23, 22, 21, 20, 19, 18, 17];
const candidates = [
  ...clangVersions.map((version) => `clang-${version}`),
  'clang',
  'riscv64-linux-gnu-gcc',
  'riscv64-unknown-linux-gnu-gcc',
  'riscv64-unknown-elf-gcc',
  'riscv64-elf-gcc',
  'riscv-none-elf-gcc',
];

const advice =
  'Install one: `apt-get install clang lld` or `apt-get install gcc-riscv64-linux-gnu` (Debian, Ubuntu), `dnf install clang lld` (Fedora), ' +
  '`pacman -S clang lld` (Arch), `brew install llvm lld` (macOS), or LLVM from its releases page (Windows). ' +
  'Without one, open an assembly program (samples/fib.s, samples/sort.s) or a prebuilt one (samples/files.elf).';

/** The compiler, or why it cannot be used. */
async function examine(host: BuildHost, folder: string, name: string, path: string): Promise<Compiler | string> {
  const ask = async (...args: string[]): Promise<string> => {
    try {
      return (await host.run(path, args, folder)).stdout.trim();
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  if (/\bclang\b/.test(await ask('--version'))) {
    if (!/^\s*riscv64\b/m.test(await ask('--print-targets'))) return `${name} cannot compile for riscv64`;
    const linker = await ask('-print-prog-name=ld.lld');
    if ((await host.findCommand(linker)) === undefined) return `${name} has no linker lld beside it: install lld`;
    return { name, path, kind: 'clang', isForLinux: true };
  }
  const target = await ask('-dumpmachine');
  if (/^riscv(64)?-/.test(target)) return { name, path, kind: 'gcc', isForLinux: target.includes('linux') };
  return target === '' ? `${name} is no C compiler that is known here` : `${name} compiles for ${target}, not for riscv64`;
}
