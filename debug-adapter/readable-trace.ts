import { shortName } from '../program/frames/function-name';

/**
 * A line of the trace as a person reads it: functions of C++ by their names in the source, `geo::Rect::area`. In tracefs they are the
 * linker's symbols, as in a kernel, which has no C++: filters take them, and other tools read them.
 */
export function readableLine(line: string): string {
  return line.includes('_Z') ? line.replace(/(?<![\w.$])_Z[\w.$]+/g, readableName) : line;
}

function readableName(symbol: string): string {
  let name = names.get(symbol);
  if (name === undefined) {
    name = shortName(symbol) ?? symbol;
    if (names.size >= mostKept) names.clear();
    names.set(symbol, name);
  }
  return name;
}

const names = new Map<string, string>();
const mostKept = 10_000;
