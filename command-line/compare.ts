import { parseArgs } from 'node:util';
import { startProgram } from '../emulator/start-program';
import { costTable, measureModel } from '../ftrace/compare/compare-models';
import { FtraceError } from '../ftrace/ftrace-error';
import { allModels } from '../ftrace/models/models';
import { failed } from './exit-status';
import { openProgram } from './open-program';
import { complain, writeAll } from './standard-output';
import { UsageError } from './usage-error';

const host = { write: () => {}, read: () => 'end' as const, note: () => {} };

/** `riscv-ftrace compare -l FUNCTION PROGRAM`: what a traced call costs under each model. */
export async function compare(words: readonly string[]): Promise<number> {
  const { patterns, path, rest } = parse(words);
  const rows: Parameters<typeof costTable>[0][number][] = [];
  for (const model of allModels) {
    const program = await openProgram(path, { callSites: true, callSiteLead: model.lead });
    if (!program) return failed;
    const load = async () => ({ program, machine: startProgram(program, { arguments: [path, ...rest], host }).machine });
    try {
      rows.push(await measureModel(model, patterns, load));
    } catch (error) {
      if (!(error instanceof FtraceError || error instanceof RangeError)) throw error;
      rows.push({ model, problem: error.message });
    }
  }
  const measured = rows.find((row) => 'calls' in row);
  if (!measured) {
    complain(`riscv-ftrace: ${'problem' in rows[0]! ? rows[0].problem : ''}`);
    return failed;
  }
  const calls = 'calls' in measured ? measured.calls : 0;
  writeAll(1, Buffer.from(`A traced call of ${patterns.join(', ')} in ${path}, over ${calls} calls:\n\n${costTable(rows)}`));
  return 0;
}

function parse(words: readonly string[]): { patterns: readonly string[]; path: string; rest: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { filter: { type: 'string', short: 'l', multiple: true } },
      allowPositionals: true,
    });
    const [path, ...rest] = positionals;
    if (path === undefined) throw new UsageError('compare: no PROGRAM');
    if (!values.filter) throw new UsageError('compare: no function: -l FUNCTION_OR_GLOB');
    return { patterns: values.filter, path, rest };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`compare: ${(error as Error).message}`);
  }
}
