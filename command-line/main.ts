import { enableMultiplyAdd } from '../debug-adapter/node-engine';
import { as } from './as';
import { compare } from './compare';
import { disassemble } from './disassemble';
import { failed } from './exit-status';
import { list } from './list';
import { run } from './run';
import { parseRunOptions } from './run-options';
import { selftest } from './selftest';
import { complain, OutputError, writeAll } from './standard-output';
import { usage } from './usage';
import { UsageError } from './usage-error';
import { version } from './version';

async function main([command, ...words]: string[]): Promise<number> {
  switch (command) {
    case 'run':
      enableMultiplyAdd();
      return await run(parseRunOptions(words));
    case 'as':
      return as(words);
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

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    if (error instanceof UsageError) complain(`riscv-ftrace: ${error.message}\nTry 'riscv-ftrace --help'.`);
    else if (error instanceof OutputError) complain(`riscv-ftrace: ${error.message}`);
    else complain(`riscv-ftrace: ${error instanceof Error ? error.stack : error}`);
    process.exitCode = failed;
  },
);
