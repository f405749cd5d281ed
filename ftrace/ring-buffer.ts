import { moreRecord } from '../emulator/recorder/more-words';
import { type FtraceRegs, ftraceRegsNames, ftraceRegsOf } from './ftrace-regs';
import { recordField, recordSize } from './record-layout';
import { type RecordLender, RecordStore } from './record-store';
import { type BatchTails, RecordTails, separate } from './record-tails';

/** The kernel's numbers of its own record types (kernel/trace/trace.h, `enum trace_type`), and ours for events. */
export const recordType = {
  function: 1,
  stack: 4,
  print: 5,
  graphExit: 10,
  graphEntry: 11,
  userStack: 13,
  repeats: 20,
  event: 1000,
} as const;
export type RecordType = (typeof recordType)[keyof typeof recordType];

/** One record of the trace. */
export interface TraceRecord {
  /** 0 for the first ever written. */
  readonly number: number;
  readonly type: RecordType;
  /** The guest's clock in nanoseconds. */
  readonly timestamp: bigint;
  /** `rec->ip` of the traced function, or what an event says is its place. */
  readonly ip: bigint;
  /** The return address into its caller. */
  readonly parentIp: bigint;
  /** Of graph records: how deep the call is nested, 0 for the outermost. */
  readonly depth: number;
  /** The live registers as the trampoline had saved them when the tracer was called; of other records, their words. */
  readonly regs: FtraceRegs;
  /** The same as a list: what the writers of other records put there. */
  readonly words: BigUint64Array;
  /** What a record has beside numbers: a text, the frames of a stack, the values of an event. */
  readonly payload: unknown;
}

export interface NewRecord {
  readonly type: RecordType;
  readonly timestamp: bigint;
  readonly ip: bigint;
  readonly parentIp?: bigint;
  readonly depth?: number;
  /** At most 104 bytes. */
  readonly regs?: Uint8Array;
  readonly payload?: unknown;
  /** Bytes of the record in the kernel's buffer, without its header of 8. */
  readonly length: number;
}

/** A sub-buffer is so many bytes shifted left by its order, with its header (kernel/trace/ring_buffer.c). */
const pageSize = 4096;
const subBufferHeader = 16;
/** `buffer_subbuf_size_kb` goes up to 128 pages. */
const largestOrder = 7;
/** Header and array word of an event, which is a multiple of 8 (RB_FORCE_8BYTE_ALIGNMENT). */
const headerSize = 8;
/** A record more than 2^27 ns after the one before it needs a time extension. */
const largestDelta = 2 ** 27;
/** Bytes that the kernel's record of a traced function has. */
export const functionLength = 24;
/** Bytes that it has of a stack with so many frames. */
export function stackLength(frames: number): number {
  return 16 + 8 * frames;
}

/** What `buffer_size_kb` says unless told: 8 MiB in the kernel's count, a quarter of a million calls. */
export const defaultKilobytes = 8192;

const halvesOfRecord = recordSize / 4;
const [typeAt, depthAt] = [recordField.type / 4, recordField.depth / 4];
/** Of a record that follows a stack's: where it says how many frames follow that. */
const frameCountAt = recordField.ip / 4;

/** Where a record's registers have sp. */
const spInRegs = ftraceRegsNames.indexOf('sp');

/** Bytes of records in the kernel's buffer, without their header, by type; those of events are told by their decoders. */
export type LengthByType = Readonly<Record<number, number>>;

/** Makes the payload of a record that has only words: an event that the engine has recorded, whose depth names what decodes it. */
export interface EventDecoder {
  /** Bytes of the record in the kernel's buffer, without its header. */
  readonly length: number;
  /** `more`: the words that follow those of the record. */
  payload(ip: bigint, words: BigUint64Array, more: readonly bigint[]): unknown;
}

export interface CallSummary {
  /** The lower 32 bits of the `ip` of the functions that were called. */
  readonly called: ReadonlySet<number>;
  /** The numbers of calls that no later one was made from the stack pointer of, or from above it; ascending. */
  readonly open: readonly number[];
  /** The highest stack pointer that a call was made from; negative where there is none. */
  readonly highest: bigint;
}

/** Records to be appended, and the bytes that each takes in the kernel's buffer: one number where that is the same for all. */
interface Batch {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly sizes: number | Uint16Array;
  readonly tails: BatchTails | undefined;
}

