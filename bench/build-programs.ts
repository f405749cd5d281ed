import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { childTime } from './child-time';

const folder = join(__dirname, 'programs');
const prebuilt = join(folder, 'prebuilt');
const compilers = ['riscv64-linux-gnu-gcc', 'riscv64-unknown-elf-gcc'];
const common = ['-O2', '-march=rv64gc', '-mabi=lp64d', '-fno-stack-protector', '-fno-pie', '-static', '-no-pie', '-Wl,--build-id=none'];
const freestanding = ['-ffreestanding', '-fno-builtin', '-fno-math-errno', '-nostdlib', '-Wl,--no-warn-rwx-segments'];
/** Rounds of the prebuilt programs, and those by which a program's length is found. */
const fewRounds = 10;
/** Programs that are linked with the C library, which only the first compiler has for Linux: they are not kept as they were built. */
const withLibrary: ReadonlySet<string> = new Set(['library']);

export interface BenchProgram {
  readonly name: string;
  /** The path of its ELF file. */
  readonly path: string;
  /** Rounds of work that it does. */
  readonly rounds: number;
}

/**
 * The benchmark programs, built where there is a compiler and else as they were built before; each does that many rounds of work where it
 * is built. With `more` flags they have to be built: none are there without a compiler.
 */
export function buildPrograms(rounds = fewRounds, names: readonly string[] = [], more: readonly string[] = []): BenchProgram[] {
  const known = readdirSync(folder)
    .filter((file) => file.endsWith('.c'))
    .map((file) => basename(file, '.c'));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown} is no program of the benchmark, which are ${known.join(', ')}`);
  const all = known.filter((name) => names.length === 0 || names.includes(name));
  const compiler = compilers.find((name) => spawnSync(name, ['--version']).status === 0);
  if (!compiler && more.length > 0) return [];
  if (!compiler) console.log('no RISC-V compiler on PATH: the prebuilt programs are run');
  const output = compiler && folderOfRun();
  return all.flatMap((name) => {
    if (!compiler || !output || (withLibrary.has(name) && compiler !== compilers[0])) {
      const path = join(prebuilt, `${name}.elf`);
      if (existsSync(path)) return [{ name, path, rounds: fewRounds }];
      console.log(`${name} is not run: it needs ${compilers[0]} and its C library`);
      return [];
    }
    const path = join(output, `${name}.elf`);
    const flags = [...common, ...(withLibrary.has(name) ? ['-s'] : freestanding), ...more, `-DROUNDS=${rounds}`];
    const { status, stderr } = spawnSync(compiler, [...flags, '-o', path, join(folder, `${name}.c`)]);
    if (status !== 0) throw new Error(`${name}.c: ${stderr}`);
    return [{ name, path, rounds }];
  });
}

/** The same with as many rounds of each as take QEMU that long, in seconds of CPU time. It takes `qemu-riscv64`. */
export function buildProgramsOf(seconds: number, names: readonly string[]): BenchProgram[] {
  return buildPrograms(fewRounds, names).map((program) => {
    const rounds = Math.max(1, Math.round((seconds * fewRounds) / childTime(`qemu-riscv64 ${program.path}`).cpu));
    return buildPrograms(rounds, [program.name])[0]!;
  });
}

/** The same program for the processor itself, where there is a compiler for it: its path. What it computes may be rounded elsewhere. */
export function buildNative({ name, rounds }: BenchProgram): string | undefined {
  if (spawnSync('gcc', ['--version']).status !== 0) return undefined;
  const path = join(folderOfRun(), name);
  const { status, stderr } = spawnSync('gcc', ['-O2', `-DROUNDS=${rounds}`, '-o', path, join(folder, `${name}.c`), '-lm']);
  if (status !== 0) throw new Error(`${name}.c: ${stderr}`);
  return path;
}

export function readBytes({ path }: BenchProgram): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

let built: string | undefined;

/** A new folder, which is there as long as this process. */
function folderOfRun(): string {
  if (built === undefined) {
    const all = mkdtempSync(join(tmpdir(), 'riscv-ftrace-bench-'));
    process.once('exit', () => rmSync(all, { recursive: true, force: true }));
    built = all;
  }
  return mkdtempSync(join(built, 'programs-'));
}
