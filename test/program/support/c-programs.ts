import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withScratch } from './gnu';

/** A freestanding program, compiled without our build: references read the same file. */
export interface CompiledProgram {
  readonly image: Uint8Array;
  readonly source: string;
}

export type Compilers = 'clang-19' | 'riscv64-linux-gnu-gcc';

/** What each compiler needs beside itself. */
export const toolsOf = { 'clang-19': ['clang-19', 'ld.lld-19'], 'riscv64-linux-gnu-gcc': ['riscv64-linux-gnu-gcc'] } as const;

const common = ['-march=rv64imac_zicsr_zifencei', '-mabi=lp64', '-static', '-nostdlib', '-ffreestanding', '-falign-functions=8'];

/** Compiles test/program/support/freestanding.c and hands over the program and its path while it lasts. */
export function withCompiled<Result>(
  compiler: Compilers,
  flags: readonly string[],
  use: (program: CompiledProgram, path: string) => Result,
): Result {
  const source = join(__dirname, 'freestanding.c');
  const own = compiler === 'clang-19' ? ['--target=riscv64', '-fuse-ld=lld-19'] : ['-no-pie', '-fno-stack-protector'];
  return withScratch((folder) => {
    const path = join(folder, 'program.elf');
    execFileSync(compiler, [...own, ...common, ...flags, 'freestanding.c', '-o', path], {
      cwd: dirname(source),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return use({ image: readFileSync(path), source }, path);
  });
}
