import { failed } from './exit-status';
import { complain, OutputError } from './standard-output';
import { UsageError } from './usage-error';

/**
 * Runs a command and ends the process with its status; what is wrong is told in the words of the command line. All has been written by
 * then, and a process that ends of itself takes a heap apart that goes with it anyway.
 */
export async function execute(command: () => number | Promise<number>): Promise<never> {
  process.exit(await statusOf(command));
}

async function statusOf(command: () => number | Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof UsageError) complain(`riscv-ftrace: ${error.message}\nTry 'riscv-ftrace --help'.`);
    else if (error instanceof OutputError) complain(`riscv-ftrace: ${error.message}`);
    else complain(`riscv-ftrace: ${error instanceof Error ? error.stack : error}`);
    return failed;
  }
}
