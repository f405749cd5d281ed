import { countAtOrBelow } from '../program/sorted';
import { permissionBits } from './linear-memory';

/** Pages of one kind: offsets in the guest's window, multiples of the page. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** Permission bits; a span has at least `mapped`. */
  readonly bits: number;
}

/** The mapped spans of a window by address, neighbours of one kind made one. Each change takes time for the spans that it touches. */
export class RegionList {
  #spans: Span[] = [];
  #accessible = 0;

  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** Bytes in spans that can be read, written or executed. */
  get accessible(): number {
    return this.#accessible;
  }

  /** The spans that have a byte in [start, end), whole. */
  overlapping(start: number, end: number): Span[] {
    const first = this.#firstEndingAfter(start);
    let last = first;
    while (last < this.#spans.length && this.#spans[last]!.start < end) last += 1;
    return this.#spans.slice(first, last);
  }

  /** The highest place below `limit` for `size` free bytes, not below `floor`; undefined where there is none. */
  highestFree(size: number, floor: number, limit: number): number | undefined {
    let end = limit;
    for (let index = this.#firstEndingAfter(limit - 1); index >= 0; index -= 1) {
      const span = this.#spans[index];
      if (!span) continue;
      if (span.start >= end) continue;
      if (end - span.end >= size && end - size >= floor) return end - size;
      end = Math.min(end, span.start);
      if (end - size < floor) return undefined;
    }
    return end - size >= floor ? end - size : undefined;
  }

  /** Makes [start, end) such a span, whatever was there. */
  set(start: number, end: number, name: string, bits: number): void {
    this.#replace(start, end, [{ start, end, name, bits }]);
  }

  clear(start: number, end: number): void {
    this.#replace(start, end, []);
  }

  /** Gives the mapped pages of [start, end) other permission bits. */
  protect(start: number, end: number, bits: number): void {
    const changed = this.overlapping(start, end).map((span) => ({
      ...span,
      start: Math.max(span.start, start),
      end: Math.min(span.end, end),
      bits,
    }));
    this.#replace(start, end, changed);
  }

  #replace(start: number, end: number, inside: readonly Span[]): void {
    const from = this.#firstEndingAfter(start - 1);
    let to = from;
    while (to < this.#spans.length && this.#spans[to]!.start <= end) to += 1;
    const touched = this.#spans.slice(from, to);
    const before = touched.filter((span) => span.start < start).map((span) => ({ ...span, end: Math.min(span.end, start) }));
    const after = touched.filter((span) => span.end > end).map((span) => ({ ...span, start: Math.max(span.start, end) }));
    const result = joined([...before, ...inside, ...after]);
    this.#accessible += accessibleIn(result) - accessibleIn(touched);
    this.#spans.splice(from, to - from, ...result);
  }

  /** The index of the first span whose end is above `offset`. */
  #firstEndingAfter(offset: number): number {
    return countAtOrBelow(this.#spans, offset, ({ end }) => end);
  }
}

function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    const same = last && last.end === span.start && last.name === span.name && last.bits === span.bits;
    if (same) result[result.length - 1] = { ...last, end: span.end };
    else result.push(span);
  }
  return result;
}

function accessibleIn(spans: readonly Span[]): number {
  const { read, write, execute } = permissionBits;
  const accessible = spans.filter(({ bits }) => (bits & (read | write | execute)) !== 0);
  return accessible.reduce((sum, { start, end }) => sum + end - start, 0);
}
