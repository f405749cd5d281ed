import type { LineRow } from '../program';
import { countAtOrBelow, lastAtOrBelow } from '../sorted';
import type { Sequence } from './line-unit';

/** The code of one row: addresses from `start` up to, not including, `end`. */
interface Span {
  readonly start: bigint;
  readonly end: bigint;
  readonly row: LineRow;
}

interface ReadSequence {
  readonly rows: readonly LineRow[];
  readonly spans: readonly Span[];
}

/** Rows by address. Those of a sequence are read when one of them is asked for; a bounded number of them is kept. */
export class SequenceRows {
  /** Ascending by start; of equal ones the later in the file first, so that the search from behind meets the earlier first. */
  private readonly sequences: readonly Sequence[];
  /** The highest end of the sequence at that index and those before it: corrupt ones overlap, and those of merged functions. */
  private readonly reach: readonly bigint[];
  private readonly read = new Map<Sequence, ReadSequence>();
  private rowsKept = 0;

  constructor(sequences: readonly Sequence[]) {
    this.sequences = sequences.toReversed().sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    let reach = 0n;
    this.reach = this.sequences.map(({ end }) => {
      reach = end > reach ? end : reach;
      return reach;
    });
  }

  /** The row whose code has an address, and where that code ends. */
  spanAt(address: bigint): { row: LineRow; end: bigint } | undefined {
    for (let index = countAtOrBelow(this.sequences, address, startOf) - 1; index >= 0 && this.reach[index]! > address; index--) {
      const sequence = this.sequences[index]!;
      if (address >= sequence.end) continue;
      const span = lastAtOrBelow(this.readSequence(sequence).spans, address, startOf);
      if (span) return { row: span.row, end: span.end };
    }
    return undefined;
  }

  /** Rows of code from `start` up to, not including, `end`, ascending. */
  rowsIn(start: bigint, end: bigint): LineRow[] {
    return this.collect(start, (address) => address < end);
  }

  /** Rows from `start` on, ascending, as long as `isInside` has their address. */
  rowsFrom(start: bigint, isInside: (address: bigint) => boolean): LineRow[] {
    return this.collect(start, isInside);
  }

  private collect(start: bigint, isInside: (address: bigint) => boolean): LineRow[] {
    const rows: LineRow[] = [];
    for (let index = this.firstReaching(start); index < this.sequences.length; index++) {
      const sequence = this.sequences[index]!;
      if (sequence.start > start && !isInside(sequence.start)) break;
      if (sequence.end <= start) continue;
      const all = this.readSequence(sequence).rows;
      for (let row = countAtOrBelow(all, start - 1n, addressOf); row < all.length && isInside(all[row]!.address); row++) {
        rows.push(all[row]!);
      }
    }
    return rows.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  private firstReaching(address: bigint): number {
    let index = countAtOrBelow(this.sequences, address, startOf);
    while (index > 0 && this.reach[index - 1]! > address) index--;
    return index;
  }

  private readSequence(sequence: Sequence): ReadSequence {
    let read = this.read.get(sequence);
    if (read) return read;
    const rows = sequence.unit.rowsOf(sequence);
    read = { rows, spans: spansOf(rows, sequence.end) };
    this.read.set(sequence, read);
    this.rowsKept += rows.length;
    for (const [oldest, { rows: old }] of this.read) {
      if (this.rowsKept <= mostRows || oldest === sequence) break;
      this.read.delete(oldest);
      this.rowsKept -= old.length;
    }
    return read;
  }
}

/** Rows kept at most, of about 200 bytes each with their spans, unless one sequence has more. */
const mostRows = 200_000;

function startOf({ start }: { readonly start: bigint }): bigint {
  return start;
}

function addressOf({ address }: LineRow): bigint {
  return address;
}

/** Code of line 0, which no source line stands for, and what continues a line goes to the row before it; of several rows at one address the last statement counts. */
function spansOf(rows: readonly LineRow[], end: bigint): Span[] {
  const spans: { start: bigint; end: bigint; row: LineRow }[] = [];
  for (const row of rows) {
    const last = spans.at(-1);
    if (row.line === 0 || row.continues) continue;
    if (last?.start === row.address) {
      if (row.isStatement || !last.row.isStatement) last.row = row;
      continue;
    }
    if (last) last.end = row.address;
    spans.push({ start: row.address, end, row });
  }
  return spans;
}
