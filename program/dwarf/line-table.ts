import { callSiteSize } from '../elf/call-sites';
import type { CallSite, LineRow, LineTable, ProgramSymbol, SymbolTable } from '../program';
import { countAtOrBelow, lastAtOrBelow } from '../sorted';

/** Rows of one sequence, ascending by address, with their paths; the last one's code ends before `end`. */
export interface RowSequence {
  readonly rows: readonly LineRow[];
  readonly end: bigint;
}

/** What a line table must know of the code to say where a breakpoint belongs. */
export interface CodePlaces {
  readonly symbols: SymbolTable;
  readonly callSites: readonly CallSite[];
}

export function makeLineTable(sequences: readonly RowSequence[], places: CodePlaces): LineTable {
  const spans = spansOf(sequences);
  const statements = statementsByPath(sequences);
  const breakpoints = new BreakpointPlaces(sequences, places);
  return {
    paths: [...statements.keys()],
    at(address) {
      const span = lastAtOrBelow(spans, address, startOfSpan);
      return span && address < span.end ? { row: span.row, end: span.end } : undefined;
    },
    addressesOf(path, line, column) {
      const lines = statements.get(path);
      const found = lines?.[countAtOrBelow(lines, line - 1, (each) => each.line)];
      if (!found) return undefined;
      const whole = { line: found.line, addresses: breakpoints.onePerFunction(found.addresses) };
      if (column === undefined || found.line !== line) return whole;
      const columns = [...found.columns].sort(([a], [b]) => a - b);
      const chosen = columns.find(([each]) => each >= column) ?? columns.at(-1);
      if (columns.length < 2 || !chosen) return whole;
      return { line, column: chosen[0], addresses: breakpoints.onePerFunction([...chosen[1]].sort(ascending)) };
    },
    statementsIn(path, first, last) {
      const lines = statements.get(path) ?? [];
      const inside = lines.slice(countAtOrBelow(lines, first - 1, lineOf), countAtOrBelow(lines, last, lineOf));
      return inside.flatMap(({ line, columns }) => [...columns.keys()].sort((a, b) => a - b).map((column) => ({ line, column })));
    },
    linesWithCode(path, first, last) {
      const lines = statements.get(path) ?? [];
      const start = countAtOrBelow(lines, first - 1, (each) => each.line);
      return lines
        .slice(
          start,
          countAtOrBelow(lines, last, (each) => each.line),
        )
        .map(({ line }) => line);
    },
    breakpointAddress: (symbol) => breakpoints.ofFunction(symbol),
  };
}

/** Code of one row: addresses from `start` up to, not including, `end`. */
interface Span {
  readonly start: bigint;
  readonly end: bigint;
  readonly row: LineRow;
}

function startOfSpan({ start }: Span): bigint {
  return start;
}

/** All code by address, without overlaps. Code of line 0, which no source line stands for, goes to the row before it. */
function spansOf(sequences: readonly RowSequence[]): Span[] {
  const spans = sequences.flatMap(({ rows, end }) => {
    const own: { start: bigint; end: bigint; row: LineRow }[] = [];
    for (const row of rows) {
      const last = own.at(-1);
      if (row.line === 0) continue;
      if (last?.start === row.address) {
        if (row.isStatement || !last.row.isStatement) last.row = row;
        continue;
      }
      if (last) last.end = row.address;
      own.push({ start: row.address, end, row });
    }
    return own;
  });
  spans.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  let end = 0n;
  return spans.filter((span) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

interface LineStatements {
  readonly line: number;
  /** Ascending, each once. */
  readonly addresses: readonly bigint[];
  /** The same by the column where the statement starts. */
  readonly columns: ReadonlyMap<number, ReadonlySet<bigint>>;
}

function lineOf({ line }: LineStatements): number {
  return line;
}

function statementsByPath(sequences: readonly RowSequence[]): Map<string, LineStatements[]> {
  const byPath = new Map<string, Map<number, Map<number, Set<bigint>>>>();
  for (const { rows } of sequences) {
    for (const { path, line, column, address, isStatement } of rows) {
      if (!isStatement || line === 0) continue;
      const lines = getOrAdd(byPath, path, () => new Map<number, Map<number, Set<bigint>>>());
      const columns = getOrAdd(lines, line, () => new Map<number, Set<bigint>>());
      getOrAdd(columns, column, () => new Set<bigint>()).add(address);
    }
  }
  return new Map(
    [...byPath].map(([path, lines]) => {
      const statements = [...lines].map(([line, columns]) => ({ line, columns, addresses: allOf(columns) }));
      return [path, statements.sort((a, b) => a.line - b.line)];
    }),
  );
}

function allOf(columns: ReadonlyMap<number, ReadonlySet<bigint>>): bigint[] {
  return [...new Set([...columns.values()].flatMap((addresses) => [...addresses]))].sort(ascending);
}

/** Where breakpoints go: after the prologue of a function, never into the bytes of a call site. */
class BreakpointPlaces {
  private readonly rows: readonly LineRow[];

  constructor(
    sequences: readonly RowSequence[],
    private readonly places: CodePlaces,
  ) {
    this.rows = sequences.flatMap(({ rows }) => rows).sort((a, b) => ascending(a.address, b.address));
  }

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
    const rows: LineRow[] = [];
    for (let index = countAtOrBelow(this.rows, start - 1n, addressOfRow); index < this.rows.length; index++) {
      const row = this.rows[index]!;
      const inside = size > 0n ? row.address < start + size : this.places.symbols.functionAt(row.address)?.address === start;
      if (!inside) break;
      rows.push(row);
    }
    return rows;
  }

  private afterCallSite(address: bigint): bigint {
    const site = lastAtOrBelow(this.places.callSites, address, (each) => each.address);
    return site && address < site.address + callSiteSize ? site.address + callSiteSize : address;
  }
}

function addressOfRow({ address }: LineRow): bigint {
  return address;
}

function isAssembly(path: string): boolean {
  return /\.(s|asm)$/i.test(path);
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
