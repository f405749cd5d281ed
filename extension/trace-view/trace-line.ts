/** A name in the function column of a trace line, with its place in the line. */
export interface TracedName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What `func-args` adds to a function's name: `(n=5)`. */
const callArguments = /(?<!operator)\((?:\w+=.*)?\)$/;

/** The function of a line of the kernel's function tracer and the one that called it: `...: fib <-main`, `...: fib(n=5) <-main`. */
export function namesInTraceLine(line: string): TracedName[] {
  if (line.startsWith('#')) return [];
  const [whole, call, parent] = /: (\S.*) <-(\S.*)$/.exec(line) ?? [];
  if (whole === undefined || call === undefined || parent === undefined) return [];
  const name = call.replace(callArguments, '');
  const start = line.length - whole.length + 2;
  const parentStart = line.length - parent.length;
  return [
    { name, start, end: start + name.length },
    { name: parent, start: parentStart, end: line.length },
  ].filter(({ name }) => !/^0x/.test(name));
}
