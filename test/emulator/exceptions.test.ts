import assert from 'node:assert/strict';
import type { ExceptionCause, Machine } from '../../emulator/machine';
import { encode } from '../../riscv/encode';
import { type Line, machineWith, places, stateOf } from '../support/code-machine';

const { code, data, readOnly, nothing } = places;
const nop: Line = ['addi', {}];

interface Case {
  readonly what: string;
  readonly line: Line;
  /** What rs1, x6, holds. */
  readonly address: bigint;
  readonly cause: ExceptionCause;
  readonly value?: bigint;
  readonly message: string;
}

const load: Line = ['ld', { rd: 5, rs1: 6 }];
const store: Line = ['sw', { rs1: 6, rs2: 7 }];
const exchange: Line = ['amoadd.d', { rd: 5, rs1: 6, rs2: 7 }];

const cases: readonly Case[] = [
  { what: 'null load', line: load, address: 0n, cause: 'load-access-fault', message: 'load of 8 bytes at 0x0: the page is not mapped' },
  {
    what: 'load with a negative offset from null',
    line: ['lb', { rd: 5, rs1: 0, immediate: -1 }],
    address: 0n,
    cause: 'load-access-fault',
    value: 2n ** 64n - 1n,
    message: 'load of 1 byte at 0xffffffffffffffff: the page is not mapped',
  },
  {
    what: 'wild load beyond 32 bits whose lower half is mapped',
    line: load,
    address: data + 2n ** 32n,
    cause: 'load-access-fault',
    message: 'load of 8 bytes at 0x100020000: the page is not mapped',
  },
  {
    what: 'load that runs out of the mapped pages',
    line: load,
    address: nothing - 4n,
    cause: 'load-access-fault',
    value: nothing,
    message: 'load of 8 bytes at 0x22ffc: the page at 0x23000 is not mapped',
  },
  {
    what: 'load at the last bytes of the window',
    line: load,
    address: places.end - 4n,
    cause: 'load-access-fault',
    message: 'load of 8 bytes at 0x3fffc: the page is not mapped',
  },
  {
    what: 'store to a read-only page',
    line: store,
    address: readOnly + 4n,
    cause: 'store-access-fault',
    message: 'store of 4 bytes at 0x22004: the page is read-only',
  },
  {
    what: 'store that crosses into a read-only page',
    line: store,
    address: readOnly - 2n,
    cause: 'store-access-fault',
    value: readOnly,
    message: 'store of 4 bytes at 0x21ffe: the page at 0x22000 is read-only',
  },
  {
    what: 'store to code',
    line: store,
    address: code,
    cause: 'store-access-fault',
    message: 'store of 4 bytes at 0x10000: the page is read-only',
  },
  {
    what: 'misaligned atomic access',
    line: exchange,
    address: data + 4n,
    cause: 'store-misaligned',
    message: 'atomic access of 8 bytes at 0x20004: the address is not a multiple of 8',
  },
  {
    what: 'misaligned lr',
    line: ['lr.w', { rd: 5, rs1: 6 }],
    address: data + 2n,
    cause: 'load-misaligned',
    message: 'atomic access of 4 bytes at 0x20002: the address is not a multiple of 4',
  },
  {
    what: 'atomic access to a read-only page',
    line: exchange,
    address: readOnly,
    cause: 'store-access-fault',
    message: 'atomic access of 8 bytes at 0x22000: the page is read-only',
  },
  {
    what: 'sc to nothing',
    line: ['sc.d', { rd: 5, rs1: 6, rs2: 7 }],
    address: nothing,
    cause: 'store-access-fault',
    message: 'atomic access of 8 bytes at 0x23000: the page is not mapped',
  },
  { what: 'ebreak', line: ['ebreak'], address: 0n, cause: 'breakpoint', value: code + 4n, message: 'ebreak at 0x10004' },
  { what: 'c.ebreak', line: ['c.ebreak'], address: 0n, cause: 'breakpoint', value: code + 4n, message: 'ebreak at 0x10004' },
  {
    what: 'ecall without an environment',
    line: ['ecall'],
    address: 0n,
    cause: 'environment-call',
    value: 0n,
    message: 'ecall at 0x10004: nothing here serves it',
  },
];

