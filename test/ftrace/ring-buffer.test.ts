import assert from 'node:assert/strict';
import { ftraceRegsNames, ftraceRegsSize } from '../../ftrace/ftrace-regs';
import { functionLength, RingBuffer, recordType } from '../../ftrace/ring-buffer';
import { randomBelow } from '../support/random';

/** Records of a traced function in a sub-buffer of 4080 bytes: 32 bytes each. */
const perSubBuffer = 127;

describe('the ring buffer', () => {
  it('gives back what was written', () => {
    const trace = new RingBuffer();
    const regs = new Uint8Array(ftraceRegsSize).map((_, index) => 255 - index);
    trace.append({
      type: recordType.function,
      timestamp: 7n,
      ip: 0x10000n,
      parentIp: 0xffff_ffff_ffff_fff0n,
      regs,
      depth: 3,
      payload: 'text',
      length: functionLength,
    });
    const record = trace.record(0)!;
    assert.equal(record.number, 0);
    assert.equal(record.type, recordType.function);
    assert.equal(record.timestamp, 7n);
    assert.equal(record.ip, 0x10000n);
    assert.equal(record.parentIp, 0xffff_ffff_ffff_fff0n);
    assert.equal(record.depth, 3);
    assert.equal(record.payload, 'text');
    const view = new DataView(regs.buffer);
    ftraceRegsNames.forEach((name, index) => {
      assert.equal(record.regs[name], view.getBigUint64(8 * index, true), name);
      assert.equal(record.words[index], record.regs[name]);
    });
  });

  it('keeps the newest in sub-buffers of a page and counts the others, at every size', () => {
    for (const kilobytes of [1, 7, 8, 9, 40, 100]) {
      const trace = new RingBuffer(kilobytes);
      const most = Math.max(2, Math.ceil((kilobytes * 1024) / 4080));
      for (const total of [0, 1, perSubBuffer, perSubBuffer + 1, most * perSubBuffer, most * perSubBuffer + 1, 7000]) {
        while (trace.written < total) append(trace, trace.written);
        const full = Math.ceil(trace.written / perSubBuffer) - most;
        assert.equal(trace.overrun, Math.max(0, full * perSubBuffer), `${kilobytes} KB, ${trace.written}`);
        assert.equal(trace.entries, trace.written - trace.overrun);
        assert.equal(trace.usedBytes, trace.entries * 32);
        assert.equal(trace.record(trace.overrun - 1), undefined);
        assert.equal(trace.record(trace.written), undefined);
        const numbers = [...trace.from(0)].map((record) => [record.number, Number(record.ip)]);
        assert.deepEqual(
          numbers,
          Array.from({ length: trace.entries }, (_, index) => [trace.overrun + index, trace.overrun + index]),
        );
      }
    }
  });

  it('drops what is new in stop mode', () => {
    const trace = new RingBuffer(7);
    trace.overwrite = false;
    for (let number = 0; number < 300; number++) append(trace, number);
    assert.deepEqual([trace.entries, trace.dropped, trace.overrun, trace.written], [254, 46, 0, 254]);
    assert.deepEqual([trace.record(0)!.ip, trace.record(253)!.ip], [0n, 253n]);
  });

  it('is read once by who consumes it', () => {
    const trace = new RingBuffer(7);
    for (let number = 0; number < 300; number++) append(trace, number);
    const before = trace.entries;
    for (let count = 0; count < 150; count++) assert.equal(trace.consume()!.ip, BigInt(300 - before + count));
    assert.deepEqual([trace.entries, trace.read], [before - 150, 150]);
    while (trace.consume());
    assert.deepEqual([trace.entries, trace.consume()], [0, undefined]);
    append(trace, 7);
    assert.equal(trace.consume()!.ip, 7n);
  });

  it('is read from a number on, a limited count at a time', () => {
    const trace = new RingBuffer(7);
    for (let number = 0; number < 400; number++) append(trace, number);
    const numbers = (from: number, limit?: number) => [...trace.from(from, limit)].map((record) => record.number);
    assert.deepEqual(numbers(300, 3), [300, 301, 302]);
    assert.deepEqual(numbers(3, 2), [trace.first, trace.first + 1]);
    assert.deepEqual(numbers(400), []);
    assert.equal(trace.record(300.5), undefined);
    assert.equal(trace.record(Number.NaN), undefined);
  });

  it('knows which calls may not have returned, by their stack pointers', () => {
    const random = randomBelow(5);
    for (let round = 0; round < 50; round++) {
      const trace = new RingBuffer(7);
      const open: { number: number; sp: bigint }[] = [];
      const called = new Set<number>();
      for (let number = 0; number < 200; number++) {
        const sp = BigInt(random(12) * 16);
        const regs = new Uint8Array(ftraceRegsSize);
        new DataView(regs.buffer).setBigUint64(8 * ftraceRegsNames.indexOf('sp'), sp, true);
        const isCall = random(5) > 0;
        const type = isCall ? recordType.function : recordType.print;
        const ip = random(4);
        trace.append({ type, timestamp: BigInt(number), ip: BigInt(ip), regs, length: functionLength });
        if (!isCall) continue;
        called.add(ip);
        while (open.length > 0 && open.at(-1)!.sp <= sp) open.pop();
        open.push({ number, sp });
      }
      const summary = trace.callsFrom(0);
      assert.deepEqual(
        summary.open,
        open.map(({ number }) => number),
      );
      assert.deepEqual([summary.called, summary.highest], [called, open[0]!.sp]);
    }
    assert.deepEqual(new RingBuffer(7).callsFrom(0).open, []);
  });

  it('forgets all when it is cleared, and numbers on', () => {
    const trace = new RingBuffer(7);
    for (let number = 0; number < 400; number++) append(trace, number);
    const copy = trace.copy();
    trace.clear();
    assert.deepEqual([trace.entries, trace.overrun, trace.written], [0, 0, 400]);
    append(trace, 1);
    assert.equal(trace.record(400)!.ip, 1n);
    assert.equal(copy.record(399)!.ip, 399n);
  });

  it('refuses a size that is none', () => {
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => new RingBuffer(size), RangeError);
  });
});

function append(trace: RingBuffer, number: number): void {
  trace.append({ type: recordType.function, timestamp: BigInt(number), ip: BigInt(number), length: functionLength });
}
