import { recordField, recordSize } from './record-layout';
import { endOfRecord } from './record-tails';
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

/** Records that the engine has made, from several sources: all that is made of them is made in the order of their times. */
export class RecordStreams {
  private streams: (Stream | LateStream)[] = [];
  private timeOfAction: bigint | undefined;

  /** When what is done now belongs to: the time of the record that it is done of; undefined where there is none. */
  get time(): bigint | undefined {
    return this.timeOfAction;
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
      for (const own of targets.values()) hand(own.length === 1 ? own[0]! : merged(own));
    }
  }

  /** One record after the other: what is done of one may turn others on or off. */
  private replay(streams: readonly (Stream | LateStream)[]): void {
    const heads = streams.map((stream) => {
      const halves = new Uint32Array(stream.bytes.buffer, stream.bytes.byteOffset, stream.count * halvesOfRecord);
      return { stream, halves, next: 0, time: timeIn(halves, 0) };
    });
    for (;;) {
      let [first, until] = [heads[0]!, Number.POSITIVE_INFINITY];
      for (const head of heads) if (head.time < first.time) first = head;
      if (first.time === Number.POSITIVE_INFINITY) return;
      for (const head of heads) if (head !== first) until = Math.min(until, head.time);
      const { stream, halves, next, time } = first;
      do {
        first.next += 1;
        first.time = timeIn(halves, first.next * halvesOfRecord);
      } while (first.time < until || first.time === time);
      const bytes = stream.bytes.subarray(next * recordSize, first.next * recordSize);
      if ('act' in stream) this.act(stream, bytes);
      else hand({ ...stream, bytes, count: first.next - next });
    }
  }

  private act({ act }: LateStream, bytes: Uint8Array): void {
    try {
      const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
      for (let at = 0; at < words.length; ) {
        const end = endOfRecord(words, at);
        this.timeOfAction = words[at + recordField.timestamp / 8]!;
        act(words.subarray(at, end));
        at = end;
      }
    } finally {
      this.timeOfAction = undefined;
    }
  }
}

function hand({ target, bytes, count, length }: Stream): void {
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
