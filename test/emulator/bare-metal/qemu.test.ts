import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import { requireTools } from '../../support/tools';
import { exitCode, startImage } from './start';

describe('machine mode beside qemu-system-riscv64', () => {
  it('CSRs, traps, interrupts and memory protection give the same answers', function () {
    requireTools(this, 'qemu-system-riscv64');
    this.timeout(120_000);
    const text = readFileSync(join(__dirname, 'qemu-program.S'), 'utf8');
    const { image, diagnostics } = assemble([{ path: 'qemu-program.S', text }], { textAddress: 0x8000_0000n, callSites: false });
    assert.ok(image, diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
    const started = startImage(image);
    assert.equal(exitCode(started), 0);
    const theirs = runInQemu(image);
    const lines = started.output().split('\n');
    assert.deepEqual(lines, theirs.split('\n'));
    assert.ok(lines.length > 70, 'the questions were asked');
  });
});

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
