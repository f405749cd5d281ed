import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MountError, openHostFolder } from '../../../debug-adapter/node-host-folder';
import type { Machine } from '../../../emulator/machine';
import { requireTools } from '../../support/tools';
import { compileFreestanding, start } from './start';

describe('what a program can reach and take', () => {
  let folder: string;
  before(function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
    for (const name of ['reach', 'endless']) compileFreestanding(name, join(folder, name));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function toEnd(machine: Machine): void {
    const stop = machine.run(2_000_000_000);
    assert.equal(
      stop.kind,
      'exit',
      JSON.stringify(stop, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    );
  }

  it('a mounted folder gives its files and nothing beside it, and cannot be changed', () => {
    const outside = join(folder, 'outside');
    const inside = join(outside, 'inside');
    mkdirSync(join(inside, 'inner'), { recursive: true });
    writeFileSync(join(outside, 'secret'), 'secret');
    writeFileSync(join(inside, 'plain'), 'text');
    writeFileSync(join(inside, 'inner', 'deep'), 'deeper');
    for (const [name, target] of [
      ['near', 'plain'],
      ['up', '../secret'],
      ['far', join(outside, 'secret')],
      ['host', '/etc/passwd'],
      ['out', '..'],
      ['round', 'out/inside/plain'],
      ['self', 'self'],
    ] as const) {
      symlinkSync(target, join(inside, name));
    }
    execFileSync('mkfifo', [join(inside, 'fifo')]);
    const paths: Record<string, number> = {
      plain: 4,
      'inner/deep': 6,
      'inner/../plain': 4,
      near: 4,
      up: -2,
      far: -2,
      host: -2,
      '../secret': -2,
      '../../secret': -2,
      '/etc/passwd': -2,
      'out/secret': -2,
      // The parent of the mount is the guest's own folder, which has no `inside`.
      round: -2,
      self: -40,
      fifo: -6,
      inner: -21,
    };
    const mounts = [{ path: '/mounted', folder: openHostFolder(inside), writable: false }];
    const started = start(readFileSync(join(folder, 'reach')), { arguments: ['reach', '/mounted', ...Object.keys(paths)], mounts });
    toEnd(started.machine);
    const lines = started.output[1].split('\n');
    assert.deepEqual(
      lines.slice(1, 1 + Object.keys(paths).length),
      Object.entries(paths).map(([path, result]) => `${path} = ${result}`),
    );
    const results = lines.slice(1 + Object.keys(paths).length, -1).map((line) => Number(line.replace(/^.* = /, '')));
    const [EROFS, EXDEV, EBUSY] = [-30, -18, -16];
    assert.deepEqual(results, [...Array(8).fill(EROFS), EXDEV, ...Array(5).fill(EROFS), 0, EROFS, EBUSY]);
    assert.equal(lines.at(-1), '/mounted');
    assert.equal(readFileSync(join(inside, 'plain'), 'latin1'), 'text');
    assert.equal(statSync(join(outside, 'secret')).size, 6);
  });

  it('only what is a folder can be mounted, each at a place of its own', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    assert.throws(
      () => openHostFolder(join(folder, 'none')),
      new MountError(`${join(folder, 'none')} cannot be mounted: there is no such folder`),
    );
    assert.throws(() => openHostFolder(file), /a-file cannot be mounted: it is no folder/);
    const image = readFileSync(join(folder, 'reach'));
    for (const path of ['/', '/dev', '/tmp/a/b/']) {
      const mounts = [{ path, folder: openHostFolder(folder), writable: false }];
      if (path.startsWith('/tmp')) start(image, { mounts });
      else assert.throws(() => start(image, { mounts }), RangeError);
    }
  });

  const takers: readonly (readonly [what: string, line: string])[] = [
    ['the heap', 'heap() = -12'],
    ['mappings', 'mappings(0x100000, 3) = -12'],
    ['addresses', 'mappings(0x40000000, 0) = -12'],
    ['regions', 'regions() = -12'],
    ['a file', 'file() = -28'],
    ['names of files', 'names() = -28'],
    ['descriptors', 'descriptors() = -24'],
    ['signals that wait', 'signals() = -11'],
  ];
  takers.forEach(([what, line], index) => {
    it(`a program that takes ${what} without end is refused and ends by itself`, () => {
      const { machine, output } = start(readFileSync(join(folder, 'endless')), { arguments: ['endless', `${index}`], memory: 16 });
      toEnd(machine);
      assert.equal(output[1], `${line}\n`);
      const mapped = machine.memory.regions.reduce((sum, { size, permissions }) => sum + (permissions.read ? size : 0n), 0n);
      assert.ok(mapped <= 16n * 2n ** 20n + 8192n, `${mapped} bytes`);
    });
  });

  it('a program that writes for ever waits where the host takes no more, and loses nothing', () => {
    let room = 100_000;
    let taken = 0;
    const { machine } = start(readFileSync(join(folder, 'endless')), {
      arguments: ['endless', '8'],
      room: () => room,
      take: (length) => {
        room -= length;
        taken += length;
      },
    });
    assert.deepEqual(machine.run(1_000_000), { kind: 'output' });
    assert.equal(taken, 100_000);
    const { pc, instret } = machine;
    assert.deepEqual(machine.run(1_000_000), { kind: 'output' });
    assert.deepEqual([machine.pc, machine.instret], [pc, instret]);
    room = 65536 * 2 - 100_000;
    assert.deepEqual(machine.step(), { kind: 'budget' });
    assert.equal(machine.readX(10), 65536n, 'the call that waited has written all of its bytes');
    assert.equal(taken, 65536 * 2);
  });
});
