import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';

const root = join(__dirname, '../../..');
const linux = join(root, 'test/emulator/linux');
const ofGdb = join(root, 'test/debug-adapter/gdb/corpus');
const ofAssembler = join(root, 'test/program/assembler/corpus');
const odd = join(__dirname, 'programs');
const prebuilt = join(root, 'bench/programs/prebuilt');

/** Makes a program; undefined where that needs a tool that is not there. */
type Make = (name: string) => Program | undefined;

/**
 * Programs that run in lockstep, all or those whose names begin so: the samples, the benchmarks, odd programs, those that the assembler
 * is tested with, and what the compilers that are there make of whole programs, of programs that make their own system calls and of
 * gdb's, optimised and not, compressed and not.
 */
export function* corpus(beginnings: readonly string[] = []): Generator<Program> {
  for (const [name, make] of sources()) {
    if (beginnings.length > 0 && !beginnings.some((one) => name.startsWith(one))) continue;
    const program = make(name);
    if (program) yield program;
  }
}

function* sources(): Generator<readonly [string, Make]> {
  for (const name of ['fib.s', 'sort.s']) yield [name, assembled([join(root, 'samples', name)])];
  yield ['files.elf', fromFile(join(root, 'samples/files.elf'))];
  yield ['library-musl.elf', fromFile(join(linux, 'whole-programs/library-musl.elf'))];
  for (const name of readdirSync(prebuilt)) yield [name, fromFile(join(prebuilt, name))];
  for (const name of readdirSync(odd)) {
    if (name !== 'prelude.s') yield [`odd-${name}`, assembled([join(odd, 'prelude.s'), join(odd, name)])];
  }
  for (const name of readdirSync(ofAssembler)) if (/\.[sS]$/.test(name)) yield [name, assembled([join(ofAssembler, name)])];
  const whole = { 'library.c': [], 'mathematics.c': ['-frounding-math'], 'classes.cc': [] };
  for (const [name, flags] of Object.entries(whole)) {
    for (const how of ways)
      yield [`${name}${how.join('')}`, compiled(join(linux, 'whole-programs', name), [...how, ...flags, '-static'], ['-lm'])];
  }
  const free = ['-nostdlib', '-static', '-ffreestanding', '-fno-stack-protector', '-fno-builtin'];
  for (const name of readdirSync(join(linux, 'programs'))) {
    if (!name.endsWith('.c')) continue;
    for (const how of ways) yield [`${name}${how.join('')}`, compiled(join(linux, 'programs', name), [...how, ...free])];
  }
  for (const name of readdirSync(ofGdb)) {
    if (!/\.c(pp)?$/.test(name)) continue;
    for (const how of ways) {
      const flags = [...how, '-nostdlib', '-static', '-ffreestanding', '-fno-stack-protector', '-fno-exceptions', '-fno-rtti'];
      yield [`gdb-${name}${how.join('')}`, compiled(join(ofGdb, name), [join(ofGdb, 'start.S'), ...flags])];
    }
  }
}

const ways = [['-O0'], ['-O2'], ['-O2', '-march=rv64g']] as const;

function fromFile(path: string): Make {
  return (name) => readProgram(readFileSync(path), name);
}

/** Of one text, from the files one after the other; none where that is no program by itself. */
function assembled(paths: readonly string[]): Make {
  return (name) => {
    const text = paths.map((path) => readFileSync(path, 'utf8')).join('\n');
    const { image } = assemble([{ path: paths.at(-1)!, text }], { callSites: true });
    return image && readProgram(image, name);
  };
}

function compiled(source: string, flags: readonly string[], libraries: readonly string[] = []): Make {
  return (name) => {
    const compiler = /\.c$/.test(source) ? 'riscv64-linux-gnu-gcc' : 'riscv64-linux-gnu-g++';
    if (spawnSync(compiler, ['--version']).status !== 0) return undefined;
    const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-lockstep-'));
    try {
      const output = join(folder, basename(source));
      const march = flags.some((flag) => flag.startsWith('-march')) ? ['-mabi=lp64d'] : [];
      execFileSync(compiler, [...march, ...flags, '-w', source, '-o', output, ...libraries], { stdio: ['ignore', 'ignore', 'pipe'] });
      return readProgram(readFileSync(output), name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}
