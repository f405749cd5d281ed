import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian's package for each command that a test may ask for. */
const packageOf: Readonly<Record<string, string>> = {
  'clang-19': 'clang-19',
  'ld.lld-19': 'lld-19',
  'riscv64-linux-gnu-gcc': 'gcc-riscv64-linux-gnu',
  'clang++-19': 'clang-19',
  'riscv64-linux-gnu-g++': 'g++-riscv64-linux-gnu',
  'riscv64-linux-gnu-as': 'binutils-riscv64-linux-gnu',
  'riscv64-linux-gnu-ld': 'binutils-riscv64-linux-gnu',
  'riscv64-linux-gnu-objdump': 'binutils-riscv64-linux-gnu',
  'riscv64-linux-gnu-readelf': 'binutils-riscv64-linux-gnu',
  'riscv64-linux-gnu-objcopy': 'binutils-riscv64-linux-gnu',
  'qemu-riscv64': 'qemu-user',
  'qemu-system-riscv64': 'qemu-system-misc',
  'riscv64-unknown-elf-gcc': 'gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf',
  'gdb-multiarch': 'gdb-multiarch',
  'trace-cmd': 'trace-cmd',
  nvim: 'neovim',
  chromium: 'chromium',
};

/**
 * Skips the running test where a command is missing and says what to install. With RISCV_FTRACE_NO_SKIP set it fails instead,
 * so that a machine that should have everything cannot pass by skipping. Call it from a `before` hook or a test.
 */
export function requireTools(context: Mocha.Context, ...commands: string[]): void {
  const missing = commands.filter((command) => !isOnPath(command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((command) => packageOf[command] ?? command))];
  const message = `needs ${missing.join(', ')}: apt-get install ${packages.join(' ')}`;
  if (process.env.RISCV_FTRACE_NO_SKIP) throw new Error(message);
  process.stderr.write(`  skipped: ${context.currentTest?.fullTitle() ?? context.test?.fullTitle() ?? 'a test'}: ${message}\n`);
  context.skip();
}

/** Whether a command can be run from PATH. */
export function isOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
