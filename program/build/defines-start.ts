import { cFunctions } from '../source-functions/c-functions';
import { cTokens } from '../source-functions/c-tokens';

/**
 * Whether a C source brings its own start of the program: a function `_start`, or that label in an `asm`. In a source without
 * `main`, which has nothing that our start could call, every mention of it counts, because a macro may make it.
 */
export function definesStart(text: string): boolean {
  const names = new Set(cFunctions(text).map(({ name }) => name));
  if (names.has('_start')) return true;
  return names.has('main') ? hasStartLabel(text) : /\b_start\b/.test(text);
}

/** A label at the start of a line of assembly, which `\n`, `\t` or `;` may have begun. */
const startLabel = /(?:^"|[\s;]|\\[nt])_start\s*:/;

function hasStartLabel(text: string): boolean {
  const tokens = cTokens(text);
  const hasAssembly = tokens.some(({ kind, text: word }) => kind === 'word' && /^(asm|__asm|__asm__)$/.test(word));
  return hasAssembly && tokens.some(({ kind, text: string }) => kind === 'string' && startLabel.test(string));
}
