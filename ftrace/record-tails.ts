import { moreRecord } from '../emulator/recorder/more-words';
import { countAtOrBelow } from '../program/sorted';
import { recordField, recordSize } from './record-layout';

/** What follows some records of a batch: for each of them its index, and its words in halves from its start to the next one's. */
export interface BatchTails {
  readonly owners: readonly number[];
  readonly starts: readonly number[];
  readonly halves: Uint32Array;
}

/** The same by the numbers of records in a buffer, which ascend. */
interface Chunk {
  readonly numbers: number[];
  readonly tails: BatchTails;
  /** Which of the tails the first number has. */
  readonly first: number;
}

export const wordsOfRecord = recordSize / 8;
const halvesOfRecord = recordSize / 4;
const none: readonly bigint[] = [];
const typeAt = recordField.type / 4;
const countAt = recordField.ip / 4;

/** The words that follow records, as the engine has made them: nothing is made of them before somebody reads one. */
export class RecordTails {
  private chunks: Chunk[] = [];

  /** Adds those of the records of a batch from an index to another, the first of which has that number; in turn. */
  add(tails: BatchTails, from: number, to: number, number: number): void {
    const { owners } = tails;
    let last = this.chunks.at(-1);
    let index = last?.tails === tails ? last.first + last.numbers.length : 0;
    while (index < owners.length && owners[index]! < from) index += 1;
    if (last?.tails !== tails || index !== last.first + last.numbers.length) last = undefined;
    for (; index < owners.length && owners[index]! < to; index += 1) {
      if (!last) {
        last = { numbers: [], tails, first: index };
        this.chunks.push(last);
      }
      last.numbers.push(number + owners[index]! - from);
    }
  }

  /** The words that follow a record. */
  of(number: number): readonly bigint[] {
    const chunk = this.chunks[countAtOrBelow(this.chunks, number - 1, ({ numbers }) => numbers.at(-1)!)];
    if (!chunk) return none;
    const { numbers, tails, first } = chunk;
    const index = countAtOrBelow(numbers, number - 1, (one) => one);
    if (numbers[index] !== number) return none;
    const { starts, halves } = tails;
    const [start, end] = [starts[first + index]!, starts[first + index + 1] ?? halves.length];
    return [...new BigUint64Array(halves.slice(start, end).buffer)];
  }

  /** Forgets those of records below a number, as far as no others share memory with them. */
  forget(below: number): void {
    while (this.chunks.length > 0 && this.chunks[0]!.numbers.at(-1)! < below) this.chunks.shift();
  }

  clear(): void {
    this.chunks = [];
  }

  /** Takes those that another has. */
  copy(other: RecordTails): void {
    this.chunks = other.chunks.map((chunk) => ({ ...chunk, numbers: [...chunk.numbers] }));
  }
}

/** Records without what follows them, which they are told to be so many. */
export function separate(halves: Uint32Array, heads: number): { bytes: Uint8Array; count: number; tails: BatchTails } {
  const own = new Uint32Array(heads * halvesOfRecord);
  const words = new Uint32Array(halves.length - own.length);
  const owners: number[] = [];
  const starts: number[] = [];
  let [head, size] = [0, 0];
  for (let at = 0; at < halves.length; ) {
    let end = at + halvesOfRecord;
    own.set(halves.subarray(at, end), head * halvesOfRecord);
    if (halves[end + typeAt] === moreRecord.type) {
      owners.push(head);
      starts.push(size);
      const last = size + 2 * halves[end + countAt]!;
      for (; halves[end + typeAt] === moreRecord.type; end += halvesOfRecord) {
        const to = Math.min(last, size + 2 * moreRecord.words);
        for (let from = end + 2 * moreRecord.header; size < to; from += 1, size += 1) words[size] = halves[from]!;
      }
    }
    head += 1;
    at = end;
  }
  return { bytes: new Uint8Array(own.buffer), count: heads, tails: { owners, starts, halves: words.slice(0, size) } };
}

/** Where the record ends that begins at a word, with the `moreRecord`s that follow it: the number of a word; records are given in halves. */
export function endOfRecord(halves: Uint32Array, at: number): number {
  let end = at + wordsOfRecord;
  while (halves[2 * end + typeAt] === moreRecord.type) end += wordsOfRecord;
  return end;
}

/** The words behind a record that the engine has made, of its and the `moreRecord`s that follow it. */
export function moreWords(words: BigUint64Array): readonly bigint[] {
  const size = wordsOfRecord;
  if (words.length <= size) return none;
  const count = Number(words[size + countAt / 2]);
  return Array.from(
    { length: count },
    (_, index) => words[size + moreRecord.header + index + moreRecord.header * Math.floor(index / moreRecord.words)]!,
  );
}
