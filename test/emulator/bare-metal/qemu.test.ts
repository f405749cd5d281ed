import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import { decode } from '../../../riscv/decode';
import { requireTools } from '../../support/tools';
import { privilegedRows } from '../differential/random-variants';
import { exitCode, type Started, startImage } from './start';

describe('machine mode beside qemu-system-riscv64', () => {
  it('CSRs, traps, interrupts and memory protection give the same answers', function () {
    requireTools(this, 'qemu-system-riscv64');
    const image = imageOf('qemu-program.S');
    const started = startImage(image);
    assert.equal(exitCode(started), 0);
    const theirs = runInQemu(image);
    const lines = started.output().split('\n');
    assert.deepEqual(lines, theirs.split('\n'));
    assert.ok(lines.length > 70, 'the questions were asked');
  });

  for (const hotAfter of [0, 8]) {
    const how = hotAfter === 0 ? 'interpreted' : 'translated';
    it(`what traps, returns and waits leaves the same state, each at least 1000 times, ${how}`, function () {
      requireTools(this, 'qemu-system-riscv64');
      const image = imageOf('privileged-program.S');
      const started = startImage(image, { hotAfter });
      const executed = countExecuted(started);
      assert.equal(exitCode(started), 0);
      assert.deepEqual(started.output().split('\n'), runInQemu(image).split('\n'));
      const counts = privilegedRows.map((mnemonic) => ({ mnemonic, count: executed.get(mnemonic) ?? 0 }));
      assert.deepEqual(
        counts.filter(({ count }) => count < 1000),
        [],
      );
    });
  }
});

function imageOf(name: string): Uint8Array {
  const text = readFileSync(join(__dirname, name), 'utf8');
  const { image, diagnostics } = assemble([{ path: name, text }], { textAddress: 0x8000_0000n, callSites: false });
  assert.ok(image, diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return image;
}

/** Counts, from now on, how often each privileged instruction of a program is come to. */
function countExecuted({ machine, program }: Started): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const { loadAddress, bytes } = program.segments[0]!;
  for (let at = 0; at + 2 <= bytes.length; at += 2) {
    const low = bytes[at]! | (bytes[at + 1]! << 8);
    const isLong = (low & 3) === 3;
    const word = isLong && at + 4 <= bytes.length ? (low | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0 : low;
    const mnemonic = decode(word)?.mnemonic;
    if (mnemonic !== undefined && privilegedRows.includes(mnemonic)) {
      machine.setHook(loadAddress + BigInt(at), () => {
        counts.set(mnemonic, (counts.get(mnemonic) ?? 0) + 1);
        return 'continue';
      });
    }
    if (isLong) at += 2;
  }
  return counts;
}

function runInQemu(image: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  try {
    const path = join(folder, 'program');
    writeFileSync(path, image);
    const args = [
      '-machine',
      'virt',
      '-cpu',
      'rv64,s=off,h=off',
      '-bios',
      'none',
      '-nographic',
      '-monitor',
      'none',
      '-serial',
      'stdio',
      '-kernel',
      path,
    ];
    const { status, stdout, stderr } = spawnSync('qemu-system-riscv64', args, { timeout: 60_000, encoding: 'latin1', input: '' });
    assert.equal(status, 0, stderr);
    return stdout.replaceAll('\r\n', '\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
