import { callSiteProblem } from '../program/call-site-problem';
import type { Program, RefusedCallSite } from '../program/program';
import { matchFunctions, parseFilterPattern } from './filter-pattern';
import type { Ftrace } from './ftrace';
import type { TraceableFunction } from './ftrace-ops';
import { nearNames } from './near-names';

export interface Selection {
  /** In the order of their addresses, each once. */
  readonly functions: readonly TraceableFunction[];
  /** A sentence for each pattern that matches nothing. */
  readonly problems: readonly string[];
  /** A sentence for each function that is left out, though a pattern that selects others matches it, because of its call site. */
  readonly omissions: readonly string[];
}

/** What the patterns select, each added to those before it, or taken from them where it starts with `!`. */
export function selectFunctions(patterns: readonly string[], ftrace: Ftrace, program: Program): Selection {
  const selected = new Set<TraceableFunction>();
  const problems: string[] = [];
  const omitted = new Set<RefusedCallSite>();
  for (const text of patterns) {
    const removes = text.startsWith('!');
    const pattern = removes ? text.slice(1) : text;
    const matched = matchFunctions(pattern, ftrace.functions);
    if (matched.length === 0) problems.push(whyNothing(pattern, ftrace, program));
    else if (!removes) for (const each of matchRefused(pattern, ftrace)) omitted.add(each);
    for (const each of matched) {
      if (removes) selected.delete(each);
      else selected.add(each);
    }
  }
  return { functions: ftrace.functions.filter((each) => selected.has(each)), problems, omissions: [...omitted].map(sentence) };
}

/** Those of the functions that cannot be traced which a pattern of names matches; a number is of one that can. */
function matchRefused(pattern: string, ftrace: Ftrace): RefusedCallSite[] {
  return parseFilterPattern(pattern).kind === 'index' ? [] : matchFunctions(pattern, ftrace.refused);
}

function sentence({ name, reason }: RefusedCallSite): string {
  return `${name} cannot be traced: ${reason}`;
}

/** Why a pattern matches no traceable function, for people: it is refused, has no call site, or does not exist. */
function whyNothing(pattern: string, ftrace: Ftrace, program: Program): string {
  const refused = matchRefused(pattern, ftrace)[0];
  if (refused) return sentence(refused);
  const functions = program.symbols.all.filter((symbol) => symbol.kind === 'function');
  const untraceable = matchFunctions(pattern, functions)[0]?.name ?? program.symbols.named(pattern)?.name;
  if (untraceable !== undefined) return `${untraceable} cannot be traced: ${callSiteProblem(program, untraceable)}`;
  const names = ftrace.functions.map((each) => each.name);
  const near = nearNames(pattern, names);
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `it has ${names.length} that can be traced`;
  return `${program.name} has no function ${pattern === '' ? 'of an empty name' : pattern}: ${hint}`;
}
