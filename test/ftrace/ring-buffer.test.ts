import assert from 'node:assert/strict';
import { ftraceRegsFields, ftraceRegsSize } from '../../ftrace/ftrace-regs';
import { RingBuffer } from '../../ftrace/ring-buffer';

describe('the ring buffer', () => {
  it('gives back what was written', () => {
    const trace = new RingBuffer();
    const regs = new Uint8Array(ftraceRegsSize).map((_, index) => 255 - index);
    trace.append(7n, 0x10000n, 0xffff_ffff_ffff_fff0n, regs);
    const record = trace.record(0)!;
    assert.equal(record.number, 0);
    assert.equal(record.timestamp, 7n);
    assert.equal(record.ip, 0x10000n);
    assert.equal(record.parentIp, 0xffff_ffff_ffff_fff0n);
    const view = new DataView(regs.buffer);
    for (const { name, offset } of ftraceRegsFields) assert.equal(record.regs[name], view.getBigUint64(offset, true), name);
  });

  it('keeps the newest and counts the others, at every size', () => {
    for (const capacity of [1, 2, 3, 1000, 1024, 1025, 5000]) {
      const trace = new RingBuffer(capacity);
      for (const total of [0, 1, capacity - 1, capacity, capacity + 1, 2 * capacity + 3, 7000]) {
        while (trace.written < total) append(trace, trace.written);
        const entries = Math.min(trace.written, capacity);
        assert.equal(trace.entries, entries);
        assert.equal(trace.overrun, trace.written - entries);
        assert.equal(trace.record(trace.overrun - 1), undefined);
        assert.equal(trace.record(trace.written), undefined);
        const numbers = [...trace.from(0)].map((record) => [record.number, Number(record.ip)]);
        assert.deepEqual(
          numbers,
          Array.from({ length: entries }, (_, index) => [trace.overrun + index, trace.overrun + index]),
        );
      }
    }
  });

  it('is read from a number on, a limited count at a time', () => {
    const trace = new RingBuffer(10);
    for (let number = 0; number < 25; number++) append(trace, number);
    assert.deepEqual(
      [...trace.from(20, 3)].map((record) => record.number),
      [20, 21, 22],
    );
    assert.deepEqual(
      [...trace.from(3, 2)].map((record) => record.number),
      [15, 16],
    );
    assert.deepEqual([...trace.from(25)], []);
    assert.equal(trace.record(20.5), undefined);
    assert.equal(trace.record(Number.NaN), undefined);
  });

  it('refuses a capacity that is none', () => {
    for (const capacity of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => new RingBuffer(capacity), RangeError);
  });
});

function append(trace: RingBuffer, number: number): void {
  trace.append(BigInt(number), BigInt(number), 0n, new Uint8Array(ftraceRegsSize));
}
