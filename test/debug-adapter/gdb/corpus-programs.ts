import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Sources of programs without a library, in C and C++. */
export const corpus = join(__dirname, 'corpus');

/** Without floats in registers where they would not differ. */
function machineOf(source: string): readonly string[] {
  return withFloats.has(source) ? ['-march=rv64gc', '-mabi=lp64d'] : ['-march=rv64imac_zicsr_zifencei', '-mabi=lp64'];
}

const withFloats: ReadonlySet<string> = new Set([
  'floats.c',
  'calls.c',
  'numbers.c',
  'members.cpp',
  'operators.cpp',
  'arguments.cpp',
  'types.c',
  'types.cpp',
]);

const common = ['-g', '-ffreestanding', '-fpatchable-function-entry=4', '-falign-functions=8'];
const cplusplus = ['-std=c++17', '-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics'];

export const compilers = {
  clang: {
    tools: ['clang-19', 'clang++-19', 'ld.lld-19'],
    c: ['clang-19', '--target=riscv64-linux-gnu'],
    cpp: ['clang++-19', '--target=riscv64-linux-gnu'],
    link: ['ld.lld-19'],
  },
  gcc: {
    tools: ['riscv64-linux-gnu-gcc', 'riscv64-linux-gnu-g++'],
    c: ['riscv64-linux-gnu-gcc', '-fno-stack-protector'],
    cpp: ['riscv64-linux-gnu-g++', '-fno-stack-protector'],
    link: ['riscv64-linux-gnu-ld', '-m', 'elf64lriscv'],
  },
} as const;

export type CompilerKind = keyof typeof compilers;

/** Compiles a source of the corpus into a program in a folder. Returns its path. */
export function buildProgram(kind: CompilerKind, source: string, flags: readonly string[], folder: string): string {
  const { c, cpp, link } = compilers[kind];
  const run = ([command, ...args]: readonly string[]) =>
    execFileSync(command!, args, { cwd: corpus, stdio: ['ignore', 'ignore', 'inherit'] });
  const machine = machineOf(source);
  const name = [kind, source, ...flags].join('').replace(/[^\w]+/g, '-');
  const [object, start, program] = [`${name}.o`, `start-${kind}-${machine[1]}.o`, `${name}.elf`].map((each) => join(folder, each)) as [
    string,
    string,
    string,
  ];
  const language = source.endsWith('.cpp') ? [...cpp, ...cplusplus] : c;
  const compile = [...language, ...machine, ...common, ...flags];
  const isSplit = flags.includes('-gsplit-dwarf');
  if (isSplit) run([...c, ...machine, '-c', splitAssembly(compile, source, join(folder, `${name}.s`), run), '-o', object]);
  else run([...compile, '-c', source, '-o', object]);
  if (!existsSync(start)) run([...c, ...machine, '-c', 'start.S', '-o', start]);
  run([...link, start, object, '-o', program]);
  if (isSplit) {
    // It warns of the segments of the program, which a file of debug information has no use for.
    execFileSync('riscv64-linux-gnu-objcopy', ['--extract-dwo', program, join(folder, `${name}.dwo`)], { stdio: 'ignore' });
    run(['riscv64-linux-gnu-objcopy', '--strip-dwo', program]);
  }
  return program;
}

/**
 * The compiler's assembly with what it splits in ordinary sections: GNU as for RISC-V leaves the sizes in them to the linker, which
 * would not see them in a `.dwo` file.
 */
function splitAssembly(compile: readonly string[], source: string, path: string, run: (command: readonly string[]) => void): string {
  run([...compile, '-mno-relax', '-S', source, '-o', path]);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/(\.section\t\.debug_\w+\.dwo),"e"/g, '$1,""'));
  return path;
}

/** Compiles a source of the corpus and hands over the program's path while it lasts. */
export async function withProgram<Result>(
  kind: CompilerKind,
  source: string,
  flags: readonly string[],
  use: (path: string) => Promise<Result> | Result,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-corpus-'));
  try {
    return await use(buildProgram(kind, source, flags, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
