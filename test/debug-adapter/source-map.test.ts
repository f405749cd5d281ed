import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeSourceMap } from '../../debug-adapter/source-map';
import { requireTools } from '../support/tools';
import { Driver, scratchFile } from './adapter';

describe('sources that have moved', () => {
  let driver: Driver | undefined;
  afterEach(() => driver?.close());

  for (const [path, place] of [
    ['/build/lib/a.c', '/home/lib/a.c'],
    ['/build/lib/deep/a.c', '/home/deeper/a.c'],
    ['/build/library/a.c', '/home/elsewhere/library/a.c'],
    ['/other/a.c', undefined],
    ['C:\\work\\a.c', '/home/windows/a.c'],
    ['lib/a.c', '/base/relative/a.c'],
    ['/one.c', '/home/1.c'],
  ] as const)
    it(`${path} is ${place ?? 'not spoken of'}`, () => {
      const map = makeSourceMap(
        {
          '/build/': '/home/elsewhere',
          '/build/lib': '/home/lib',
          '/build/lib/deep/': '/home/deeper',
          'C:\\work': '/home/windows',
          lib: 'relative',
          '/one.c': '/home/1.c',
        },
        '/base',
      );
      assert.equal(map(path), place);
    });

  it('are found where the launch says, for the stack and for breakpoints', async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    const text = 'int answer(int x) { return x + 1; }\nvoid _start(void) { answer(1); for (;;) {} }\n';
    const source = scratchFile('moved.c', text);
    const folder = dirname(source);
    const program = join(folder, 'programs', 'moved');
    const copies = join(folder, 'copies');
    for (const made of [dirname(program), copies]) mkdirSync(made, { recursive: true });
    const copy = join(copies, 'moved.c');
    copyFileSync(source, copy);
    const compiledIn = '/of/another/machine';
    execFileSync('riscv64-linux-gnu-gcc', [
      '-g',
      '-static',
      '-nostdlib',
      `-ffile-prefix-map=${folder}=${compiledIn}`,
      source,
      '-o',
      program,
    ]);

    driver = await Driver.launch({ program, stopOnEntry: true });
    assert.match(
      (await driver.breakAt(copy, 1))[0]!.message!,
      /no code from this file, but from \/of\/another\/machine\/moved\.c; "sourceMap" in launch\.json/,
    );
    await driver.close();

    driver = await Driver.launch({ program, stopOnEntry: true, sourceMap: { [compiledIn]: copies } });
    await driver.stopped();
    assert.equal((await driver.breakAt(copy, 1))[0]!.verified, true);
    await driver.until('continue');
    assert.deepEqual(
      (await driver.stack()).slice(0, 2).map(({ name, source: from }) => [name, from?.path]),
      [
        ['answer', copy],
        ['_start', copy],
      ],
    );
  });

  it('are refused where the place is not a path', async () => {
    driver = await Driver.connect();
    const sourceMap = { '/build': 1 } as unknown as Record<string, string>;
    assert.match(await driver.error('launch', { program: 'a.s', sourceMap }), /"sourceMap": \/build: the folder where it is now is needed/);
  });
});
