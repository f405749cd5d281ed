import { type LengthByType, type RingBuffer, recordField, recordSize, recordType } from './ring-buffer';

interface Stream {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly length: number | LengthByType;
}

/** Records that the engine has made for ring buffers, from several sources: each buffer gets them in the order of their times. */
export class RecordStreams {
  private readonly streams = new Map<RingBuffer, Stream[]>();

  /**
   * Takes records for a buffer, whose times ascend, as `RingBuffer.appendAll` does; the bytes must stay until `flush`. Gives how many
   * are kept. Only one source may have records for a buffer that drops some.
   */
  add(buffer: RingBuffer, bytes: Uint8Array, count: number, length: number | LengthByType): number {
    if (!buffer.overwrite) return buffer.appendAll(bytes, count, length);
    const streams = this.streams.get(buffer);
    if (streams) streams.push({ bytes, count, length });
    else this.streams.set(buffer, [{ bytes, count, length }]);
    return count;
  }

  /** Hands all out. */
  flush(): void {
    for (const [buffer, streams] of this.streams) {
      const { bytes, count, length } = streams.length === 1 ? streams[0]! : merged(streams);
      buffer.appendAll(bytes, count, length);
    }
    this.streams.clear();
  }
}

/** One stream of several; of records at the same time, those of the first come first. */
function merged(streams: readonly Stream[]): Stream {
  const count = streams.reduce((sum, stream) => sum + stream.count, 0);
  const bytes = new Uint8Array(count * recordSize);
  const heads = streams.map((stream) => ({ ...stream, next: 0, time: timeOf(stream, 0) }));
  for (let at = 0; at < bytes.length; at += recordSize) {
    let first = heads[0]!;
    for (const head of heads) if (head.time < first.time) first = head;
    bytes.set(first.bytes.subarray(first.next * recordSize, (first.next + 1) * recordSize), at);
    first.next += 1;
    first.time = timeOf(first, first.next);
  }
  return { bytes, count, length: Object.assign({}, ...streams.map(lengthByType)) };
}

/** The timestamp of a record, which is below 2^53; infinity behind the last. */
function timeOf({ bytes, count }: Stream, index: number): number {
  if (index >= count) return Number.POSITIVE_INFINITY;
  const halves = new Uint32Array(bytes.buffer, bytes.byteOffset + index * recordSize + recordField.timestamp, 2);
  return halves[0]! + halves[1]! * 2 ** 32;
}

function lengthByType({ bytes, length }: Stream): LengthByType {
  if (typeof length !== 'number') return length;
  const type = new DataView(bytes.buffer, bytes.byteOffset).getUint32(recordField.type, true);
  return type === recordType.event ? {} : { [type]: length };
}