interface SubBuffer {
  count: number;
  bytes: number;
}

/**
 * The last records, counted as the kernel's ring buffer counts them: in sub-buffers of one page, of which the oldest gives way as a
 * whole in overwrite mode, and in stop mode what comes when all are full is dropped. Memory grows as it fills.
 */
export class RingBuffer {
  /** Appends what others have for this buffer. Called before anybody looks at it or changes it. */
  settle: () => void = () => {};
  /** Called when there may be more or less room in it than before. */
  onRoom: () => void = () => {};
  private overwrites = true;
  private store: RecordStore;
  /** A record that is being made. */
  private readonly bytes = new Uint8Array(recordSize);
  private readonly view = new DataView(this.bytes.buffer);
  private readonly halves = new Uint32Array(this.bytes.buffer);
  /** By numbers of records, which ascend. */
  private readonly payloads = new Map<number, unknown>();
  private readonly tails = new RecordTails();
  private readonly decoders = new Map<number, EventDecoder>();
  private subBuffers: SubBuffer[] = [{ count: 0, bytes: 0 }];
  /** Of sub-buffers: how many pages one has, as a power of two. */
  private order = 0;
  private most: number;
  private oldest = 0;
  private overrunCount = 0;
  private droppedCount = 0;
  private readCount = 0;
  private lastTimestamp = 0;

  /** `kilobytes`: the size as `buffer_size_kb` has it, at least 1. Records of the lender's are kept where they are. Throws RangeError. */
  constructor(kilobytes = defaultKilobytes, lender?: RecordLender) {
    this.most = this.subBuffersOf(kilobytes);
    this.store = new RecordStore(lender);
  }

  get overwrite(): boolean {
    return this.overwrites;
  }
  set overwrite(on: boolean) {
    this.settle();
    if (on === this.overwrites) return;
    this.overwrites = on;
    this.onRoom();
  }

  /** The number of the next record. */
  get written(): number {
    this.settle();
    return this.store.next;
  }

  /** Records lost to newer ones. */
  get overrun(): number {
    this.settle();
    return this.overrunCount;
  }

  /** Records that came when there was no room, in stop mode. */
  get dropped(): number {
    this.settle();
    return this.droppedCount;
  }

  /** Records that `trace_pipe` has taken. */
  get read(): number {
    return this.readCount;
  }

  /** Records kept. */
  get entries(): number {
    this.settle();
    return this.store.next - this.oldest;
  }

  /** The number of the oldest record kept. */
  get first(): number {
    this.settle();
    return this.oldest;
  }

  /** Bytes of the records kept, as the kernel counts them. */
  get usedBytes(): number {
    this.settle();
    return this.subBuffers.reduce((sum, each) => sum + each.bytes, 0);
  }

  /** The size in bytes, of whole sub-buffers. */
  get size(): number {
    return this.most * this.subBufferSize;
  }

  /** Appends a record; false where it is dropped. */
  append(record: NewRecord): boolean {
    this.settle();
    const hasRoom = this.makeRoom(Number(record.timestamp), sizeOf(record.length));
    this.onRoom();
    if (!hasRoom) return false;
    this.view.setBigUint64(recordField.timestamp, record.timestamp, true);
    this.view.setBigUint64(recordField.ip, record.ip, true);
    this.view.setBigUint64(recordField.parentIp, record.parentIp ?? 0n, true);
    this.view.setUint32(recordField.type, record.type, true);
    this.view.setUint32(recordField.depth, record.depth ?? 0, true);
    this.bytes.fill(0, recordField.regs);
    if (record.regs) this.bytes.set(record.regs, recordField.regs);
    if (record.payload !== undefined) this.payloads.set(this.store.next, record.payload);
    this.store.append(this.bytes, 1);
    this.store.forget(this.oldest);
    return true;
  }

  /** Tells what decodes events of that number, which is not 0, before there are any. */
  setDecoder(number: number, decoder: EventDecoder): void {
    this.decoders.set(number, decoder);
  }

