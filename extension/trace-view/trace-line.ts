/** A name in the function column of a trace line, with its place in the line. */
export interface TracedName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The function of a line of the kernel's function tracer and the one that called it: `...: fib <-main`. */
export function namesInTraceLine(line: string): TracedName[] {
  if (line.startsWith('#')) return [];
  const match = /: (?<name>\S+) <-(?<parent>\S+)/.exec(line);
  if (!match?.groups) return [];
  const start = match.index + 2;
  const parentStart = match.index + match[0].length - match.groups.parent!.length;
  return [
    { name: match.groups.name!, start, end: start + match.groups.name!.length },
    { name: match.groups.parent!, start: parentStart, end: parentStart + match.groups.parent!.length },
  ].filter(({ name }) => !/^0x/.test(name));
}
