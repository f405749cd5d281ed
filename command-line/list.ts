import { failed } from './exit-status';
import { openProgram } from './open-program';
import { writeAll } from './standard-output';
import { UsageError } from './usage-error';

/** `riscv-ftrace list PROGRAM`: the names of the functions that can be traced, as `available_filter_functions` has them. */
export async function list(words: readonly string[]): Promise<number> {
  const [path, ...more] = words[0] === '--' ? words.slice(1) : words;
  if (path === undefined) throw new UsageError('list: no PROGRAM');
  if (path.startsWith('-') && words[0] !== '--') throw new UsageError(`list: unknown option '${path}'`);
  if (more.length > 0) throw new UsageError(`list: one PROGRAM only, not also ${more.join(' ')}`);
  const program = await openProgram(path, { callSites: true });
  if (!program) return failed;
  writeAll(1, Buffer.from(program.callSites.map(({ name }) => `${name}\n`).join('')));
  return 0;
}
