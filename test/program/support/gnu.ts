import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives `use` a new empty folder, which is removed afterwards. */
export function withScratch<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-test-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The linked program that GNU as and ld make of a source, with line numbers. */
export function assembleWithGnu(source: string): Uint8Array {
  return withScratch((folder) => {
    const object = join(folder, 'program.o');
    const program = join(folder, 'program.elf');
    execFileSync('riscv64-linux-gnu-as', ['-g', '-march=rv64imac_zicsr_zifencei', '-mabi=lp64', source, '-o', object]);
    execFileSync('riscv64-linux-gnu-ld', ['-m', 'elf64lriscv', object, '-o', program]);
    return readFileSync(program);
  });
}

/** Runs a command and gives what it prints. */
export function output(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
}
