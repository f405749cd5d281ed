import type { Model } from '../ftrace/models/model';
import { allModels } from '../ftrace/models/models';
import { runStartupTests } from '../ftrace/selftest/startup-tests';
import { writeAll } from './standard-output';
import { UsageError } from './usage-error';

/** `riscv-ftrace selftest [MODEL]...`: the kernel's start-up tests of ftrace under each model. 1 where one fails. */
export function selftest(words: readonly string[]): number {
  const models = allModels.filter(({ name }) => words.length === 0 || words.includes(name));
  const unknown = words.find((word) => !allModels.some(({ name }) => name === word));
  if (unknown !== undefined) throw new UsageError(`selftest: there is no ftrace model ${unknown}`);
  let failures = 0;
  for (const model of models) {
    print(`${describe(model)}\n`);
    for (const { line, passed } of runStartupTests(model)) {
      print(`${line}\n`);
      if (!passed) failures++;
    }
  }
  return failures > 0 ? 1 : 0;
}

function describe({ name, patching, kernels }: Model): string {
  return `Model ${name} (${kernels}), patching ${patching === 'single' ? 'one instruction' : 'a pair of instructions'}:`;
}

function print(text: string): void {
  writeAll(1, Buffer.from(text));
}
