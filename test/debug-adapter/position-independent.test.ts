import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProgram } from '../../program/read-program';
import { requireTools } from '../support/tools';
import { Driver, scratchFile } from './adapter';

const source = join(__dirname, 'position-independent.c');
const inLoop =
  readFileSync(source, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes('in the loop')) + 1;

const compilers = {
  gcc: ['riscv64-linux-gnu-gcc', '-Wl,--no-dynamic-linker'],
  clang: ['clang-19', '--target=riscv64-linux-gnu', '-fuse-ld=lld-19', '-Wl,--no-dynamic-linker'],
} as const;

describe('position-independent programs', () => {
  for (const [kind, version, level] of [
    ['gcc', 4, '-O0'],
    ['gcc', 5, '-O2'],
    ['clang', 4, '-O2'],
    ['clang', 5, '-O0'],
  ] as const) {
    it(`of ${kind} with DWARF ${version} and ${level} show what those at fixed places show`, async function () {
      const [command, ...target] = compilers[kind];
      requireTools(this, command, ...(kind === 'clang' ? ['ld.lld-19'] : []));
      const build = (name: string, ...link: readonly string[]) => {
        const path = scratchFile(`${name}.elf`, '');
        const flags = ['-g', `-gdwarf-${version}`, level, ...link, '-nostdlib', '-ffreestanding', '-fPIE', '-fpatchable-function-entry=4'];
        execFileSync(command, [...target, ...flags, source, '-o', path], { stdio: ['ignore', 'ignore', 'inherit'] });
        return path;
      };
      const moved = build('moved', '-static-pie', '-DRELOCATES');
      assert.equal(readProgram(readFileSync(moved), 'moved').bias, 0x10000n);
      const told = await conversation(moved);
      assert.deepEqual(told, await conversation(build('fixed', '-no-pie')));
      assert.match(told.join('\n'), /^table: \{1, 2, 3, 4\}\nnames\[1\]: 0x "two"$/m);
      assert.match(told.join('\n'), /^square <-run$/m);
    });
  }
});

/** What a session says of the program, without its addresses. */
async function conversation(program: string): Promise<readonly string[]> {
  const said: string[] = [];
  const driver = await Driver.launch({ program, trace: ['square'] }, (fresh) => fresh.breakAt(source, inLoop));
  try {
    for (let stop = 0; stop < 3; stop += 1) {
      await driver.stopped();
      said.push(...(await driver.places()));
      for (const [frame, { name }] of (await driver.stack()).entries()) {
        const locals = [...(await driver.variables('Locals', frame)).values()];
        said.push(`in ${name}: ${locals.map((one) => `${one.name} = ${one.value}`).join(', ')}`);
      }
      for (const expression of ['origin', 'table', 'names[1]', '*names[0]@3', 'origin.x * table[2]', '&table[1]'])
        said.push(`${expression}: ${await driver.evaluate(expression).catch((error: Error) => error.message)}`);
      await driver.until('next');
      said.push(...(await driver.places()));
      await driver.until('stepOut');
      said.push(...(await driver.places()));
      if (stop < 2) await driver.client.continueRequest({ threadId: 1 });
    }
    await driver.request('setBreakpoints', { source: { path: source }, breakpoints: [] });
    await driver.client.continueRequest({ threadId: 1 });
    said.push(`exit ${await driver.exit()}`);
    said.push(...(await driver.request('readTrace', { from: 0 })).lines);
  } finally {
    await driver.close();
  }
  return said.map((line) => line.replace(/0x[0-9a-f]+/g, '0x').replace(/^.*: (?=square <-)/, ''));
}