  /**
   * Appends records, as the bytes that are kept here; the timestamps ascend. Their length is one for all, or that of their type, and then
   * each may be followed by `moreRecord`s of its own. Those that there is no room for are given to `drop`, without what follows them.
   */
  appendAll(bytes: Uint8Array, count: number, length: number | LengthByType, drop: (bytes: Uint8Array) => void = () => {}): void {
    if (count === 1) this.appendOne(bytes, length, drop);
    else if (typeof length === 'number') this.appendBatch({ bytes, count, sizes: sizeOf(length), tails: undefined }, drop);
    else this.appendBatch(this.batchOf(bytes, count, length), drop);
    this.onRoom();
  }

  private appendOne(bytes: Uint8Array, length: number | LengthByType, drop: (bytes: Uint8Array) => void): void {
    this.bytes.set(bytes.length === recordSize ? bytes : bytes.subarray(0, recordSize));
    const size = typeof length === 'number' ? sizeOf(length) : this.sizeOfKind(this.halves[typeAt]!, this.halves[depthAt]!, length);
    if (!this.makeRoom(timeAt(this.halves, 0), size)) {
      drop(bytes);
      return;
    }
    this.store.append(this.bytes, 1);
    this.store.forget(this.oldest);
  }

  /** Bytes that records of a type take, where they are of events of a decoder. */
  private sizeOfKind(type: number, event: number, length: LengthByType): number {
    const decoder = type === recordType.event ? this.decoders.get(event) : undefined;
    return sizeOf(decoder?.length ?? length[type] ?? 0);
  }

