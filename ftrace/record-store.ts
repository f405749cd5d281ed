import { countAtOrBelow } from '../program/sorted';
import { mostUntaken, recordSize } from './record-layout';

/** Whose memory records may stay in. */
export interface RecordLender {
  /** Leaves records where they are, until they are given back; false where they are to be copied. */
  lend(bytes: Uint8Array): boolean;
  giveBack(bytes: Uint8Array): void;
}

/** Records that follow each other, also in memory: words of 4 bytes from `start` on. */
export interface RecordRun {
  /** Of the first of them. */
  readonly number: number;
  readonly count: number;
  readonly halves: Uint32Array;
  readonly start: number;
}

/** Memory for records, and how many it holds that are not forgotten. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly halves: Uint32Array;
  readonly isLent: boolean;
  live: number;
}

interface Block extends RecordRun {
  count: number;
  readonly chunk: Chunk;
}

const halvesOfRecord = recordSize / 4;
const recordsOfChunk = mostUntaken;

/** Records by their numbers, of which the oldest are forgotten: where the engine has written them, or copied. */
export class RecordStore {
  readonly #lender: RecordLender | undefined;
  readonly #blocks: Block[] = [];
  /** The memory that what is copied is put into, how many records that has taken, and one more of which all were forgotten. */
  #own: Chunk | undefined;
  #taken = 0;
  #spare: Chunk | undefined;
  #next = 0;

  constructor(lender?: RecordLender) {
    this.#lender = lender;
  }

  /** The number of the next record. */
  get next(): number {
    return this.#next;
  }

  /** `bytes`: those of the records alone. */
  append(bytes: Uint8Array, count: number): void {
    if (this.#lender?.lend(bytes)) this.#addBlock({ bytes, halves: halvesOf(bytes), isLent: true, live: 0 }, 0, count);
    else this.#copy(bytes, count);
  }

  /** Forgets the records below a number. */
  forget(below: number): void {
    for (let first = this.#blocks[0]; first && first.number + first.count <= below; first = this.#blocks[0]) {
      this.#blocks.shift();
      first.chunk.live -= first.count;
      if (first.chunk.live === 0) this.#free(first.chunk);
    }
  }

  /** The words of a record that is there, in halves: a copy. */
  read(number: number): Uint32Array {
    const block = this.#blocks[countAtOrBelow(this.#blocks, number, (each) => each.number) - 1]!;
    const start = block.start + (number - block.number) * halvesOfRecord;
    return block.halves.slice(start, start + halvesOfRecord);
  }

  /** All from a number on, the newest first; some that are older may be with them. */
  *newestFirst(from: number): Generator<RecordRun> {
    for (let index = this.#blocks.length - 1; index >= 0; index -= 1) {
      const block = this.#blocks[index]!;
      if (block.number + block.count <= from) return;
      yield block;
    }
  }

  /** Another store of the same records, all of which are copied. */
  copy(): RecordStore {
    const copy = new RecordStore();
    copy.#next = this.#blocks[0]?.number ?? this.#next;
    for (const { chunk, start, count } of this.#blocks) copy.append(chunk.bytes.subarray(4 * start, 4 * start + count * recordSize), count);
    return copy;
  }

  #copy(bytes: Uint8Array, count: number): void {
    for (let done = 0; done < count; ) {
      if (!this.#own || this.#taken === recordsOfChunk) {
        this.#own = this.#spare ?? newChunk();
        this.#spare = undefined;
        this.#taken = 0;
      }
      const some = Math.min(count - done, recordsOfChunk - this.#taken);
      const start = this.#taken * recordSize;
      this.#own.bytes.set(some === count ? bytes : bytes.subarray(done * recordSize, (done + some) * recordSize), start);
      this.#taken += some;
      this.#addBlock(this.#own, start / 4, some);
      done += some;
    }
  }

  /** Records that follow the last ones in memory are of their block. */
  #addBlock(chunk: Chunk, start: number, count: number): void {
    const last = this.#blocks.at(-1);
    if (last?.chunk === chunk && last.start + last.count * halvesOfRecord === start) last.count += count;
    else this.#blocks.push({ number: this.#next, count, halves: chunk.halves, start, chunk });
    chunk.live += count;
    this.#next += count;
  }

  #free(chunk: Chunk): void {
    if (chunk.isLent) this.#lender!.giveBack(chunk.bytes);
    else if (chunk === this.#own) this.#taken = 0;
    else this.#spare = chunk;
  }
}

function newChunk(): Chunk {
  const bytes = new Uint8Array(recordsOfChunk * recordSize);
  return { bytes, halves: halvesOf(bytes), isLent: false, live: 0 };
}

function halvesOf({ buffer, byteOffset, length }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}
