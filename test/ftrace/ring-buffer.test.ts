import assert from 'node:assert/strict';
import { moreRecord } from '../../emulator/recorder/more-words';
import { ftraceRegsNames, ftraceRegsSize } from '../../ftrace/ftrace-regs';
import { recordField, recordSize } from '../../ftrace/record-layout';
import { functionLength, RingBuffer, recordType, stackLength } from '../../ftrace/ring-buffer';
import { withStacks } from '../../ftrace/stack-records';
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

  it('takes records by the batch as it takes them one by one, with the words that follow them', () => {
    const random = randomBelow(11);
    const lengths = { [recordType.graphEntry]: 24, [recordType.graphExit]: 40 };
    for (let round = 0; round < 12; round++) {
      const buffers = [new RingBuffer(1 + random(60)), new RingBuffer(1)] as const;
      const [whole, single] = buffers;
      single.resize(Math.floor(whole.size / 1024));
      const written: { readonly ip: number; readonly more: readonly bigint[] }[] = [];
      const mode = random(3);
      for (const buffer of buffers) {
        buffer.overwrite = mode > 0;
        const payload = (ip: bigint, _: BigUint64Array, more: readonly bigint[]) => ({ ip: Number(ip), more });
        for (let decoder = 1; decoder < 4; decoder++) buffer.setDecoder(decoder, { length: 16 * decoder + 4, payload });
      }
      let time = 0;
      const dropped = [0, 0];
      for (let batch = 0; batch < 8; batch++) {
        const records: Uint8Array[] = [];
        for (let count = random(200); count > 0; count--) {
          time += random(40) === 0 ? 2 ** 27 + random(9) : random(9);
          const ip = written.length;
          const kind = random(4);
          const type = kind > 1 ? recordType.event : kind === 1 ? recordType.graphEntry : recordType.graphExit;
          const depth = type === recordType.event ? 1 + random(3) : 0;
          const more =
            type === recordType.event && mode !== 2 ? Array.from({ length: random(2) * random(40) }, () => BigInt(random(1e9))) : [];
          const made = [recordOf(time, ip, type, depth), ...tailOf(time, more)];
          single.appendAll(new Uint8Array(Buffer.concat(made)), made.length, lengths, () => dropped[1]!++);
          records.push(...made);
          written.push({ ip, more });
        }
        const all = new Uint8Array(Buffer.concat(records));
        whole.appendAll(all, records.length, lengths, (bytes) => {
          dropped[0]! += bytes.length / recordSize;
        });
        if (random(6) === 0) for (const buffer of buffers) buffer.consume();
        const [ours, theirs] = buffers.map(({ entries, overrun, dropped, usedBytes, read }) => [
          entries,
          overrun,
          dropped,
          usedBytes,
          read,
        ]);
        assert.deepEqual(ours, theirs);
        assert.deepEqual(dropped[0], dropped[1]);
      }
      const [ours, copied, theirs] = [whole, whole.copy(), single].map((buffer) =>
        Array.from(buffer.from(0), ({ number, timestamp, ip, depth, payload }) => ({ number, timestamp, ip, depth, payload })),
      );
      assert.deepEqual(ours, theirs);
      assert.deepEqual(copied, theirs);
      for (const { payload } of whole.from(0)) {
        const event = payload as { ip: number; more: readonly bigint[] } | undefined;
        if (event) assert.deepEqual(event.more, written[event.ip]!.more);
      }
    }
  });

  it('takes one record of more bytes than it has', () => {
    const trace = new RingBuffer();
    const bytes = new Uint8Array(Buffer.concat([recordOf(5, 6, recordType.function, 0), recordOf(7, 8, recordType.function, 0)]));
    trace.appendAll(bytes, 1, functionLength);
    assert.deepEqual(
      [...trace.from(0)].map(({ timestamp, ip }) => [timestamp, ip]),
      [[5n, 6n]],
    );
  });

  it('has a stack of its own behind each call whose callers the engine has recorded', () => {
    const depths = [0, 1, 11, 12, 13, 14, 25, 26, 27, 60];
    const callers = (depth: number) => Array.from({ length: depth }, (_, index) => (BigInt(depth) << 40n) + BigInt(index));
    const records = depths.flatMap((depth, time) => [recordOf(time, depth, recordType.function, 0), ...tailOf(time, callers(depth))]);
    const stacks = withStacks(new Uint8Array(Buffer.concat(records)), records.length, 2n ** 63n + 7n);
    const [trace, other] = [new RingBuffer(), new RingBuffer()];
    trace.appendAll(stacks.bytes, stacks.count, { [recordType.function]: functionLength });
    for (const [time, depth] of depths.entries()) {
      const [ip, timestamp] = [BigInt(depth), BigInt(time)];
      const payload = [2n ** 63n + 7n, ...callers(depth)];
      other.append({ type: recordType.function, timestamp, ip, length: functionLength });
      other.append({ type: recordType.stack, timestamp, ip, payload, length: stackLength(payload.length) });
    }
    const found = (buffer: RingBuffer) =>
      Array.from(buffer.from(0), ({ type, timestamp, ip, payload }) => ({ type, timestamp, ip, payload }));
    assert.deepEqual(found(trace), found(other));
    assert.equal(trace.usedBytes, other.usedBytes);
  });

  it('refuses a size that is none', () => {
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => new RingBuffer(size), RangeError);
  });
});

function append(trace: RingBuffer, number: number): void {
  trace.append({ type: recordType.function, timestamp: BigInt(number), ip: BigInt(number), length: functionLength });
}

/** A record as the engine makes it. */
function recordOf(time: number, ip: number, type: number, depth: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(recordSize));
  view.setBigUint64(recordField.timestamp, BigInt(time), true);
  view.setBigUint64(recordField.ip, BigInt(ip), true);
  view.setUint32(recordField.type, type, true);
  view.setUint32(recordField.depth, depth, true);
  return new Uint8Array(view.buffer);
}

/** The records that follow one. */
function tailOf(time: number, words: readonly bigint[]): Uint8Array[] {
  return Array.from({ length: Math.ceil(words.length / moreRecord.words) }, (_, index) => {
    const own = words.slice(index * moreRecord.words, (index + 1) * moreRecord.words);
    const all = new BigUint64Array(recordSize / 8);
    all.set([BigInt(time), BigInt(words.length), 0n, BigInt(moreRecord.type), ...own]);
    return new Uint8Array(all.buffer);
  });
}
