import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProgram } from '../../../program/read-program';
import { staticElf } from '../../support/static-elf';
import { requireTools } from '../../support/tools';
import { assembleImage, exitCodeOf, start } from './start';

/** Writes the stack pointer and then what is from there to the top of the stack, or 16 KiB of it. */
const dumpStack = `
 mv s0, sp
 la a1, pointer
 sd sp, 0(a1)
 li a0, 1
 li a2, 8
 li a7, 64
 ecall
 li s1, 1024
more: li a0, 1
 mv a1, s0
 li a2, 16
 ecall
 blez a0, done
 addi s0, s0, 16
 addi s1, s1, -1
 bnez s1, more
done: li a0, 0
 li a7, 93
 ecall
 .bss
 .align 3
pointer: .zero 8`;

const argv = ['test', 'one', 'two words', 'ü', ''];
const environment = ['NAME=value', 'EMPTY='];
const entry = 0x10000;

describe('a new Linux process', () => {
  const segments = readProgram(assembleImage(dumpStack), 'test').segments.map(({ address, bytes, size }) => {
    return { address: Number(address), bytes, size: Number(size), flags: Number(address) === entry ? 'rx' : 'rw' };
  });
  const image = staticElf(entry, segments, 0xf000);

  function dumped(): Buffer {
    const started = start(image, { arguments: argv, environment });
    assert.equal(exitCodeOf(started), 0);
    return Buffer.from(started.output[1], 'latin1');
  }

  it('finds its arguments, environment and auxiliary vector as under qemu-riscv64', function () {
    requireTools(this, 'qemu-riscv64');
    const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
    try {
      const path = join(folder, 'test');
      writeFileSync(path, image);
      chmodSync(path, 0o755);
      const inherited = Object.keys(process.env).flatMap((name) => ['-U', name]);
      const own = environment.flatMap((one) => ['-E', one]);
      const run = spawnSync('qemu-riscv64', [...inherited, ...own, '-0', argv[0]!, path, ...argv.slice(1)]);
      const theirs = parseStack(run.stdout);
      const ours = parseStack(dumped());
      assert.deepEqual(ours.argv, theirs.argv);
      assert.deepEqual([...ours.environment].sort(), [...theirs.environment].sort());
      const { PHDR, PHENT, PHNUM, PAGESZ, BASE, FLAGS, ENTRY, CLKTCK, SECURE } = types;
      for (const type of [PHDR, PHENT, PHNUM, PAGESZ, BASE, FLAGS, ENTRY, CLKTCK, SECURE]) {
        assert.equal(ours.auxiliary.get(type), theirs.auxiliary.get(type), `auxiliary vector entry ${type}`);
      }
      const hardware = ours.auxiliary.get(types.HWCAP)!;
      assert.equal(hardware & theirs.auxiliary.get(types.HWCAP)!, hardware);
      for (const { pointer } of [ours, theirs]) assert.equal(pointer % 16n, 0n);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has the stack that it had the last time', () => {
    assert.ok(dumped().equals(dumped()));
  });

  it('has its program headers in memory where the auxiliary vector says', () => {
    const { auxiliary } = parseStack(dumped());
    const { machine } = start(image);
    const address = auxiliary.get(types.PHDR)!;
    assert.equal(auxiliary.get(types.PHENT), 56n);
    assert.equal(address, 0xf000n + 64n);
    assert.deepEqual(Buffer.from(machine.memory.read(address, 56)), Buffer.from(image.subarray(64, 120)));
  });

  it('starts with all registers but the stack pointer 0, and nothing retired', () => {
    const { machine } = start(image);
    for (let index = 0; index < 32; index += 1) if (index !== 2) assert.equal(machine.readX(index), 0n);
    assert.equal(machine.instret, 0n);
  });

  it('has segments with their permissions, their zeros, and a page of two segments with the permissions of both', () => {
    const elf = staticElf(0x10000, [
      { address: 0x10000, bytes: new Uint8Array(0x1800).fill(0x13), flags: 'rx' },
      { address: 0x11900, bytes: Uint8Array.of(1, 2), size: 0x1000, flags: 'rw' },
    ]);
    const { machine } = start(elf);
    const list = machine.memory.regions.map(({ name, address, size, permissions: { read, write, execute } }) => {
      return `${name} ${address.toString(16)}+${size.toString(16)} ${read ? 'r' : '-'}${write ? 'w' : '-'}${execute ? 'x' : '-'}`;
    });
    assert.deepEqual(list.slice(0, 3), ['program 10000+1000 r-x', 'program 11000+1000 rwx', 'program 12000+1000 rw-']);
    assert.deepEqual([...machine.memory.read(0x11900n, 3)], [1, 2, 0]);
    assert.equal(machine.memory.load(0x117ffn, 1), 0x13n);
  });

  it('may be linked anywhere, its segments 2 GiB apart; refuses what no window can hold', () => {
    for (const [low, high] of [
      [0x400000, 0x401000],
      [0x8000_0000, 0x8000_1000],
      [0x10000, 0x8001_0000],
      [2 ** 46, 2 ** 46 + 4096],
    ] as const) {
      const elf = staticElf(low, [
        { address: low, bytes: Uint8Array.of(0x01, 0x00), flags: 'rx' },
        { address: high, bytes: Uint8Array.of(7), flags: 'rw' },
      ]);
      const { machine } = start(elf);
      assert.deepEqual(machine.step(), { kind: 'budget' });
      assert.equal(machine.memory.load(BigInt(high), 1), 7n);
      const near = machine.memory.findFree(8192n, BigInt(low))!;
      const distance = near - BigInt(low);
      assert.ok(distance < 2n ** 31n && distance > -(2n ** 31n));
    }
    const apart = staticElf(0x10000, [
      { address: 0x10000, bytes: Uint8Array.of(1, 0), flags: 'rx' },
      { address: 2 ** 40, bytes: Uint8Array.of(7), flags: 'rw' },
    ]);
    assert.throws(() => start(apart), { name: 'RangeError', message: /test: segments from 0x10000 to 0x10000001000 .* less than 4 GiB/ });
  });

  it('has a stack of 8 MiB over pages that are never mapped', () => {
    const { machine } = start(assembleImage(' addi sp, sp, -16\n sd zero, 0(sp)\n j _start'));
    const stack = machine.memory.regions.find((one) => one.name === 'stack')!;
    assert.equal(stack.size, 8n * 2n ** 20n);
    const stop = machine.run(10_000_000);
    assert.ok(stop.kind === 'exception');
    assert.equal(stop.exception.value, stack.address - 16n);
    const room = machine.memory.findFree(2n ** 20n, stack.address)!;
    assert.ok(room + 2n ** 20n <= stack.address - 2n ** 20n);
  });

  it('refuses a memory that is no size, too small for the program or larger than a window', () => {
    for (const memory of [0, -1, 1.5, Number.NaN]) assert.throws(() => start(image, { memory }), /is not a whole number above 0/);
    assert.throws(() => start(image, { memory: 4096 }), /4096 MiB of memory do not fit in a window of less than 4 GiB/);
    const large = staticElf(0x10000, [{ address: 0x10000, bytes: Uint8Array.of(1, 0), size: 2 ** 29, flags: 'rx' }]);
    assert.throws(() => start(large), /test: its segments and stack take 520 MiB, more than the 256 MiB of memory it may have/);
  });

  it('refuses arguments larger than the stack allows', () => {
    assert.throws(() => start(image, { arguments: ['test', 'x'.repeat(3_000_000)] }), /arguments and environment take 3\d+ bytes/);
  });
});

const types = { PHDR: 3, PHENT: 4, PHNUM: 5, PAGESZ: 6, BASE: 7, FLAGS: 8, ENTRY: 9, HWCAP: 16, CLKTCK: 17, SECURE: 23 } as const;

interface Stack {
  readonly pointer: bigint;
  readonly argv: string[];
  readonly environment: string[];
  readonly auxiliary: ReadonlyMap<number, bigint>;
}

function parseStack(dump: Buffer): Stack {
  const pointer = dump.readBigUInt64LE(0);
  const bytes = dump.subarray(8);
  let at = 0;
  const next = (): bigint => {
    at += 8;
    return bytes.readBigUInt64LE(at - 8);
  };
  const stringAt = (address: bigint): string => {
    const from = Number(address - pointer);
    const end = bytes.indexOf(0, from);
    return bytes.subarray(from, end).toString();
  };
  const strings = (): string[] => {
    const list: string[] = [];
    for (let address = next(); address !== 0n; address = next()) list.push(stringAt(address));
    return list;
  };
  const count = Number(next());
  const list = strings();
  assert.equal(list.length, count);
  const environmentList = strings();
  const auxiliary = new Map<number, bigint>();
  for (let type = next(); type !== 0n; type = next()) auxiliary.set(Number(type), next());
  return { pointer, argv: list, environment: environmentList, auxiliary };
}
