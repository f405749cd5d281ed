import { recordField, recordSize } from './record-layout';
import { endOfRecord, wordsOfRecord } from './record-tails';
import { type LengthByType, type RingBuffer, recordType, timeAt } from './ring-buffer';

/** Whose ring buffer gets records. */
export interface StreamTarget {
  readonly buffer: RingBuffer;
  /** Whether it takes records now. */
  readonly isOn: boolean;
  /** Gets the bytes of records that it has not taken, or had no room for. */
  drop(bytes: Uint8Array): void;
}

/** What is done of a record, all of its words and those of records that go on with it: as if at its time. */
export type LateAction = (words: BigUint64Array) => void;

interface Records {
  readonly bytes: Uint8Array;
  readonly count: number;
}

interface Stream extends Records {
  readonly target: StreamTarget;
  readonly length: number | LengthByType;
}

interface LateStream extends Records {
  readonly act: LateAction;
}

/** A stream of which some records are handed out: `next` is that which is not, and its time; infinity where there is none. */
interface Head {
  readonly stream: Stream | LateStream;
  readonly halves: Uint32Array;
  readonly words: BigUint64Array;
  next: number;
  time: number;
}

/** Records that the engine has made, from several sources: all that is made of them is made in the order of their times. */
export class RecordStreams {
  private streams: (Stream | LateStream)[] = [];
  /** The words of the records that something is done of now, and where the one is that it is done of. */
  private words: BigUint64Array | undefined;
  private at = 0;

  /** When what is done now belongs to: the time of the record that it is done of; undefined where there is none. */
  get time(): bigint | undefined {
    return this.words?.[this.at + recordField.timestamp / 8];
  }

  /** Takes records for a buffer, whose times ascend, as `RingBuffer.appendAll` does; the bytes must stay until `flush`. */
  add(target: StreamTarget, bytes: Uint8Array, count: number, length: number | LengthByType): void {
    if (count > 0) this.streams.push({ target, bytes, count, length });
  }

  /** Takes records, whose times ascend, of each of which something is to be done; the bytes must stay until `flush`. */
  addLate(bytes: Uint8Array, count: number, act: LateAction): void {
    if (count > 0) this.streams.push({ bytes, count, act });
  }

  /** Hands all out. */
  flush(): void {
    const { streams } = this;
    this.streams = [];
    if (streams.some((stream) => 'act' in stream)) this.replay(streams);
    else {
      const targets = new Map<StreamTarget, Stream[]>();
      for (const stream of streams as Stream[]) targets.set(stream.target, [...(targets.get(stream.target) ?? []), stream]);
      for (const own of targets.values()) {
        const stream = own.length === 1 ? own[0]! : merged(own);
        hand(stream, stream.bytes, stream.count);
      }
    }
  }

  /** One record after the other: what is done of one may turn others on or off. */
  private replay(streams: readonly (Stream | LateStream)[]): void {
    const heads = streams.map((stream): Head => {
      const { buffer, byteOffset } = stream.bytes;
      const halves = new Uint32Array(buffer, byteOffset, stream.count * halvesOfRecord);
      const words = new BigUint64Array(buffer, byteOffset, stream.count * wordsOfRecord);
      return { stream, halves, words, next: 0, time: timeIn(halves, 0) };
    });
    for (;;) {
      let [first, until] = [heads[0]!, Number.POSITIVE_INFINITY];
      for (const head of heads) if (head.time < first.time) first = head;
      if (first.time === Number.POSITIVE_INFINITY) return;
      for (const head of heads) if (head !== first) until = Math.min(until, head.time);
      const { stream, halves, words, next, time } = first;
      do {
        first.next += 1;
        first.time = timeIn(halves, first.next * halvesOfRecord);
      } while (first.time < until || first.time === time);
      if ('act' in stream) this.act(stream.act, { halves, words }, next * wordsOfRecord, first.next * wordsOfRecord);
      else {
        const bytes = stream.bytes.subarray(next * recordSize, first.next * recordSize);
        hand(stream, bytes, first.next - next);
      }
    }
  }

  private act(act: LateAction, { halves, words }: Pick<Head, 'halves' | 'words'>, from: number, to: number): void {
    this.words = words;
    try {
      for (let at = from; at < to; ) {
        const end = endOfRecord(halves, at);
        this.at = at;
        act(words.subarray(at, end));
        at = end;
      }
    } finally {
      this.words = undefined;
    }
  }
}

/** Hands out records of a stream. */
function hand({ target, length }: Stream, bytes: Uint8Array, count: number): void {
  if (target.isOn) target.buffer.appendAll(bytes, count, length, (dropped) => target.drop(dropped));
  else target.drop(bytes);
}

/** One stream of several; of records at the same time, those of the first come first. */
function merged(streams: readonly Stream[]): Stream {
  const count = streams.reduce((sum, stream) => sum + stream.count, 0);
  const made = new Uint32Array(count * halvesOfRecord);
  const heads = streams.map((stream) => {
    const halves = new Uint32Array(stream.bytes.buffer, stream.bytes.byteOffset, stream.count * halvesOfRecord);
    return { halves, next: 0, time: timeIn(halves, 0) };
  });
  for (let at = 0; at < made.length; at += halvesOfRecord) {
    let first = heads[0]!;
    for (const head of heads) if (head.time < first.time) first = head;
    const { halves, next } = first;
    for (let index = 0; index < halvesOfRecord; index += 1) made[at + index] = halves[next + index]!;
    first.next += halvesOfRecord;
    first.time = timeIn(halves, first.next);
  }
  const bytes = new Uint8Array(made.buffer);
  return { target: streams[0]!.target, bytes, count, length: Object.assign({}, ...streams.map(lengthByType)) };
}

const halvesOfRecord = recordSize / 4;

/** The timestamp of the record that begins there; infinity behind the last. */
function timeIn(halves: Uint32Array, start: number): number {
  return start < halves.length ? timeAt(halves, start) : Number.POSITIVE_INFINITY;
}

function lengthByType({ bytes, length }: Stream): LengthByType {
  if (typeof length !== 'number') return length;
  const type = new DataView(bytes.buffer, bytes.byteOffset).getUint32(recordField.type, true);
  return type === recordType.event ? {} : { [type]: length };
}
