import { argsModel, argsPairModel } from './args';
import { callOpsModel } from './call-ops';
import type { Model, ModelName, Patching } from './model';
import { regsModel } from './regs';

export const modelNames: readonly ModelName[] = ['regs', 'args', 'call-ops'];
export const defaultModel: ModelName = 'args';

/** Every model with every way of patching it allows. */
export const allModels: readonly Model[] = [regsModel, argsModel, argsPairModel, callOpsModel];

/** The model of that name and patching, its usual patching unless given; or, as a sentence, why there is none. */
export function findModel(name: string = defaultModel, patching?: string): Model | string {
  const named = allModels.filter((model) => model.name === name);
  if (named.length === 0) return `there is no ftrace model ${name}: ${modelNames.join(', ')} are`;
  const found = patching === undefined ? named[0] : named.find((model) => model.patching === patching);
  if (found) return found;
  if (patching !== 'single' && patching !== 'pair') return `there is no patching ${patching}: single and pair are`;
  return `${name} (${named[0]!.kernels}) has no patching ${patching}, only ${named.map((model) => model.patching).join(' and ')}`;
}

export type { Model, ModelName, Patching };
