import { hartAt, hotCounters, type LinearMemory, pageSize } from '../linear-memory';

/** Places of code that wait at once, and those of them that are remembered as the last. */
const mostPlaces = 1 << 16;
const mostRecent = 64;
const registersOfHart = 32;
/** What a record has room for. */
const mostLooks = 0xffff;

/** A place whose region would be too long for how often its code was come to. */
interface Waiting {
  /** How often that has to be in all. */
  readonly wanted: number;
  /** The look at code since when it waits. */
  readonly since: number;
  /** What the x registers held there when it was looked at last. */
  readonly registers: BigUint64Array | undefined;
}

/** How often code is come to: counters in linear memory that the engine counts down, and what they were set to. */
export class Heat {
  /** How often code was come to that no region begins at, as far as that has been counted. */
  comeTos = 0;
  readonly #memory: LinearMemory;
  readonly #hotAfter: number;
  readonly #counters: Int32Array;
  /** By offsets. */
  readonly #waiting = new Map<number, Waiting>();
  /** Those of them that were looked at last, the last one last. */
  readonly #recent = new Set<number>();
  /** Room for the registers of places that come to wait: memory of its own for each would take longer than all else that waiting does. */
  #room = new BigUint64Array(0);
  /** What the counters had been set to; 0 stands for `hotAfter`. */
  readonly #countedFrom = new Int32Array(hotCounters);

  constructor(memory: LinearMemory, hotAfter: number) {
    this.#memory = memory;
    this.#hotAfter = hotAfter;
    this.#counters = new Int32Array(memory.memory.buffer, memory.hotCountersAt, hotCounters);
    this.#counters.fill(hotAfter);
    this.look();
  }

  /** How often code was looked at, as the interpreter notes it with the ways of branches. */
  get looks(): number {
    return this.#memory.words[hartAt.looks >> 2]!;
  }

  /** Code is looked at: from here on another time counts, as long as there are more. */
  look(): void {
    this.#memory.words[hartAt.looks >> 2] = Math.min(this.looks + 1, mostLooks);
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
    return this.#waiting.get(offset)?.wanted ?? this.#hotAfter;
  }

  /** The same for code whose counter still runs; 0 where that was set long. */
  sofar(offset: number): number {
    const counter = this.#counterOf(offset);
    const countedFrom = counter < 0 ? undefined : this.#countedFrom[counter] || this.#hotAfter;
    const wanted = this.#waiting.get(offset)?.wanted ?? countedFrom;
    if (wanted === undefined || (countedFrom! > this.#hotAfter && wanted === countedFrom)) return 0;
    return Math.max(0, wanted - this.#counters[counter]!);
  }

  /** Code at an offset, where the hart is, is worth translating when it has been come to so often in all. */
  wait(offset: number, wanted: number): void {
    if (this.#waiting.size >= mostPlaces) this.#waiting.clear();
    const registers = this.registersAt(offset) ?? this.#roomForRegisters();
    registers.set(this.#memory.x);
    this.#waiting.set(offset, { wanted, since: this.since(offset) || this.looks, registers });
    this.#recent.delete(offset);
    this.#recent.add(offset);
    if (this.#recent.size > mostRecent) this.#recent.delete(this.#recent.values().next().value!);
  }

  /** The same for code whose counter still runs, wherever the hart is. */
  waitFor(offset: number, wanted: number): void {
    const sofar = this.sofar(offset);
    this.#waiting.set(offset, { wanted, since: this.since(offset) || this.looks, registers: this.registersAt(offset) });
    this.count(offset, wanted - sofar);
  }

  /** The same for code that is to be looked at when it is next come to. */
  lookSoon(offset: number, heat: number): void {
    this.#waiting.set(offset, { wanted: heat, since: 0, registers: undefined });
    this.count(offset, 1);
  }

  /** How often code that waits has to be come to in all; 0 where it does not. */
  wanted(offset: number): number {
    return this.#waiting.get(offset)?.wanted ?? 0;
  }

  /** What the x registers held where code waits, when that was looked at last. */
  registersAt(offset: number): BigUint64Array | undefined {
    return this.#waiting.get(offset)?.registers;
  }

  /** The look at code since when that at an offset waits; 0 where it does not. */
  since(offset: number): number {
    return this.#waiting.get(offset)?.since ?? 0;
  }

  waitNoMore(offset: number): void {
    this.#waiting.delete(offset);
    this.#recent.delete(offset);
  }

  /** Code that waits is part of a region now: only how often it is come to from elsewhere counts from here on. */
  startAnew(offset: number): void {
    if (!this.#waiting.has(offset)) return;
    this.waitNoMore(offset);
    this.count(offset, this.#hotAfter);
  }

  /** Where code waits that was looked at last. */
  get waiting(): Iterable<number> {
    return this.#recent;
  }

  #roomForRegisters(): BigUint64Array {
    if (this.#room.length === 0) this.#room = new BigUint64Array(mostRecent * registersOfHart);
    const registers = this.#room.subarray(0, registersOfHart);
    this.#room = this.#room.subarray(registersOfHart);
    return registers;
  }

  /** The index of the counter of an offset, which the interpreter finds by the record. */
  #counterOf(offset: number): number {
    const records = this.#memory.pageTable[Math.floor(offset / pageSize)];
    return records ? ((records + (offset % pageSize) * 8) >>> 4) % hotCounters : -1;
  }
}
