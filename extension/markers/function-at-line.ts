import type { FunctionRange } from './marker';

/** The function that holds a line (counted from 0), the innermost where they overlap, or the one whose line is nearest. */
export function functionAtLine(
  functions: readonly FunctionRange[],
  line: number,
): { inside: FunctionRange } | { inside: undefined; nearest: FunctionRange | undefined } {
  const distance = (range: FunctionRange): number => Math.max(range.first - line, line - range.last, 0);
  const around = functions.filter((range) => distance(range) === 0).sort((a, b) => a.last - a.first - (b.last - b.first));
  if (around[0]) return { inside: around[0] };
  const [nearest] = [...functions].sort((a, b) => distance(a) - distance(b));
  return { inside: undefined, nearest };
}
