import { failed } from './exit-status';
import { complain, OutputError } from './standard-output';
import { UsageError } from './usage-error';

/** Runs a command, whose status becomes that of the process; what is wrong is told in the words of the command line. */
export async function execute(command: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (error instanceof UsageError) complain(`riscv-ftrace: ${error.message}\nTry 'riscv-ftrace --help'.`);
    else if (error instanceof OutputError) complain(`riscv-ftrace: ${error.message}`);
    else complain(`riscv-ftrace: ${error instanceof Error ? error.stack : error}`);
    process.exitCode = failed;
  }
}