  private appendBatch({ bytes, count, sizes, tails }: Batch, drop: (bytes: Uint8Array) => void): void {
    const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, count * halvesOfRecord);
    const timestamp = (index: number) => timeAt(halves, index * halvesOfRecord);
    const isUniform = typeof sizes === 'number';
    let [at, stored] = [0, 0];
    const store = (until: number): void => {
      if (tails) this.tails.add(tails, stored, until, this.store.next);
      this.store.append(bytes.subarray(stored * recordSize, until * recordSize), until - stored);
    };
    while (at < count) {
      if (!this.makeRoom(timestamp(at), isUniform ? sizes : sizes[at]!)) {
        if (at > stored) store(at);
        // What is as large has no room either.
        const end = isUniform ? count : at + 1;
        this.droppedCount += end - at - 1;
        drop(bytes.subarray(at * recordSize, end * recordSize));
        at = stored = end;
        continue;
      }
      const last = this.subBuffers.at(-1)!;
      let end = at + 1;
      if (timestamp(count - 1) - this.lastTimestamp < largestDelta) {
        const room = this.subBufferSize - last.bytes;
        let taken = 0;
        if (isUniform) {
          end = Math.min(count, end + Math.floor(room / sizes));
          taken = (end - at - 1) * sizes;
        } else for (; end < count && taken + sizes[end]! <= room; end += 1) taken += sizes[end]!;
        last.bytes += taken;
        last.count += end - at - 1;
        this.lastTimestamp = timestamp(end - 1);
      }
      at = end;
    }
    if (at > stored) store(at);
    this.store.forget(this.oldest);
  }

  /** Records of several lengths with the bytes that they take, without time extensions, and what follows them. */
  private batchOf(bytes: Uint8Array, count: number, length: LengthByType): Batch {
    const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, count * halvesOfRecord);
    const sizes = new Uint16Array(count);
    let heads = 0;
    let [knownType, knownEvent, size] = [-1, -1, 0];
    for (let at = 0; at < halves.length; at += halvesOfRecord) {
      const type = halves[at + typeAt]!;
      if (type === moreRecord.type) continue;
      const event = type === recordType.event ? halves[at + depthAt]! : -1;
      if (type !== knownType || event !== knownEvent) {
        [knownType, knownEvent] = [type, event];
        size = this.sizeOfKind(type, event, length);
      }
      const frames = type === recordType.stack ? halves[at + halvesOfRecord + frameCountAt]! : 0;
      sizes[heads++] = frames > 0 ? sizeOf(stackLength(frames)) : size;
    }
    return heads === count ? { bytes, count, sizes, tails: undefined } : { ...separate(halves, heads), sizes };
  }

  /** Counts records that were dropped elsewhere, as there was no room here. */
  addDropped(count: number): void {
    this.droppedCount += count;
  }

  /** Whether there may be room for a record without overwriting. */
  hasRoomFor(length: number): boolean {
    return this.subBuffers.length < this.most || this.subBuffers.at(-1)!.bytes + sizeOf(length) <= this.subBufferSize;
  }

  /**
   * How many records of at most that length there is room for without overwriting, wherever between them so many others come, of at most
   * these lengths.
   */
  surelyFits(length: number, count: number, lengths: readonly number[]): number {
    const [size, ...sizes] = [length, ...lengths].map((each) => sizeOf(each) + headerSize) as [number, ...number[]];
    const whole = this.most - this.subBuffers.length;
    const rest = this.subBufferSize - this.subBuffers.at(-1)!.bytes;
    if (sizes.length === 0) return whole * Math.floor(this.subBufferSize / size) + Math.floor(rest / size);
    // Where a sub-buffer ends, there may be too little room left for the largest.
    const largest = Math.max(size, ...sizes);
    const room = whole * (this.subBufferSize - largest) + Math.max(0, rest - largest);
    const others = sizes.reduce((sum, each) => sum + count * each, 0);
    return Math.max(0, Math.floor((room - others) / size));
  }

  /** The record of that number; undefined when it is gone or is not written yet. */
  record(number: number): TraceRecord | undefined {
    this.settle();
    if (!Number.isInteger(number) || number < this.oldest || number >= this.store.next) return undefined;
    const { buffer } = this.store.read(number);
    const view = new DataView(buffer);
    const ip = view.getBigUint64(recordField.ip, true);
    const depth = view.getUint32(recordField.depth, true);
    const type = view.getUint32(recordField.type, true) as RecordType;
    const decoder = type === recordType.event ? this.decoders.get(depth) : undefined;
    const words = new BigUint64Array(buffer, recordField.regs);
    return {
      number,
      type,
      timestamp: view.getBigUint64(recordField.timestamp, true),
      ip,
      parentIp: view.getBigUint64(recordField.parentIp, true),
      depth: decoder ? 0 : depth,
      get regs() {
        return ftraceRegsOf(new DataView(buffer, recordField.regs));
      },
      words,
      payload: decoder ? decoder.payload(ip, words, this.tails.of(number)) : (this.payloads.get(number) ?? this.framesOf(type, number)),
    };
  }

  private framesOf(type: RecordType, number: number): readonly bigint[] | undefined {
    return type === recordType.stack ? this.tails.of(number) : undefined;
  }

  /** At most `limit` records, from that number or the oldest kept on. */
  *from(number: number, limit = Number.POSITIVE_INFINITY): Generator<TraceRecord> {
    let next = Math.max(number, this.first);
    for (let count = 0; count < limit; count++, next++) {
      const record = this.record(next);
      if (!record) return;
      yield record;
    }
  }

  /** What the calls say that are kept from that number on, without looking at each of them as a record. */
  callsFrom(number: number): CallSummary {
    this.settle();
    const called = new Set<number>();
    const open: number[] = [];
    let highest = -1n;
    let last = -1;
    const oldest = Math.max(number, this.oldest);
    for (const run of this.store.newestFirst(oldest)) {
      const { halves } = run;
      const words = new BigUint64Array(halves.buffer, halves.byteOffset, halves.length / 2);
      for (let index = run.count - 1; index >= Math.max(0, oldest - run.number); index--) {
        const at = run.start + index * halvesOfRecord;
        const type = halves[at + typeAt];
        if (type !== recordType.function && type !== recordType.graphEntry) continue;
        const ip = halves[at + recordField.ip / 4]!;
        if (ip !== last) called.add(ip);
        last = ip;
        const stackPointer = words[at / 2 + recordField.regs / 8 + spInRegs]!;
        if (stackPointer <= highest) continue;
        highest = stackPointer;
        open.push(run.number + index);
      }
    }
    return { called, open: open.reverse(), highest };
  }

  /** Takes the oldest record, as `trace_pipe` does. */
  consume(): TraceRecord | undefined {
    const record = this.record(this.first);
    if (!record) return undefined;
    this.forget(1);
    this.store.forget(this.oldest);
    this.readCount++;
    const oldest = this.subBuffers[0]!;
    oldest.count--;
    if (oldest.count === 0 && this.subBuffers.length > 1) this.subBuffers.shift();
    else if (oldest.count === 0) oldest.bytes = 0;
    this.onRoom();
    return record;
  }

  /** Drops all records and counts. Records written after are numbered on. */
  clear(): void {
    this.settle();
    this.payloads.clear();
    this.tails.clear();
    this.subBuffers = [{ count: 0, bytes: 0 }];
    this.oldest = this.store.next;
    this.store.forget(this.oldest);
    this.overrunCount = this.droppedCount = this.readCount = 0;
    this.onRoom();
  }

  /** Changes the size; the kernel keeps what is in it where it grows, and drops all where it shrinks below that. Throws RangeError. */
  resize(kilobytes: number): void {
    this.settle();
    this.most = this.subBuffersOf(kilobytes);
    if (this.subBuffers.length > this.most) this.clear();
    this.onRoom();
  }

  /** The size of a sub-buffer in KB, with its header (`buffer_subbuf_size_kb`). */
  get subBufferKilobytes(): number {
    return (pageSize << this.order) / 1024;
  }

  /** Bytes that a sub-buffer holds beside its header. */
  get subBufferSize(): number {
    return (pageSize << this.order) - subBufferHeader;
  }

  /**
   * Makes sub-buffers of at least so many KB, a power of two of pages; the buffer stays about as large, and is emptied
   * (`ring_buffer_subbuf_order_set`). Throws RangeError above 128 pages.
   */
  setSubBufferKilobytes(kilobytes: number): void {
    const pages = Math.ceil((kilobytes * 1024) / pageSize);
    const order = Math.ceil(Math.log2(pages));
    if (!(order >= 0 && order <= largestOrder)) throw new RangeError(`a sub-buffer of ${kilobytes} KB`);
    if (order === this.order) return;
    const { size } = this;
    this.order = order;
    this.most = Math.max(2, Math.ceil(size / this.subBufferSize));
    this.clear();
  }

  /** Another buffer with the same records and counts. */
  copy(): RingBuffer {
    this.settle();
    const copy = new RingBuffer(1);
    copy.order = this.order;
    copy.most = this.most;
    copy.overwrite = this.overwrite;
    copy.store = this.store.copy();
    for (const [number, payload] of this.payloads) copy.payloads.set(number, payload);
    copy.tails.copy(this.tails);
    for (const [number, decoder] of this.decoders) copy.decoders.set(number, decoder);
    copy.subBuffers = this.subBuffers.map((each) => ({ ...each }));
    copy.oldest = this.oldest;
    copy.overrunCount = this.overrunCount;
    copy.droppedCount = this.droppedCount;
    copy.readCount = this.readCount;
    copy.lastTimestamp = this.lastTimestamp;
    return copy;
  }

  /** Takes room for a record in the newest sub-buffer. False where there is none. */
  private makeRoom(timestamp: number, bytes: number): boolean {
    let last = this.subBuffers.at(-1)!;
    const delta = timestamp - this.lastTimestamp;
    const extension = last.count > 0 && delta >= largestDelta ? headerSize : 0;
    const size = bytes + extension;
    if (last.bytes + size > this.subBufferSize) {
      if (this.subBuffers.length === this.most && !this.dropOldest()) return false;
      last = { count: 0, bytes: 0 };
      this.subBuffers.push(last);
    }
    last.bytes += size;
    last.count++;
    this.lastTimestamp = timestamp;
    return true;
  }

  /** At least two sub-buffers. */
  private subBuffersOf(kilobytes: number): number {
    if (!Number.isSafeInteger(kilobytes) || kilobytes < 1) throw new RangeError(`a ring buffer of ${kilobytes} KB`);
    return Math.max(2, Math.ceil((kilobytes * 1024) / this.subBufferSize));
  }

  private dropOldest(): boolean {
    if (!this.overwrites) {
      this.droppedCount++;
      return false;
    }
    const { count } = this.subBuffers.shift()!;
    this.overrunCount += count;
    this.forget(count);
    return true;
  }

  private forget(count: number): void {
    this.oldest += count;
    this.tails.forget(this.oldest);
    if (this.payloads.size === 0) return;
    for (const number of this.payloads.keys()) {
      if (number >= this.oldest) break;
      this.payloads.delete(number);
    }
  }
}

/** The timestamp of the record that begins there, as a number: clocks stay below 2^53. */
export function timeAt(halves: Uint32Array, start: number): number {
  const at = start + recordField.timestamp / 4;
  return halves[at]! + halves[at + 1]! * 2 ** 32;
}

/** Bytes that a record of that length takes, without a time extension. */
function sizeOf(length: number): number {
  return headerSize + Math.ceil(length / 8) * 8;
}
