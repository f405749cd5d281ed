import assert from 'node:assert/strict';
import { mostUntaken, recordSize } from '../../ftrace/record-layout';
import { type RecordLender, RecordStore } from '../../ftrace/record-store';
import type { RingBuffer } from '../../ftrace/ring-buffer';
import { randomBelow } from '../support/random';
import { assembled, TracedLaunch } from './launch';

/** Calls a function with the number of the call, for ever. */
const calls = `
        .globl _start
_start: mv a0, s0
        call traced
        addi s0, s0, 1
        j _start
        .type traced, @function
traced: ret
        .size traced, .-traced
`;

/** Lends one piece of its memory after the other, as long as there is another to write to. */
class Lender implements RecordLender {
  readonly #pieces: Uint8Array[];
  #current: Uint8Array;
  readonly #all: number;
  lends = 0;

  constructor(pieces: number) {
    this.#all = pieces;
    this.#pieces = Array.from({ length: pieces }, () => new Uint8Array(mostUntaken * recordSize));
    this.#current = this.#pieces.pop()!;
  }

  /** Where the next records are to be written. */
  get current(): Uint8Array {
    return this.#current;
  }

  get lent(): number {
    return this.#all - 1 - this.#pieces.length;
  }

  lend(bytes: Uint8Array): boolean {
    const other = bytes.buffer === this.#current.buffer && bytes.length > this.#current.length / 2 ? this.#pieces.pop() : undefined;
    if (!other) return false;
    this.#current = other;
    this.lends += 1;
    return true;
  }

  giveBack(bytes: Uint8Array): void {
    this.#pieces.push(new Uint8Array(bytes.buffer).fill(255));
  }
}

describe('the store of records', () => {
  it('has every record that was not forgotten, whether it was copied or has stayed where it was', () => {
    const random = randomBelow(3);
    for (let round = 0; round < 10; round += 1) {
      const lender = new Lender(2 + random(4));
      const store = new RecordStore(lender);
      let oldest = 0;
      for (let batch = 0; batch < 40; batch += 1) {
        const count = random(3) === 0 ? 1 + random(5) : 1 + random(mostUntaken);
        const bytes = lender.current.subarray(0, count * recordSize);
        const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
        for (let index = 0; index < halves.length; index += 1) halves[index] = wordOf(store.next, index);
        store.append(bytes, count);
        oldest = Math.max(oldest, store.next - random(4000));
        store.forget(oldest);
        lender.current.fill(255);
        const copy = store.copy();
        for (let number = oldest; number < store.next; number += 1 + random(300)) {
          const words = Array.from({ length: recordSize / 4 }, (_, index) => wordOf(number, index));
          for (const each of [store, copy]) assert.deepEqual([...each.read(number)], words, `${round} ${batch} ${number}`);
        }
        const numbers = [...store.newestFirst(oldest)].flatMap(({ number, count }) =>
          Array.from({ length: count }, (_, index) => number + count - 1 - index),
        );
        const wanted = Array.from({ length: store.next - oldest }, (_, index) => store.next - 1 - index);
        assert.deepEqual(numbers.slice(0, wanted.length), wanted);
      }
      assert.ok(lender.lends > 0);
      store.forget(store.next);
      assert.equal(lender.lent, 0);
    }
  });

  it('has the calls that the engine has recorded, also those of more buffers than it lends memory to', () => {
    const { ftrace, machine } = new TracedLaunch(assembled(calls)).enable('traced');
    const other = ftrace.makeInstance('other');
    other.buffer.resize(16_000);
    other.switchTracer('function');
    const others = [ftrace.trace, other.buffer];
    machine.run(20_000_000);
    for (const buffer of others) check(buffer);
    other.dispose();
    machine.run(20_000_000);
    check(ftrace.trace);
    assert.ok(ftrace.trace.overrun > ftrace.trace.entries);
  });
});

/** Each call has the argument that follows that of the one before. */
function check(buffer: RingBuffer): void {
  const { first, written } = buffer;
  assert.ok(written - first > 100_000, `${written - first}`);
  const argument = buffer.record(first)!.regs.a0;
  for (let number = first; number < written; number += 7) {
    if (buffer.record(number)!.regs.a0 !== argument + BigInt(number - first)) assert.fail(`record ${number}`);
  }
}

function wordOf(first: number, index: number): number {
  const [number, column] = [first + Math.floor((index * 4) / recordSize), index % (recordSize / 4)];
  return (number * 64 + column) >>> 0;
}
