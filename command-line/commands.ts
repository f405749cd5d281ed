import { enableMultiplyAdd } from '../debug-adapter/node-engine';
import { execute } from './execute';
import { run } from './run';
import { parseRunOptions } from './run-options';
import { writeAll } from './standard-output';
import { UsageError } from './usage-error';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/** All commands but `as`. What a plain run does without is set up only when it is come to: a short run would take longer for it. */
export function runCommand(words: readonly string[]): void {
  void execute(() => main(words));
}

async function main([command, ...words]: readonly string[]): Promise<number> {
  switch (command) {
    case 'run':
      enableMultiplyAdd();
      return await run(parseRunOptions(words));
    case 'disassemble':
      return await (require('./disassemble') as typeof import('./disassemble')).disassemble(words);
    case 'list':
      return await (require('./list') as typeof import('./list')).list(words);
    case 'compare':
      return await (require('./compare') as typeof import('./compare')).compare(words);
    case 'selftest':
      return (require('./selftest') as typeof import('./selftest')).selftest(words);
    case '--help':
    case '-h':
    case 'help':
      return print((require('./usage') as typeof import('./usage')).usage);
    case '--version':
      return print(`riscv-ftrace ${(require('./version') as typeof import('./version')).version()}\n`);
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
