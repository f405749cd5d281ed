import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { systemCallName } from '../../../emulator/linux/system-call-names';
import { assembleImage, exitCodeOf, type StartOptions, start } from './start';

const exit = 'li a7, 93\necall';

/** Runs code that leaves a result in a0 and gives it, signed. */
function resultOf(code: string, options: StartOptions = {}) {
  const started = start(assembleImage(`${code}\n ebreak\n .data\nbuffer: .string "hello, world"\n .zero 100`), options);
  const stop = started.machine.run(1_000_000);
  assert.equal(stop.kind === 'exception' && stop.exception.cause, 'breakpoint');
  return { ...started, result: BigInt.asIntN(64, started.machine.readX(10)) };
}

function call(number: number, ...args: (string | number)[]): string {
  const operands = args.map((value, index) => (typeof value === 'number' ? `li a${index}, ${value}` : `la a${index}, ${value}`));
  return [...operands, `li a7, ${number}`, 'ecall'].join('\n');
}

const [EBADF, EFAULT, EINVAL, ENOSYS] = [-9n, -14n, -22n, -38n];
const read = 63;
const write = 64;
const writev = 66;
const clockGettime = 113;
const brk = 214;

describe('system calls', () => {
  it('exit and exit_group end the run with the low 8 bits, count, and end every later run', () => {
    for (const number of [93, 94]) {
      const { machine } = start(assembleImage(call(number, 0x142)));
      assert.deepEqual(machine.run(100), { kind: 'exit', code: 0x42 });
      assert.equal(machine.instret, 3n);
      assert.deepEqual(machine.run(100), { kind: 'exit', code: 0x42 });
      assert.deepEqual(machine.step(), { kind: 'exit', code: 0x42 });
      assert.equal(machine.instret, 3n);
    }
  });

  it('an ecall is one instruction, under any slicing', () => {
    const image = assembleImage(`${call(write, 1, 'text', 2)}\n${call(93, 0)}\n .data\ntext: .string "ok"`);
    const whole = start(image);
    exitCodeOf(whole);
    const sliced = start(image);
    while (sliced.machine.run(1).kind !== 'exit');
    assert.equal(sliced.machine.instret, whole.machine.instret);
    assert.equal(sliced.output[1], 'ok');
  });

  it('write sends bytes to either stream and returns how many', () => {
    const { result, output } = resultOf(`${call(write, 1, 'buffer', 5)}\n mv s0, a0\n${call(write, 2, 'buffer', 3)}\n add a0, a0, s0`);
    assert.deepEqual([result, output[1], output[2]], [8n, 'hello', 'hel']);
  });

  it('write of much goes out in order and whole', () => {
    const { result, output } = resultOf(call(write, 1, 'big', 200_000).concat('\n .bss\nbig: .zero 200000\n .text'));
    assert.deepEqual([result, output[1].length], [200_000n, 200_000]);
  });

  it('write of bytes that are partly mapped writes those', () => {
    const { result } = resultOf(`${call(write, 1, 'buffer', 0x10000)}`);
    assert.ok(result > 100n && result <= 4096n);
  });

  const failures: readonly [string, string, bigint][] = [
    ['write to standard input', call(write, 0, 'buffer', 1), EBADF],
    ['write to 3', call(write, 3, 'buffer', 1), EBADF],
    ['write to -1', call(write, -1, 'buffer', 1), EBADF],
    ['write from null', call(write, 1, 0, 1), EFAULT],
    ['write from a wild address', call(write, 1, -8, 16), EFAULT],
    ['write of nothing from null', call(write, 1, 0, 0), 0n],
    ['read from standard output', call(read, 1, 'buffer', 1), EBADF],
    ['read to null', call(read, 0, 0, 1), EFAULT],
    ['read to code', call(read, 0, '_start', 1), EFAULT],
    ['writev of too many', call(writev, 1, 'buffer', 1025), EINVAL],
    ['writev of vectors at null', call(writev, 1, 0, 1), EFAULT],
    ['writev of none', call(writev, 1, 0, 0), 0n],
    ['clock_gettime to null', call(clockGettime, 1, 0), EFAULT],
    ['clock_gettime to code', call(clockGettime, 1, '_start'), EFAULT],
    ['clock_gettime of no clock', call(clockGettime, 77, 'buffer'), EINVAL],
  ];
  for (const [what, code, expected] of failures) {
    it(`${what} gives ${expected}`, () => assert.equal(resultOf(code, { input: ['x'] }).result, expected));
  }

  it('writev writes its vectors in order, and stops at one that cannot be read', () => {
    const vectors = '\n .data\nvectors: .dword buffer, 2, buffer+7, 5, 0, 1\n .text';
    const both = resultOf(call(writev, 1, 'vectors', 2) + vectors);
    assert.deepEqual([both.result, both.output[1]], [7n, 'heworld']);
    const all = resultOf(call(writev, 1, 'vectors', 3) + vectors);
    assert.deepEqual([all.result, all.output[1]], [7n, 'heworld']);
  });

  it('read takes what there is, waits at the ecall, and knows the end', () => {
    const image = assembleImage(`
again: ${call(read, 0, 'buffer', 8)}
 blez a0, done
 mv a2, a0
 li a0, 1
 la a1, buffer
 li a7, 64
 ecall
 j again
done: ${exit}
 .bss
buffer: .zero 8`);
    const { machine, output } = start(image, { input: ['ab', 'wait', 'wait', 'c'] });
    const [first, pc, count] = [machine.run(1000), machine.pc, machine.instret];
    assert.deepEqual(first, { kind: 'input' });
    assert.equal(machine.memory.load(pc, 4), 0x73n);
    assert.deepEqual(machine.run(1000), { kind: 'input' });
    assert.deepEqual([machine.pc, machine.instret], [pc, count]);
    assert.deepEqual(machine.run(1000), { kind: 'exit', code: 0 });
    assert.equal(output[1], 'abc');
  });

  it('a host that gives more than was asked for does not overrun the buffer', () => {
    const { result, machine } = resultOf(call(read, 0, 'buffer', 2), { input: ['ABCDEF'] });
    assert.equal(result, 2n);
    assert.equal(Buffer.from(machine.memory.read(machine.readX(11), 5)).toString(), 'ABllo');
  });

  it('brk moves the end of the heap, by page, zeroed, within its limit', () => {
    const { machine } = start(assembleImage(' ecall\n j _start'), { memory: 4 });
    const breakAt = (address: bigint): bigint => {
      machine.writeX(17, BigInt(brk));
      machine.writeX(10, address);
      machine.step();
      machine.step();
      return machine.readX(10);
    };
    const first = breakAt(0n);
    assert.equal(first % 4096n, 0n);
    assert.equal(breakAt(first + 5000n), first + 5000n);
    assert.equal(machine.memory.regions.find((one) => one.name === 'heap')?.size, 8192n);
    assert.equal(machine.memory.write(first, new Uint8Array(8192).fill(1)), 8192);
    assert.equal(breakAt(first + 100n), first + 100n);
    assert.equal(machine.memory.load(first + 4096n, 1), undefined);
    assert.equal(machine.memory.load(first + 99n, 1), 1n);
    assert.equal(breakAt(first + 4097n), first + 4097n);
    assert.equal(machine.memory.load(first + 4096n, 1), 0n);
    for (const refused of [first - 1n, first + 2n ** 22n, 2n ** 64n - 1n]) assert.equal(breakAt(refused), first + 4097n);
    assert.equal(breakAt(first + 2n ** 20n), first + 2n ** 20n);
    assert.equal(breakAt(first), first);
    assert.equal(
      machine.memory.regions.some((one) => one.name === 'heap'),
      false,
    );
  });

  it('every clock is the count of instructions before the call, in nanoseconds', () => {
    for (const clock of [0, 1, 2, 3, 4, 5, 6, 7, 11]) {
      const { result, machine } = resultOf(`${call(clockGettime, clock, 'buffer')}\n la a1, buffer\n ld s0, 0(a1)\n ld s1, 8(a1)`);
      const [seconds, nanoseconds] = [machine.readX(8), machine.readX(9)];
      assert.deepEqual([result, seconds], [0n, 0n]);
      assert.equal(nanoseconds, 4n);
    }
  });

  it('what is missing answers -ENOSYS and is noted once each, by name and number', () => {
    const { result, notes } = resultOf([call(198, 0), call(198, 0), call(9999), call(220), call(198)].join('\n'));
    assert.equal(result, ENOSYS);
    assert.deepEqual(notes, [
      'system call 198 (socket) is not supported; the program gets -ENOSYS',
      'system call 9999 is not supported; the program gets -ENOSYS',
      'system call 220 (clone) is not supported: there are no threads and no other processes here; the program gets -ENOSYS',
    ]);
  });

  it('newlib opens, asks about and removes files by calls of its own', () => {
    const path = '\n .data\npath: .string "/tmp/x"\nnone: .string "/tmp/none"\n .text';
    const [open, unlink, access, stat] = [1024, 1026, 1033, 1038];
    const [newlibCreate, writeOnly] = [0x200, 1];
    const { result } = resultOf(
      [
        call(open, 'path', newlibCreate | writeOnly, 0o644),
        'mv s0, a0',
        call(stat, 'path', 'buffer'),
        'add s0, s0, a0',
        call(access, 'path', 4),
        'add s0, s0, a0',
        call(unlink, 'path'),
        'add s0, s0, a0',
        call(stat, 'path', 'buffer'),
        'slli a0, a0, 8\nadd a0, a0, s0',
        path,
      ].join('\n'),
    );
    assert.equal(result, -2n * 256n + 3n);
  });

  it('names are those of the C library', function () {
    const path = '/usr/riscv64-linux-gnu/include/asm-generic/unistd.h';
    let header: string;
    try {
      header = readFileSync(path, 'latin1');
    } catch {
      process.stderr.write(`  skipped: ${this.test?.fullTitle()}: needs ${path}: apt-get install libc6-dev-riscv64-cross\n`);
      this.skip();
    }
    for (const [, name, number] of header.matchAll(/#define __NR_(\w+)\s+(\d+)$/gm)) {
      if (
        name === 'syscalls' ||
        name === 'arch_specific_syscall' ||
        name === 'renameat' ||
        name === 'sync_file_range2' ||
        name?.includes('time64')
      )
        continue;
      if (/clock_(gettime|settime|adjtime)64|timer(fd)?_[gs]ettime64/.test(name!)) continue;
      assert.equal(systemCallName(Number(number)), name);
    }
  });
});
