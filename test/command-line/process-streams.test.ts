import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ProcessStreams } from '../../command-line/process-streams';

describe('the standard streams of the command', () => {
  const { writeSync } = fs;
  let written: [descriptor: number, text: string][];
  let streams: ProcessStreams;

  beforeEach(() => {
    written = [];
    streams = new ProcessStreams();
    const record = (descriptor: number, bytes: Uint8Array, from: number, length: number): number => {
      written.push([descriptor, Buffer.from(bytes.subarray(from, from + length)).toString()]);
      return length;
    };
    fs.writeSync = record as typeof writeSync;
  });
  afterEach(() => {
    fs.writeSync = writeSync;
  });

  const write = (descriptor: 1 | 2, text: string) => streams.write(descriptor, Buffer.from(text));

  it('hold what is written, and write it at once', () => {
    for (const text of ['one\n', 'two\n', 'three\n']) write(1, text);
    assert.deepEqual(written, []);
    streams.flush();
    streams.flush();
    assert.deepEqual(written, [[1, 'one\ntwo\nthree\n']]);
  });

  it('write in the order of the program, whatever it writes to, and what is said beside it', () => {
    write(1, 'out\n');
    write(2, 'error\n');
    write(1, 'out again\n');
    streams.note('a note');
    write(2, 'last\n');
    streams.flush();
    assert.deepEqual(written, [
      [1, 'out\n'],
      [2, 'error\n'],
      [1, 'out again\n'],
      [2, 'riscv-ftrace: a note\n'],
      [2, 'last\n'],
    ]);
  });

  it('hold so much and no more', () => {
    const [half, long] = ['h'.repeat(40_000), 'l'.repeat(150_000)];
    for (const text of [half, half, long]) write(1, text);
    streams.flush();
    assert.equal(written.map(([, text]) => text).join(''), half + half + long);
    assert.ok(written.every(([, text]) => text.length <= 1 << 16));
  });
});
