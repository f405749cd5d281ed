import { hotCounters, type LinearMemory, pageSize } from '../linear-memory';

/** Places of code that wait at once, and those of them that are remembered as the last. */
const mostPlaces = 1 << 16;
const mostRecent = 64;

/** How often code is come to: counters in linear memory that the engine counts down, and what they were set to. */
export class Heat {
  /** How often code was come to that no region begins at, as far as that has been counted. */
  comeTos = 0;
  readonly #memory: LinearMemory;
  readonly #hotAfter: number;
  readonly #counters: Int32Array;
  /** Offsets where a region would be too long for how often its code was come to, and how often that has to be in all. */
  readonly #waiting = new Map<number, number>();
  /** The last of these offsets, and where the next one is put. */
  readonly #recent: number[] = [];
  #next = 0;
  /** What the counters had been set to; 0 stands for `hotAfter`. */
  readonly #countedFrom = new Int32Array(hotCounters);

  constructor(memory: LinearMemory, hotAfter: number) {
    this.#memory = memory;
    this.#hotAfter = hotAfter;
    this.#counters = new Int32Array(memory.memory.buffer, memory.hotCountersAt, hotCounters);
    this.#counters.fill(hotAfter);
  }

  /** The counter of an offset has run down, where the interpreter is to execute what is there. */
  interpreted(offset: number): void {
    const counter = this.#counterOf(offset);
    if (counter >= 0) this.comeTos += this.#countedFrom[counter] || this.#hotAfter;
  }

  /** Has the engine come back when it has come to an offset so often again. */
  count(offset: number, times: number): void {
    const counter = this.#counterOf(offset);
    if (counter < 0) return;
    this.#counters[counter] = times;
    this.#countedFrom[counter] = times;
  }

  /** How often code has been come to whose counter has run down just now. */
  whenRunDown(offset: number): number {
    return this.#waiting.get(offset) ?? this.#hotAfter;
  }

  /** The same for code whose counter still runs; 0 where that was set long. */
  sofar(offset: number): number {
    const counter = this.#counterOf(offset);
    const countedFrom = counter < 0 ? undefined : this.#countedFrom[counter] || this.#hotAfter;
    const wanted = this.#waiting.get(offset) ?? countedFrom;
    if (wanted === undefined || (countedFrom! > this.#hotAfter && wanted === countedFrom)) return 0;
    return Math.max(0, wanted - this.#counters[counter]!);
  }

  /** Code at an offset is worth translating when it has been come to so often in all. */
  wait(offset: number, wanted: number): void {
    if (this.#waiting.size >= mostPlaces) this.#waiting.clear();
    this.#waiting.set(offset, wanted);
    this.#recent[this.#next] = offset;
    this.#next = (this.#next + 1) % mostRecent;
  }

  /** The same for code whose counter still runs. */
  waitFor(offset: number, wanted: number): void {
    const sofar = this.sofar(offset);
    this.#waiting.set(offset, wanted);
    this.count(offset, wanted - sofar);
  }

  /** How often code that waits has to be come to in all; 0 where it does not. */
  wanted(offset: number): number {
    return this.#waiting.get(offset) ?? 0;
  }

  waitNoMore(offset: number): void {
    this.#waiting.delete(offset);
  }

  /** Code that waits is part of a region now: only how often it is come to from elsewhere counts from here on. */
  startAnew(offset: number): void {
    if (!this.#waiting.delete(offset)) return;
    this.count(offset, this.#hotAfter);
  }

  /** The last places that began to wait and still do, and how often they have to be come to. */
  *waiting(): Iterable<{ readonly offset: number; readonly wanted: number }> {
    for (const offset of this.#recent) {
      const wanted = this.#waiting.get(offset);
      if (wanted !== undefined) yield { offset, wanted };
    }
  }

  /** The index of the counter of an offset, which the interpreter finds by the record. */
  #counterOf(offset: number): number {
    const records = this.#memory.pageTable[Math.floor(offset / pageSize)];
    return records ? ((records + (offset % pageSize) * 8) >>> 4) % hotCounters : -1;
  }
}
