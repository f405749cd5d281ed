import type { LineTable } from '../program';
import { countAtOrBelow } from '../sorted';
import { BreakpointPlaces, type CodePlaces } from './breakpoint-places';
import type { Sequence } from './line-unit';
import { SequenceRows } from './sequence-rows';
import { StatementIndex } from './statement-index';

/** What is known of line tables before any row is read; both in the order of the file. */
export interface LineIndex {
  readonly sequences: Sequence[];
  /** The sequences with statements of a source. */
  readonly byPath: Map<string, Sequence[]>;
}

export function makeLineTable({ sequences, byPath }: LineIndex, places: CodePlaces): LineTable {
  const code = new SequenceRows(sequences);
  const sources = new StatementIndex(byPath);
  const breakpoints = new BreakpointPlaces(code, places);
  return {
    paths: [...byPath.keys()],
    at: (address) => code.spanAt(address),
    addressesOf(path, line, column) {
      const lines = sources.linesOf(path);
      const found = lines[countAtOrBelow(lines, line - 1, lineOf)];
      if (!found) return undefined;
      const whole = { line: found.line, addresses: breakpoints.onePerBlock(found.addresses) };
      if (column === undefined || found.line !== line) return whole;
      const columns = [...found.columns].sort(([a], [b]) => a - b);
      const chosen = columns.find(([each]) => each >= column) ?? columns.at(-1);
      if (columns.length < 2 || !chosen) return whole;
      return { line, column: chosen[0], addresses: breakpoints.onePerBlock([...chosen[1]].sort(ascending)) };
    },
    statementsIn(path, first, last) {
      return within(sources.linesOf(path), first, last).flatMap(({ line, columns }) =>
        [...columns.keys()].sort((a, b) => a - b).map((column) => ({ line, column })),
      );
    },
    linesWithCode: (path, first, last) => within(sources.linesOf(path), first, last).map(lineOf),
    bodyAddress: (symbol) => breakpoints.bodyOf(symbol),
    breakpointAddress: (symbol) => breakpoints.ofFunction(symbol),
  };
}

function lineOf({ line }: { readonly line: number }): number {
  return line;
}

function within<Item extends { readonly line: number }>(lines: readonly Item[], first: number, last: number): Item[] {
  return lines.slice(countAtOrBelow(lines, first - 1, lineOf), countAtOrBelow(lines, last, lineOf));
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
