import { resolve } from 'node:path';
import { textAddressFor } from '../emulator/machine-kind';
import { startProgram } from '../emulator/start-program';
import { costTable, measureModel } from '../ftrace/compare/compare-models';
import { FtraceError } from '../ftrace/ftrace-error';
import { allModels } from '../ftrace/models/models';
import { buildProgram } from '../program/build/build-program';
import { parseIsa } from '../riscv/isa-string';
import type { LaunchArguments } from './launch-arguments';
import { nodeBuildHost } from './node-build-host';
import type { CompareModelsArguments, CompareModelsResponseBody } from './trace-protocol';

const host = { write: () => {}, read: () => 'end' as const, note: () => {} };

/** Runs the launched program anew under each model, without input, and measures what a traced call of the functions costs. */
export async function compareModels(args: LaunchArguments, { functions }: CompareModelsArguments): Promise<CompareModelsResponseBody> {
  const path = resolve(args.cwd ?? '.', args.program);
  const isa = args.isa === undefined ? undefined : parseIsa(args.isa);
  const rows: Parameters<typeof costTable>[0][number][] = [];
  for (const model of allModels) {
    const options = { ...args, isa, callSites: true, callSiteLead: model.lead, textAddress: textAddressFor(args.machine) };
    const { program } = await buildProgram(path, options, nodeBuildHost);
    const start = { arguments: [path, ...(args.args ?? [])], host, isa, machine: args.machine, memory: args.memory };
    const load = async () => ({ program, machine: startProgram(program, start).machine });
    try {
      rows.push(await measureModel(model, functions, load));
    } catch (error) {
      if (!(error instanceof FtraceError || error instanceof RangeError)) throw error;
      rows.push({ model, problem: error.message });
    }
  }
  return { text: `A traced call of ${functions.join(', ')} in ${path}:\n\n${costTable(rows)}` };
}
