import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { Folder, outcome, spawnOn } from './command';
import { copy } from './programs';

/** Copies ten bytes of standard input, goes three back, tries to write there, and exits with what was read and what that gave. */
const part = `
        .globl  _start
_start: li      a0, 0
        la      a1, buffer
        li      a2, 10
        li      a7, 63
        ecall
        mv      s0, a0
        mv      a2, a0
        li      a0, 1
        li      a7, 64
        ecall
        li      a0, 0
        li      a1, -3
        li      a2, 1
        li      a7, 62
        ecall
        li      a0, 0
        la      a1, buffer
        li      a2, 1
        li      a7, 64
        ecall
        sub     a0, s0, a0
        li      a7, 93
        ecall
        .bss
buffer: .zero   10
`;
const EBADF = 9;

describe('standard input of riscv-ftrace run', () => {
  const folder = new Folder();
  after(() => folder.remove());

  const bytes = Buffer.from(Array.from({ length: 30_000 }, (_, line) => `line ${line}\n`).join(''));

  /** Runs a program on a file that this process has open, from that position on: what it prints, its status, and what is left to read. */
  async function runOnFile(program: string, position: number) {
    const path = folder.write('text', bytes);
    const descriptor = openSync(path, 'r+');
    try {
      readSync(descriptor, Buffer.alloc(position), 0, position, null);
      const { status, stdout, stderr } = await outcome(spawnOn({ input: descriptor }, ['run', program]));
      assert.equal(stderr, '');
      const left = Buffer.alloc(bytes.length + 1);
      const length = readSync(descriptor, left, 0, left.length, null);
      assert.deepEqual(readFileSync(path), bytes);
      return { status, stdout: stdout.toString(), left: left.subarray(0, length).toString() };
    } finally {
      closeSync(descriptor);
    }
  }

  it('that is a file begins where others have left it, is left where the program stops, and is not written to', async function () {
    if (process.platform !== 'linux') this.skip();
    const result = await runOnFile(folder.write('part.s', part), 14);
    const expected = { status: 10 + EBADF, stdout: bytes.toString('utf8', 14, 24), left: bytes.toString('utf8', 21) };
    assert.deepEqual(result, expected);
  });

  it('that is a file is read to its end', async () => {
    assert.deepEqual(await runOnFile(folder.write('copy.s', copy), 100_000), {
      status: 3,
      stdout: bytes.toString('utf8', 100_000),
      left: '',
    });
  });
});
