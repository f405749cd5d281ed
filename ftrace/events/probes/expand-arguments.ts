import type { CallArgument } from '../../../program/frames/call-arguments';
import type { ProbeDefinition } from './probe-definition';
import { ProbeError } from './probe-error';

/** `$arg*` stands for every parameter by its name (kernel/trace/trace_probe.c, `traceprobe_expand_meta_args`). Throws ProbeError. */
export function expandArguments(
  definition: ProbeDefinition,
  parameters: readonly Pick<CallArgument, 'name' | 'registers'>[] | undefined,
  hasArguments: boolean,
): ProbeDefinition {
  const { words, wordsAt } = definition;
  const odd = words.findIndex((word) => word !== '$arg*' && word.includes('$arg*'));
  if (odd >= 0) throw new ProbeError('$arg* must be an independent parameter without name etc.', wordsAt[odd]!);
  const first = words.indexOf('$arg*');
  if (first < 0) return definition;
  const second = words.indexOf('$arg*', first + 1);
  if (second >= 0) throw new ProbeError('$arg* can be used only once in the parameters', wordsAt[second]!);
  if (!hasArguments) throw new ProbeError('$arg* can be used only on function entry or exit', wordsAt[first]!);
  if (!parameters) throw new ProbeError('No BTF entry for this probe point', wordsAt[first]!);
  const names = parameters.filter(({ registers }) => registers.length === 1).map(({ name }) => `${name}=${name}`);
  const replace = <Each>(list: readonly Each[], by: readonly Each[]) => [...list.slice(0, first), ...by, ...list.slice(first + 1)];
  return {
    ...definition,
    words: replace(words, names),
    wordsAt: replace(
      wordsAt,
      names.map(() => wordsAt[first]!),
    ),
  };
}