describe('exceptions', () => {
  for (const { what, line, address, cause, value = address, message } of cases) {
    it(`${what}: at the instruction, with nothing changed`, () => {
      const machine = machineWith([nop, line, nop]);
      machine.writeX(5, 0x5555n);
      machine.writeX(6, address);
      machine.writeX(7, -1n);
      machine.step();
      const before = stateOf(machine);
      const stops = [machine.run(100), machine.step(), machine.run(1)];
      for (const stop of stops) assert.deepEqual(stop, { kind: 'exception', exception: { cause, value, message } });
      assert.deepEqual(stateOf(machine), before);
      assert.equal(machine.pc, code + 4n);
      assert.equal(machine.instret, 1n);
    });
  }

  it('an illegal instruction names its word', () => {
    const none = 'the machine has no such instruction';
    const words = [
      [0xffff_ffff, '0xffffffff', none],
      [0x0000, '0x0000', 'all zeros: an unimp, or the program has run on past its end'],
      [0x0000_707f - 4, '0x0000707b', none],
    ] as const;
    for (const [word, text, cause] of words) {
      const machine = machineWith([]);
      machine.memory.storeWord(code, word);
      const stop = machine.run(10);
      assert.ok(stop.kind === 'exception');
      assert.equal(stop.exception.cause, 'illegal-instruction');
      assert.equal(stop.exception.value, BigInt(word));
      assert.equal(stop.exception.message, `illegal instruction ${text} at 0x10000: ${cause}`);
      assert.equal(machine.instret, 0n);
    }
  });

  const targets: readonly [string, bigint, ExceptionCause, string][] = [
    ['null', 0n, 'instruction-access-fault', 'instruction fetch at 0x0: the page is not mapped'],
    ['data', data, 'instruction-access-fault', 'instruction fetch at 0x20000: the page is not executable'],
    ['nowhere', 2n ** 63n, 'instruction-access-fault', 'instruction fetch at 0x8000000000000000: the page is not mapped'],
  ];
  for (const [where, target, cause, message] of targets) {
    it(`a jump to ${where} is done, and fetching there is the fault`, () => {
      const machine = machineWith([['jalr', { rd: 1, rs1: 6 }]]);
      machine.writeX(6, target);
      assert.deepEqual(machine.run(100), { kind: 'exception', exception: { cause, value: target, message, from: code } });
      assert.equal(machine.pc, target);
      assert.equal(machine.readX(1), code + 4n);
      assert.equal(machine.instret, 1n);
    });
  }

  it('an instruction that goes on in a page that cannot be executed faults there, at its own pc', () => {
    const machine = machineWith([]);
    const last = code + 0x4000n - 2n;
    machine.memory.write(last, Uint8Array.of(0x13, 0x00));
    machine.pc = last;
    const message = 'instruction fetch at 0x13ffe: the page at 0x14000 is not mapped';
    assert.deepEqual(machine.run(1), { kind: 'exception', exception: { cause: 'instruction-access-fault', value: last + 2n, message } });
    assert.equal(machine.pc, last);
  });

  it('a compressed instruction in the last two bytes of the code is executed, and then the fetch behind it faults', () => {
    const machine = machineWith([]);
    const end = code + 0x4000n;
    machine.memory.write(end - 2n, Uint8Array.of(0x01, 0x00));
    machine.pc = end - 2n;
    const stop = machine.run(5);
    assert.ok(stop.kind === 'exception' && stop.exception.value === end);
    assert.equal(machine.pc, end);
    assert.equal(machine.instret, 1n);
  });

  it('an odd pc is a misaligned instruction', () => {
    const machine = machineWith([nop]);
    machine.pc = code + 1n;
    const message = 'instruction fetch at 0x10001: the address is odd';
    assert.deepEqual(machine.run(1), { kind: 'exception', exception: { cause: 'instruction-misaligned', value: code + 1n, message } });
  });

  it('goes on after the cause is gone', () => {
    const machine = machineWith([load, nop]);
    machine.writeX(6, nothing);
    assert.equal(machine.run(2).kind, 'exception');
    machine.memory.map({ name: 'more', address: nothing, size: 0x1000n, permissions: { read: true, write: false, execute: false } });
    assert.deepEqual(machine.run(2), { kind: 'budget' });
    assert.equal(machine.instret, 2n);
  });
});

describe('accesses that are not aligned', () => {
  const store64: Line = ['sd', { rs1: 6, rs2: 7 }];
  const load64: Line = ['ld', { rd: 5, rs1: 6 }];

  it('work within a page and across two', () => {
    for (const address of [data + 1n, data + 0xffdn, data + 0xfffn]) {
      const machine: Machine = machineWith([store64, load64]);
      machine.writeX(6, address);
      machine.writeX(7, 0x1122_3344_5566_7788n);
      assert.deepEqual(machine.run(2), { kind: 'budget' });
      assert.equal(machine.readX(5), 0x1122_3344_5566_7788n);
      assert.deepEqual([...machine.memory.read(address, 8)], [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]);
    }
  });

  it('instructions across two pages are executed', () => {
    const machine = machineWith([]);
    const word = encode('addi', { rd: 5, rs1: 5, immediate: 7 });
    const border = code + 0x1000n;
    machine.memory.write(border - 2n, Uint8Array.from([word, word >>> 8, word >>> 16, word >>> 24]));
    machine.memory.write(border + 2n, Uint8Array.of(0x01, 0x00));
    machine.pc = border - 2n;
    assert.deepEqual(machine.run(2), { kind: 'budget' });
    assert.equal(machine.readX(5), 7n);
    assert.equal(machine.pc, border + 4n);
  });
});
