import type { Program } from './program';
import { languageOf } from './source-language';

/** Why a function of that name cannot be traced, in a sentence for people that says what to change; undefined where it can. */
export function callSiteProblem(program: Program, name: string): string | undefined {
  if (program.callSites.some((site) => site.name === name)) return undefined;
  const refused = program.refusedCallSites.find((site) => site.name === name);
  if (refused) return refused.reason;
  const symbol = program.symbols.named(name);
  if (program.symbols.all.length === 0) return `${program.name} has no symbols: it was stripped of them`;
  if (!symbol)
    return `${program.name} has no function ${name}${isAssembly(program) ? '' : ': it is not linked in, or the compiler has inlined it'}`;
  if (symbol.kind === 'object') return `${name} is data, not a function`;
  if (symbol.kind === 'other') return `${name} is not declared as a function: add \`.type ${name}, @function\``;
  if (program.callSites.length + program.refusedCallSites.length === 0) {
    if (isAssembly(program)) return `${program.name} was assembled without call sites`;
    return `${program.name} has no call sites: compile with -fpatchable-function-entry=4 -falign-functions=8 (and with GCC link without --gc-sections, which drops their table)`;
  }
  return `${name} has no call site: its source was compiled without -fpatchable-function-entry=4, as libraries are`;
}

function isAssembly({ name }: Program): boolean {
  return languageOf(name) === 'assembly';
}
