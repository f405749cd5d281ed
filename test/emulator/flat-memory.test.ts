import assert from 'node:assert/strict';
import { RiscvMachine } from '../../emulator/riscv-machine';
import { machineWith, places } from '../support/code-machine';

const { code, data, readOnly, nothing, end } = places;
const readWrite = { read: true, write: true, execute: false };

describe('guest memory from outside', () => {
  it('reads and writes what is mapped, whatever its permissions, up to the first page that is not', () => {
    const { memory } = machineWith([]);
    assert.equal(memory.write(nothing - 3n, Uint8Array.of(1, 2, 3, 4, 5)), 3);
    assert.deepEqual([...memory.read(nothing - 3n, 100)], [1, 2, 3]);
    assert.equal(memory.write(readOnly, Uint8Array.of(7)), 1);
    assert.equal(memory.load(readOnly, 1), 7n);
    assert.deepEqual(memory.read(nothing, 4), new Uint8Array(0));
    assert.equal(memory.write(nothing, Uint8Array.of(1)), 0);
    for (const wild of [0n, end, 2n ** 64n - 1n, -1n]) {
      assert.equal(memory.read(wild, 8).length, 0);
      assert.equal(memory.write(wild, Uint8Array.of(1)), 0);
      assert.equal(memory.load(wild, 4), undefined);
      assert.equal(memory.storeWord(wild, 1), false);
    }
    assert.equal(memory.load(nothing - 4n, 8), undefined);
    assert.equal(memory.storeWord(data + 2n, 1), false);
  });

  it('gives copies', () => {
    const { memory } = machineWith([]);
    memory.read(data, 8).fill(1);
    assert.equal(memory.load(data, 8), 0n);
  });

  it('loads each size unsigned', () => {
    const { memory } = machineWith([]);
    memory.write(data, new Uint8Array(8).fill(0xff));
    assert.deepEqual(
      ([1, 2, 4, 8] as const).map((size) => memory.load(data, size)),
      [0xffn, 0xffffn, 0xffff_ffffn, 2n ** 64n - 1n],
    );
  });

  it('lists regions by address, and joins neighbours of one name and permissions', () => {
    const { memory } = machineWith([]);
    memory.map({ name: 'heap', address: 0x31000n, size: 0x1000n, permissions: readWrite });
    memory.map({ name: 'heap', address: 0x30000n, size: 0x1000n, permissions: readWrite });
    memory.map({ name: 'heap', address: 0x32000n, size: 0x1000n, permissions: { ...readWrite, write: false } });
    const list = memory.regions.map(({ name, address, size }) => `${name} ${address.toString(16)}+${size.toString(16)}`);
    assert.deepEqual(list, ['code 10000+4000', 'data 20000+2000', 'constants 22000+1000', 'heap 30000+2000', 'heap 32000+1000']);
  });

  it('refuses regions that overlap, lie outside or are not whole pages', () => {
    const { memory } = machineWith([]);
    const map = (address: bigint, size: bigint) => () => memory.map({ name: 'it', address, size, permissions: readWrite });
    assert.throws(map(data + 0x1000n, 0x1000n), { name: 'RangeError', message: 'region it: 0x21000-0x22000 overlaps data at 0x20000' });
    assert.throws(map(end, 0x1000n), { name: 'RangeError', message: 'region it: 0x40000-0x41000 is not within 0x10000-0x40000' });
    assert.throws(map(0n, 0x1000n), RangeError);
    assert.throws(map(0x30001n, 0x1000n), /not whole pages/);
    assert.throws(map(0x30000n, 0x10n), /not whole pages/);
    assert.throws(map(0x30000n, 0n), /not whole pages/);
    assert.throws(() => memory.unmap(0x30000n, 5n), /not whole pages/);
  });

  it('unmaps parts of regions; what is mapped there again is zero', () => {
    const { memory } = machineWith([]);
    memory.write(data, new Uint8Array(0x2000).fill(1));
    memory.unmap(data + 0x1000n, 0x1000n);
    assert.equal(memory.load(data + 0x1000n, 4), undefined);
    assert.equal(memory.load(data, 4), 0x0101_0101n);
    memory.map({ name: 'data', address: data + 0x1000n, size: 0x1000n, permissions: readWrite });
    assert.equal(memory.load(data + 0x1000n, 4), 0n);
    assert.equal(memory.regions.find((one) => one.name === 'data')?.size, 0x2000n);
    memory.unmap(0x14000n, 0x1000n);
    memory.unmap(code + 0x1000n, 0x1000n);
    assert.equal(memory.regions.filter((one) => one.name === 'code').length, 2);
  });

  it('finds free pages near an address', () => {
    const { memory } = machineWith([]);
    assert.equal(memory.findFree(0x1000n, code), 0x14000n);
    assert.equal(memory.findFree(1n, 0x1f000n), 0x1f000n);
    assert.equal(memory.findFree(0x1000n, data + 0x1800n), 0x23000n);
    assert.equal(memory.findFree(0xd000n, code), 0x23000n);
    assert.equal(memory.findFree(0x100000n, code), undefined);
    assert.equal(memory.findFree(0x1000n, 2n ** 40n), undefined);
    memory.reserve(0x14000n, 0xc000n);
    assert.equal(memory.findFree(0x1000n, code), 0x23000n);
  });

  it('takes a window of gigabytes, and refuses one that does not fit', () => {
    const machine = new RiscvMachine({ base: 0n, size: 0xc000_0000, codePages: 16 });
    machine.memory.map({ name: 'far', address: 0xbfff_f000n, size: 0x1000n, permissions: readWrite });
    assert.equal(machine.memory.write(0xbfff_fffen, Uint8Array.of(1, 2)), 2);
    assert.throws(() => new RiscvMachine({ base: 0n, size: 2 ** 32, codePages: 16 }), /does not fit in the 4 GiB/);
  });
});
