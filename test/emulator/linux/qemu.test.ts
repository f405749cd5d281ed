import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeHostFile } from '../../../debug-adapter/node-host-file';
import { openHostFolder } from '../../../debug-adapter/node-host-folder';
import { requireTools } from '../../support/tools';
import { compileFreestanding, type StartOptions, start } from './start';

interface Outcome {
  readonly lines: readonly string[];
  /** As a shell has it. */
  readonly status: number;
}

describe('system calls and signals, against qemu-riscv64', () => {
  let folder: string;
  before(function () {
    requireTools(this, 'riscv64-linux-gnu-gcc', 'qemu-riscv64');
    folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
    for (const name of ['files', 'input', 'memory', 'signals', 'times']) compileFreestanding(name, join(folder, name));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A new folder of the host, for a program to work in. */
  function scratch(name: string): string {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  }

  function theirs(name: string, ...args: string[]): Outcome {
    const { stdout, status, signal } = spawnSync('qemu-riscv64', [join(folder, name), ...args], { encoding: 'latin1' });
    return { lines: stdout.split('\n'), status: signal ? 128 + constants.signals[signal] : status! };
  }

  function ours(name: string, args: readonly string[], options: StartOptions = {}): Outcome {
    const { machine, output } = start(readFileSync(join(folder, name)), { arguments: [`/${name}`, ...args], ...options });
    for (;;) {
      const stop = machine.run(100_000_000);
      assert.ok(stop.kind === 'exit' || stop.kind === 'exception', stop.kind);
      if (stop.kind === 'exit') return { lines: output[1].split('\n'), status: stop.code };
    }
  }

  it('files in memory', () => {
    assert.deepEqual(ours('files', ['/tmp']), theirs('files', scratch('of-qemu')));
  });

  it('files in a folder of the host that is mounted to be written', () => {
    const mounts = [{ path: '/mounted', folder: openHostFolder(scratch('mounted')), writable: true }];
    assert.deepEqual(ours('files', ['/mounted'], { mounts }), theirs('files', scratch('of-qemu-too')));
  });

  it('standard input that is a file', () => {
    const path = join(folder, 'text');
    writeFileSync(path, Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join(''));
    const descriptor = openSync(path, 'r');
    try {
      const { stdout, status } = spawnSync('qemu-riscv64', [join(folder, 'input')], { encoding: 'latin1', stdio: [descriptor, 'pipe'] });
      const inputFile = Object.assign(new NodeHostFile(descriptor), { position: 0 });
      assert.deepEqual(ours('input', [], { inputFile }), { lines: stdout.split('\n'), status });
    } finally {
      closeSync(descriptor);
    }
  });

  it('memory: the heap, mappings, their permissions and moves', () => {
    assert.deepEqual(ours('memory', ['/tmp']), theirs('memory', scratch('memory-of-qemu')));
  });

  it('memory, where only the kernel has it right', () => {
    const { lines } = ours('memory', ['/tmp', 'kernel']);
    const expected = [
      'CALL(SYS_mprotect, at, 0, READ) = 0',
      'anonymous(at, PAGE, NOREPLACE) = -17',
      'CALL(SYS_mremap, at, PAGE, 0, 0) = -22',
    ];
    assert.deepEqual(lines.slice(-4, -1), expected);
  });

  it('signals: actions, masks, frames, faults and stacks', () => {
    assert.deepEqual(ours('signals', ['0']), theirs('signals', '0'));
  });

  const ends = [
    'abort',
    'a fault',
    'a fault that is ignored',
    'a fault that is blocked',
    'SIGTERM',
    'SIGKILL',
    'an illegal instruction',
    'a fault whose handler has no stack',
    'signals that do nothing',
    'a signal that comes once it is not blocked',
    'a real-time signal',
    'a pipe that nobody reads',
    'a pipe that nobody reads, with SIGPIPE ignored',
  ];
  ends.forEach((what, index) => {
    it(`how a program ends by ${what}`, () => {
      const how = `${index + 1}`;
      // qemu keeps two real-time signals for itself and shifts the others.
      if (what === 'a real-time signal') assert.equal(ours('signals', [how]).status, 128 + 40);
      else assert.deepEqual(ours('signals', [how]), theirs('signals', how));
    });
  });

  it('clocks, sleeps, timers and what waits', () => {
    assert.deepEqual(ours('times', []), theirs('times'));
  });
});
