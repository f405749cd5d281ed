import { enableMultiplyAdd } from '../debug-adapter/node-engine';
import { compare } from './compare';
import { disassemble } from './disassemble';
import { execute } from './execute';
import { list } from './list';
import { run } from './run';
import { parseRunOptions } from './run-options';
import { selftest } from './selftest';
import { writeAll } from './standard-output';
import { usage } from './usage';
import { UsageError } from './usage-error';
import { version } from './version';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/** All commands but `as`, and runs that ask for more than a plain one. */
export function runCommand(words: readonly string[]): void {
  void execute(() => main(words));
}

async function main([command, ...words]: readonly string[]): Promise<number> {
  switch (command) {
    case 'run':
      enableMultiplyAdd();
      return await run(parseRunOptions(words));
    case 'disassemble':
      return await disassemble(words);
    case 'list':
      return await list(words);
    case 'compare':
      return await compare(words);
    case 'selftest':
      return selftest(words);
    case '--help':
    case '-h':
    case 'help':
      return print(usage);
    case '--version':
      return print(`riscv-ftrace ${version()}\n`);
    case undefined:
      throw new UsageError('no command');
    default:
      throw new UsageError(`no such command: ${command}`);
  }
}

function print(text: string): number {
  writeAll(1, Buffer.from(text));
  return 0;
}
