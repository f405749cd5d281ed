import { callSiteProblem } from '../program/call-site-problem';
import type { Program } from '../program/program';
import { matchFunctions } from './filter-pattern';
import type { Ftrace } from './ftrace';
import type { TraceableFunction } from './function-tracer';
import { nearNames } from './near-names';

export interface Selection {
  /** In the order of their addresses, each once. */
  readonly functions: readonly TraceableFunction[];
  /** A sentence for each pattern that matches nothing. */
  readonly problems: readonly string[];
}

/** What the patterns select, each added to those before it, or taken from them where it starts with `!`. */
export function selectFunctions(patterns: readonly string[], ftrace: Ftrace, program: Program): Selection {
  const selected = new Set<TraceableFunction>();
  const problems: string[] = [];
  for (const text of patterns) {
    const removes = text.startsWith('!');
    const pattern = removes ? text.slice(1) : text;
    const matched = matchFunctions(pattern, ftrace.functions);
    if (matched.length === 0) problems.push(whyNothing(pattern, ftrace, program));
    for (const each of matched) {
      if (removes) selected.delete(each);
      else selected.add(each);
    }
  }
  return { functions: ftrace.functions.filter((each) => selected.has(each)), problems };
}

/** Why a pattern matches no traceable function, for people: it is refused, has no call site, or does not exist. */
function whyNothing(pattern: string, ftrace: Ftrace, program: Program): string {
  const refused = matchFunctions(pattern, ftrace.refused)[0];
  if (refused) return `${refused.name} cannot be traced: ${refused.reason}`;
  const functions = program.symbols.all.filter((symbol) => symbol.kind === 'function');
  const untraceable = matchFunctions(pattern, functions)[0]?.name ?? program.symbols.named(pattern)?.name;
  if (untraceable !== undefined) return `${untraceable} cannot be traced: ${callSiteProblem(program, untraceable)}`;
  const names = ftrace.functions.map((each) => each.name);
  const near = nearNames(pattern, names);
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `it has ${names.length} that can be traced`;
  return `${program.name} has no function ${pattern}: ${hint}`;
}
