import { moreRecord } from '../emulator/recorder/more-words';
import { recordField, recordSize } from './record-layout';
import { recordType } from './ring-buffer';

const halvesOfRecord = recordSize / 4;
const typeAt = recordField.type / 4;
const ipAt = recordField.ip / 4;
const countAt = ipAt;
const firstWord = 2 * moreRecord.header;

export interface Records {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/**
 * The engine's records of calls, each followed by the callers on its stack, as two: the call, and its stack, which is followed by the
 * frames: `head`, and the callers. Records of other types stay as they are.
 */
export function withStacks(bytes: Uint8Array, count: number, head: bigint): Records {
  const found = halvesIn(bytes, count);
  // A record more for each stack, and at most one for its frames.
  const made = new RecordWriter(3 * found.length);
  const innermost = halvesOf(head);
  for (let at = 0; at < found.length; ) {
    const call = at;
    at += halvesOfRecord;
    made.copy(found, call, halvesOfRecord);
    if (found[call + typeAt] !== recordType.function) continue;
    const callers = moreBehind(found, call);
    made.copy(found, call, typeAt);
    made.setType(recordType.stack);
    made.addMore(found, call, 0, callers, innermost);
    at = endOf(found, at);
  }
  return made.records;
}

/**
 * The engine's records of events, each followed by words of its own, as many as `ownMore` tells, and the callers on its stack, as two:
 * the event, and its stack, which is followed by the frames: where the hart was, as `placeOf` tells, and the callers, at most `most` in all.
 */
export function eventsWithStacks(
  bytes: Uint8Array,
  count: number,
  most: number,
  ownMore: (halves: Uint32Array, at: number) => number,
  placeOf: (halves: Uint32Array, at: number) => Halves,
): Records {
  const found = halvesIn(bytes, count);
  const made = new RecordWriter(4 * found.length);
  for (let at = 0; at < found.length; at = endOf(found, at + halvesOfRecord)) {
    const [own, all] = [ownMore(found, at), moreBehind(found, at)];
    made.copy(found, at, halvesOfRecord);
    if (own > 0) made.addMore(found, at, 0, own);
    const place = placeOf(found, at);
    made.copy(found, at, ipAt);
    made.setIp(place);
    made.setType(recordType.stack);
    made.addMore(found, at, own, Math.min(all, own + most - 1), place);
  }
  return made.records;
}

/** Where a word is, in halves, of those behind the record that begins at `at`. */
export function placeOfMore(at: number, index: number): number {
  const record = at + halvesOfRecord * (1 + Math.floor(index / moreRecord.words));
  return record + firstWord + 2 * (index % moreRecord.words);
}

type Halves = readonly [low: number, high: number];

export function halvesOf(value: bigint): Halves {
  return [Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n))];
}

function halvesIn(bytes: Uint8Array, count: number): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count * halvesOfRecord);
}

/** How many words there are behind the record that begins at `at`. */
function moreBehind(halves: Uint32Array, at: number): number {
  const next = at + halvesOfRecord;
  return halves[next + typeAt] === moreRecord.type ? halves[next + countAt]! : 0;
}

/** Where those that follow a record end, from there on. */
function endOf(halves: Uint32Array, at: number): number {
  let end = at;
  while (halves[end + typeAt] === moreRecord.type) end += halvesOfRecord;
  return end;
}

/** Appends records, the last of which can be changed. */
class RecordWriter {
  private readonly made: Uint32Array;
  private next = 0;

  constructor(most: number) {
    this.made = new Uint32Array(most);
  }

  get records(): Records {
    return { bytes: new Uint8Array(this.made.buffer, 0, this.next * 4), count: this.next / halvesOfRecord };
  }

  /** A record of which the first halves are those of another, and the others 0. */
  copy(from: Uint32Array, at: number, length: number): void {
    for (let index = 0; index < length; index += 1) this.made[this.next + index] = from[at + index]!;
    this.next += halvesOfRecord;
  }

  setType(type: number): void {
    this.made[this.next - halvesOfRecord + typeAt] = type;
  }

  setIp([low, high]: Halves): void {
    const at = this.next - halvesOfRecord + ipAt;
    this.made[at] = low;
    this.made[at + 1] = high;
  }

  /** The words that follow the last record: one that is first, where there is any, and those behind a record from one to another. */
  addMore(from: Uint32Array, at: number, start: number, end: number, first?: Halves): void {
    const { made } = this;
    const before = first ? 1 : 0;
    const count = before + end - start;
    for (let done = 0; done < count; ) {
      const to = this.next;
      made[to] = from[at]!;
      made[to + 1] = from[at + 1]!;
      made[to + countAt] = count;
      made[to + typeAt] = moreRecord.type;
      const until = Math.min(count, done + moreRecord.words);
      for (let word = to + firstWord; done < until; done += 1, word += 2) {
        const place = placeOfMore(at, start + done - before);
        const isFirst = first !== undefined && done === 0;
        made[word] = isFirst ? first[0] : from[place]!;
        made[word + 1] = isFirst ? first[1] : from[place + 1]!;
      }
      this.next += halvesOfRecord;
    }
  }
}
