import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workerCheck } from '../../language-server/diagnostics/worker-check';
import { Workspace } from '../../language-server/workspace/workspace';
import { wholeIsa } from '../../riscv/isa-string';

/** A checker that needs `megabytes` of heap, and says with what heap it did it. */
const checker = (megabytes: number) => `const { parentPort, resourceLimits } = require('node:worker_threads');
parentPort.on('message', ({ id }) => {
  const kept = [];
  for (let at = 0; at < ${megabytes}; at += 1) kept.push(Array.from({ length: 1 << 17 }, (_, index) => index + at / 2));
  const message = kept.length + ' in ' + resourceLimits.maxOldGenerationSizeMb;
  parentPort.postMessage({ id, problems: new Map([[0, [{ start: 0, end: 1, message, origin: 'error' }]]]) });
});`;

describe('the check in a worker', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function answers(script: string, count: number): Promise<(string | undefined)[]> {
    const path = join(folder, 'checker.js');
    writeFileSync(path, script);
    const workspace = new Workspace({ read: () => undefined, list: async () => [] });
    const document = workspace.opened('file:///a.s', 'nop', 1);
    const { check } = workerCheck(path);
    const all = await Promise.all(Array.from({ length: count }, () => check(workspace, document, wholeIsa)));
    return all.map((problems) => problems.get(0)?.[0]?.message);
  }

  it('has a small heap', async () => {
    assert.deepEqual(await answers(checker(1), 2), ['1 in 72', '1 in 72']);
  });

  it('is done again with a large one where the small one does not do', async () => {
    assert.deepEqual(await answers(checker(100), 1), ['100 in 2048']);
  });

  it('finds nothing where the worker fails', async () => {
    assert.deepEqual(await answers('throw new Error()', 2), [undefined, undefined]);
  });
});
