import { strict as assert } from 'node:assert';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { requireTools } from '../support/tools';
import { Driver, sample, scratchFile } from './adapter';

const steps = 60;

/** `function:line` after each of that many steps from main, as gdb has them with the program in qemu. */
async function gdbPlaces(program: string, command: 'next' | 'step'): Promise<string[]> {
  const socket = `${program}.${command}.socket`;
  const qemu = spawn('qemu-riscv64', ['-g', socket, program], { stdio: 'ignore' });
  try {
    for (let waited = 0; !existsSync(socket) && waited < 30_000; waited += 20) await delay(20);
    const script = [
      'set pagination off',
      `target remote ${socket}`,
      'break main',
      'continue',
      ...Array.from({ length: steps }, () => `${command}\nframe`),
    ];
    const { stdout } = await promisify(execFile)('gdb-multiarch', [
      '-nx',
      '-batch',
      '-x',
      scratchFile('steps.gdb', script.join('\n')),
      program,
    ]);
    return [...stdout.matchAll(/^#0 +(?:0x\w+ in )?(\w+) .*:(\d+)$/gm)].map(([, name, line]) => `${name}:${line}`);
  } finally {
    qemu.kill();
  }
}

async function ourPlaces(program: string, command: 'next' | 'stepIn', trace: string[]): Promise<string[]> {
  const driver = await Driver.launch({ program, trace }, (fresh) =>
    fresh.request('setFunctionBreakpoints', { breakpoints: [{ name: 'main' }] }),
  );
  try {
    await driver.stopped();
    const places: string[] = [];
    while (places.length < steps) {
      await driver.until(command);
      places.push((await driver.places())[0]!);
    }
    return places;
  } finally {
    await driver.close();
  }
}

describe('line steps through C', () => {
  for (const [ours, theirs] of [
    ['next', 'next'],
    ['stepIn', 'step'],
  ] as const) {
    it(`${ours} stops where gdb's ${theirs} does, traced or not`, async function () {
      requireTools(this, 'qemu-riscv64', 'gdb-multiarch');
      const program = scratchFile('files.elf', readFileSync(sample('files.elf')));
      chmodSync(program, 0o755);
      const expected = await gdbPlaces(program, theirs);
      assert.equal(expected.length, steps);
      assert.deepEqual(await ourPlaces(program, ours, []), expected);
      assert.deepEqual(await ourPlaces(program, ours, ['*']), expected);
    });
  }
});
