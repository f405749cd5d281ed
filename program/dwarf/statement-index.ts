import type { Sequence } from './line-unit';

/** Where the statements of one line start. */
export interface LineStatements {
  readonly line: number;
  /** Ascending, each once; without rows that only continue the line. */
  readonly addresses: readonly bigint[];
  /** All by the column where the statement starts. */
  readonly columns: ReadonlyMap<number, ReadonlySet<bigint>>;
}

/** The statements of sources: read from all sequences that have some of a source when it is first asked for. */
export class StatementIndex {
  private readonly known = new Map<string, readonly LineStatements[]>();

  constructor(private readonly sequences: ReadonlyMap<string, readonly Sequence[]>) {}

  /** Ascending by line; empty for a source that is not known. */
  linesOf(path: string): readonly LineStatements[] {
    const sequences = this.sequences.get(path);
    if (!sequences) return [];
    let lines = this.known.get(path);
    if (!lines) {
      lines = readLines(path, sequences);
      this.known.set(path, lines);
    }
    return lines;
  }
}

interface FoundLine {
  readonly addresses: Set<bigint>;
  readonly columns: Map<number, Set<bigint>>;
}

function readLines(path: string, sequences: readonly Sequence[]): LineStatements[] {
  const lines = new Map<number, FoundLine>();
  for (const sequence of sequences) {
    sequence.unit.statementsOf(sequence, path, ({ line, column }, address, continues) => {
      const { addresses, columns } = getOrAdd(lines, line, () => ({ addresses: new Set(), columns: new Map() }));
      if (!continues) addresses.add(address);
      getOrAdd(columns, column, () => new Set<bigint>()).add(address);
    });
  }
  return [...lines]
    .map(([line, { addresses, columns }]) => ({ line, columns, addresses: ascending(addresses) }))
    .filter(({ addresses }) => addresses.length > 0)
    .sort((a, b) => a.line - b.line);
}

function ascending(addresses: ReadonlySet<bigint>): bigint[] {
  return [...addresses].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
