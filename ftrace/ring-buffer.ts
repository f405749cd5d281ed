import { type FtraceRegs, ftraceRegsOf, ftraceRegsSize } from './ftrace-regs';

/** One hit of the function tracer. */
export interface TraceRecord {
  /** 0 for the first ever written. */
  readonly number: number;
  /** The guest's clock in nanoseconds. */
  readonly timestamp: bigint;
  /** The address of the traced function's call site. */
  readonly ip: bigint;
  /** The return address into its caller. */
  readonly parentIp: bigint;
  /** The frame as the trampoline had saved it when the tracer was called. */
  readonly regs: FtraceRegs;
}

const timestampOffset = 0;
const ipOffset = 8;
const parentIpOffset = 16;
const regsOffset = 24;

/** Bytes of a record. */
export const recordSize = regsOffset + ftraceRegsSize;
/** Records kept unless told: 32 MiB. */
export const defaultCapacity = 1 << 18;

const firstAllocation = 1024;

/** The last hits, in overwrite mode: when it is full, a new record takes the place of the oldest. Memory grows as it fills. */
export class RingBuffer {
  private bytes: Uint8Array;
  private view: DataView;
  private allocated: number;
  private writtenCount = 0;
  private lost = 0;

  /** `capacity`: how many records are kept, at least 1. */
  constructor(readonly capacity = defaultCapacity) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) throw new RangeError(`a ring buffer of ${capacity} records`);
    this.allocated = Math.min(capacity, firstAllocation);
    this.bytes = new Uint8Array(this.allocated * recordSize);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Records ever written: the number of the next one. */
  get written(): number {
    return this.writtenCount;
  }

  /** Records lost to newer ones: the number of the oldest one kept. */
  get overrun(): number {
    return this.lost;
  }

  /** Records kept. */
  get entries(): number {
    return this.writtenCount - this.lost;
  }

  /** Appends a hit; `regs` are the bytes of its struct ftrace_regs. */
  append(timestamp: bigint, ip: bigint, parentIp: bigint, regs: Uint8Array): void {
    if (this.entries === this.allocated) {
      if (this.allocated < this.capacity) this.grow();
      else this.lost++;
    }
    const start = (this.writtenCount % this.allocated) * recordSize;
    this.view.setBigUint64(start + timestampOffset, timestamp, true);
    this.view.setBigUint64(start + ipOffset, ip, true);
    this.view.setBigUint64(start + parentIpOffset, parentIp, true);
    this.bytes.set(regs, start + regsOffset);
    this.writtenCount++;
  }

  /** The record of that number; undefined when it was overwritten or is not written yet. */
  record(number: number): TraceRecord | undefined {
    if (!Number.isInteger(number) || number < this.lost || number >= this.writtenCount) return undefined;
    const start = (number % this.allocated) * recordSize;
    return {
      number,
      timestamp: this.view.getBigUint64(start + timestampOffset, true),
      ip: this.view.getBigUint64(start + ipOffset, true),
      parentIp: this.view.getBigUint64(start + parentIpOffset, true),
      regs: ftraceRegsOf(new DataView(this.bytes.buffer, start + regsOffset, ftraceRegsSize)),
    };
  }

  /** At most `limit` records, from that number or the oldest kept on. */
  *from(number: number, limit = Number.POSITIVE_INFINITY): Generator<TraceRecord> {
    let next = Math.max(number, this.lost);
    for (let count = 0; count < limit; count++, next++) {
      const record = this.record(next);
      if (!record) return;
      yield record;
    }
  }

  private grow(): void {
    const before = this.bytes;
    const allocatedBefore = this.allocated;
    this.allocated = Math.min(this.capacity, 2 * allocatedBefore);
    this.bytes = new Uint8Array(this.allocated * recordSize);
    this.view = new DataView(this.bytes.buffer);
    for (let number = this.lost; number < this.writtenCount; number++) {
      const from = (number % allocatedBefore) * recordSize;
      this.bytes.set(before.subarray(from, from + recordSize), (number % this.allocated) * recordSize);
    }
  }
}
