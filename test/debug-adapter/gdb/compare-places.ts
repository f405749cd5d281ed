import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CodeMap } from '../../../debug-adapter/code-map';
import { readProgram } from '../../../program/read-program';
import type { GdbTask } from './run-gdb';

/** Breakpoints on all lines with code of a source, and on its functions: to be compared with the locations that gdb has for them. */
export function placesComparison(path: string, source: string, functions: readonly string[]) {
  const program = readProgram(readFileSync(path), 'program.elf');
  const code = new CodeMap([program]);
  const file = program.lines.paths.find((each) => basename(each) === source)!;
  const lines = program.lines.linesWithCode(file, 1, 1000);
  const places = [...lines.map((line) => `${source}:${line}`), ...functions];
  const task: GdbTask = { kind: 'places', program: path, places };
  const ours = [
    ...lines.map((line) => program.lines.addressesOf(file, line)!.addresses),
    ...functions.map((name) => Object.values(code.functionBreakpoints(name)).flat()),
  ];
  return {
    task,
    /** The places that have other addresses, and their number in all. */
    compare(answer: unknown): { readonly places: number; readonly disagreements: readonly string[] } {
      const theirs = answer as readonly number[][];
      const disagreements = places.flatMap((place, index) => {
        const [own, other] = [textOf(ours[index]!.map(Number)), textOf(theirs[index]!)];
        return own === other ? [] : [`${place}: ours ${own}, gdb's ${other}`];
      });
      return { places: ours.length, disagreements };
    },
  };
}

function textOf(addresses: readonly number[]): string {
  const sorted = [...new Set(addresses)].sort((a, b) => a - b);
  return sorted.map((address) => `0x${address.toString(16)}`).join(' ');
}
