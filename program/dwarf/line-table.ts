import { callSiteSize } from '../elf/call-sites';
import type { CallSite, LineRow, LineTable, ProgramSymbol, SymbolTable } from '../program';
import { countAtOrBelow, lastAtOrBelow } from '../sorted';
import type { Sequence } from './line-unit';
import { SequenceRows } from './sequence-rows';
import { StatementIndex } from './statement-index';

/** What is known of line tables before any row is read; both in the order of the file. */
export interface LineIndex {
  readonly sequences: Sequence[];
  /** The sequences with statements of a source. */
  readonly byPath: Map<string, Sequence[]>;
}

/** What a line table must know of the code to say where a breakpoint belongs. */
export interface CodePlaces {
  readonly symbols: SymbolTable;
  readonly callSites: readonly CallSite[];
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
      const whole = { line: found.line, addresses: breakpoints.onePerFunction(found.addresses) };
      if (column === undefined || found.line !== line) return whole;
      const columns = [...found.columns].sort(([a], [b]) => a - b);
      const chosen = columns.find(([each]) => each >= column) ?? columns.at(-1);
      if (columns.length < 2 || !chosen) return whole;
      return { line, column: chosen[0], addresses: breakpoints.onePerFunction([...chosen[1]].sort(ascending)) };
    },
    statementsIn(path, first, last) {
      return within(sources.linesOf(path), first, last).flatMap(({ line, columns }) =>
        [...columns.keys()].sort((a, b) => a - b).map((column) => ({ line, column })),
      );
    },
    linesWithCode: (path, first, last) => within(sources.linesOf(path), first, last).map(lineOf),
    breakpointAddress: (symbol) => breakpoints.ofFunction(symbol),
  };
}

function lineOf({ line }: { readonly line: number }): number {
  return line;
}

function within<Item extends { readonly line: number }>(lines: readonly Item[], first: number, last: number): Item[] {
  return lines.slice(countAtOrBelow(lines, first - 1, lineOf), countAtOrBelow(lines, last, lineOf));
}

/** Where breakpoints go: after the prologue of a function, never into the bytes of a call site. */
class BreakpointPlaces {
  constructor(
    private readonly code: SequenceRows,
    private readonly places: CodePlaces,
  ) {}

  /**
   * The lowest address in each function, as gdb does: a `for` line has code before and after its loop, and stops once. The
   * address where a function starts stands for the end of its prologue.
   */
  onePerFunction(addresses: readonly bigint[]): bigint[] {
    const chosen = new Map<bigint, bigint>();
    for (const address of addresses) {
      const symbol = this.places.symbols.functionAt(address);
      const key = symbol?.address ?? address;
      if (!chosen.has(key)) chosen.set(key, symbol && address <= this.afterCallSite(symbol.address) ? this.ofFunction(symbol) : address);
    }
    return [...new Set(chosen.values())].sort(ascending);
  }

  /**
   * At the row marked as the end of the prologue, else (GCC marks none) at the function's second row, which is where its first
   * statement starts; in assembly at its first instruction.
   */
  ofFunction(symbol: ProgramSymbol): bigint {
    const start = this.afterCallSite(symbol.address);
    const rows = this.rowsOf(symbol);
    if (!rows[0] || isAssembly(rows[0].path)) return start;
    const prologueEnd = rows.find((row) => row.prologueEnd && row.address >= start);
    if (prologueEnd) return prologueEnd.address;
    const first = rows.find(({ address }) => address >= start);
    const second = rows.find((row) => first && row.address > first.address && row.line !== 0);
    return second?.address ?? start;
  }

  private rowsOf({ address: start, size }: ProgramSymbol): LineRow[] {
    if (size > 0n) return this.code.rowsIn(start, start + size);
    const { symbols } = this.places;
    return this.code.rowsFrom(start, (address) => symbols.functionAt(address)?.address === start);
  }

  private afterCallSite(address: bigint): bigint {
    const site = lastAtOrBelow(this.places.callSites, address, (each) => each.address);
    return site && address < site.address + callSiteSize ? site.address + callSiteSize : address;
  }
}

function isAssembly(path: string): boolean {
  return /\.(s|asm)$/i.test(path);
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
