import assert from 'node:assert/strict';
import { exitCode, type Options, type Started, start } from './start';

/** A program that makes calls, each a number and a parameter (an expression or a label), and keeps their results. */
function calls(list: readonly (readonly [number: number, parameter: string])[], data: string, options: Options = {}) {
  const lines = list.map(
    ([number, parameter], index) => `li a0, ${number}\n la a1, ${parameter}\n call semihost\n la t0, results\n sd a0, ${index * 8}(t0)\n`,
  );
  const started = start(
    `
        .globl _start
_start: ${lines.join('')}
        li a0, 0x18
        la a1, ended
        call semihost
        .balign 16
semihost: .option push
        .option norvc
        slli x0, x0, 0x1f
        ebreak
        srai x0, x0, 7
        .option pop
        ret
        .data
ended:  .dword 0x20026, 3
results: .zero ${list.length * 8}
${data}`,
    options,
  );
  return {
    ...started,
    code: exitCode(started),
    results: list.map((_, index) => BigInt.asIntN(64, load(started, 'results', index * 8))),
  };
}

function load({ machine, program }: Started, name: string, offset = 0): bigint {
  return machine.memory.load(program.symbols.named(name)!.address + BigInt(offset), 8)!;
}

function text({ machine, program }: Started, name: string, length: number): string {
  return Buffer.from(machine.memory.read(program.symbols.named(name)!.address, length)).toString();
}

describe('semihosting', () => {
  it('writes a character, a string and a file, and ends with a status', () => {
    const data = `
c:      .ascii "x"
s:      .asciz "yz\\n"
open:   .dword tt, 4, 3
tt:     .asciz ":tt"
        .balign 8
write:  .dword 1, s, 3`;
    const { results, output, code } = calls(
      [
        [3, 'c'],
        [4, 's'],
        [1, 'open'],
        [5, 'write'],
        [9, 'write'],
        [2, 'write'],
        [2, 'write'],
        [0x13, 'write'],
      ],
      data,
    );
    assert.equal(code, 3);
    assert.equal(output(), 'xyz\nyz\n');
    assert.deepEqual([...results], [0n, 0n, 1n, 0n, 1n, 0n, -1n, 9n]);
  });

  it('reads lines of the terminal and characters, and tells the end', () => {
    const data = `
open:   .dword tt, 0, 3
tt:     .asciz ":tt"
        .balign 8
read:   .dword 1, buffer, 16
buffer: .zero 16`;
    const started = calls(
      [
        [1, 'open'],
        [6, 'read'],
        [7, 'read'],
        [7, 'read'],
        [6, 'read'],
      ],
      data,
      { input: ['hi\n', 'q'] },
    );
    assert.deepEqual([...started.results], [1n, 13n, BigInt('q'.charCodeAt(0)), -1n, 16n]);
    assert.equal(text(started, 'buffer', 3), 'hi\n');
  });

  it('has files, a place in them, their length, and the errors of those that are not there', () => {
    const data = `
make:   .dword name, 6, 10
name:   .asciz "/tmp/a.txt"
        .balign 8
write:  .dword 1, bytes, 6
bytes:  .asciz "abcdef"
        .balign 8
seek:   .dword 1, 2
read:   .dword 1, buffer, 8
missing: .dword nowhere, 0, 8
nowhere: .asciz "/nowhere"
        .balign 8
buffer: .zero 8`;
    const started = calls(
      [
        [1, 'make'],
        [5, 'write'],
        [0x0c, 'write'],
        [0x0a, 'seek'],
        [6, 'read'],
        [9, 'write'],
        [1, 'missing'],
        [0x13, 'missing'],
        [2, 'write'],
        [6, 'read'],
      ],
      data,
    );
    assert.deepEqual([...started.results], [1n, 0n, 6n, 0n, 4n, 0n, -1n, 2n, 0n, -1n]);
    assert.equal(text(started, 'buffer', 4), 'cdef');
  });

  it('tells its features, the command line, the heap and the time', () => {
    const data = `
open:   .dword name, 0, 21
name:   .asciz ":semihosting-features"
        .balign 8
read:   .dword 1, buffer, 8
line:   .dword command, 80
command: .zero 80
info:   .dword block
block:  .zero 32
ticks:  .dword 0
buffer: .zero 8`;
    const started = calls(
      [
        [1, 'open'],
        [0x0c, 'read'],
        [6, 'read'],
        [0x15, 'line'],
        [0x16, 'info'],
        [0x10, 'info'],
        [0x30, 'ticks'],
        [0x31, 'ticks'],
      ],
      data,
      { arguments: ['prog', 'a', 'b'] },
    );
    assert.deepEqual([...started.results], [1n, 5n, 3n, 0n, 0n, 0n, 0n, 1_000_000_000n]);
    assert.equal(text(started, 'buffer', 5), 'SHFB\x03');
    assert.equal(text(started, 'command', 9), 'prog a b\0');
    assert.equal(load(started, 'line', 8), 8n);
    const [heap, limit, stack] = [0, 8, 16].map((offset) => load(started, 'block', offset));
    assert.ok(heap! >= 0x8000_0000n && heap! < limit! && limit! < stack! && stack === 0x8040_0000n);
    assert.ok(load(started, 'ticks') > 0n);
  });

  it('refuses what reaches beyond, with a note each', () => {
    const { results, notes } = calls(
      [
        [0x0e, 'x'],
        [0x12, 'x'],
        [0x12, 'x'],
        [0x99, 'x'],
      ],
      'x: .dword 0',
    );
    assert.deepEqual([...results], [-1n, -1n, -1n, -1n]);
    assert.deepEqual(notes, [
      'semihosting: SYS_REMOVE is not supported: the program gets -1',
      'semihosting: SYS_SYSTEM is not supported: the program gets -1',
      'semihosting: operation 0x99 is not supported: the program gets -1',
    ]);
  });

  it('an ebreak that is compressed, or alone, is none', () => {
    for (const around of ['.option norvc\n nop\n ebreak\n srai x0, x0, 7', 'slli x0, x0, 0x1f\n c.ebreak\n srai x0, x0, 7']) {
      const stop = start(`_start: .globl _start\n li a0, 0x18\n ${around}`).run();
      assert.equal(stop.kind === 'exception' && stop.exception.cause, 'breakpoint');
    }
  });

  it('a reason other than the ordinary end is status 1', () => {
    const text = `_start: .globl _start\n li a0, 0x20\n la a1, block\n .option norvc\n .balign 16\n nop\n slli x0, x0, 0x1f\n ebreak\n srai x0, x0, 7
        .data\nblock: .dword 0x20023, 0`;
    assert.equal(exitCode(start(text)), 1);
  });
});
