import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import { chromium } from 'playwright-core';
import { installVsCode } from '../../scripts/vscode-install';
import { chromiumPath } from './code-window';

/** What `runEngine` gives, wherever it runs. */
interface Ran {
  readonly results: readonly string[];
  readonly translated: number;
  readonly leftForHooks: number;
}

/** Hosts of the engine: its bundle is the same for all, and so is what comes of it. */
describe('the engine', () => {
  let script: string;
  let expected: string | undefined;
  const check = ({ results, translated, leftForHooks }: Ran): void => {
    expected ??= results[0]!;
    assert.deepEqual(results, [expected, expected]);
    assert.match(expected, /^\{"kind":"exit","code":24\} /);
    assert.ok(translated > 1, `${translated} regions`);
    assert.ok(leftForHooks < 20, `left ${leftForHooks} times for hooks`);
  };

  before(() => {
    const built = buildSync({
      ...{ entryPoints: [join(__dirname, 'engine/run-engine.ts')], bundle: true, write: false, platform: 'browser', format: 'iife' },
      ...{ globalName: 'engine', loader: { '.S': 'text' } },
    });
    script = built.outputFiles[0]!.text;
  });

  it('runs in a worker thread of this Node', async () => {
    const worker = new Worker(`${script}; require('node:worker_threads').parentPort.postMessage(engine.runEngine());`, { eval: true });
    check(await new Promise<Ran>((resolve, reject) => worker.once('message', resolve).once('error', reject)));
    await worker.terminate();
  });

  it("runs in the Node of VS Code's server, which its extension host has", async () => {
    const { node } = await installVsCode((line) => process.stdout.write(`${line}\n`));
    const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-engine-'));
    try {
      const file = join(folder, 'engine.cjs');
      writeFileSync(file, `${script}; console.log(JSON.stringify(engine.runEngine()));`);
      assert.ok(Number.parseInt(`${execFileSync(node, ['--version'])}`.slice(1), 10) >= 22);
      check(JSON.parse(`${execFileSync(node, [file])}`) as Ran);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('runs in a page and in a web worker of Chromium', async () => {
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      check((await page.evaluate(`${script}; engine.runEngine()`)) as Ran);
      const inWorker = `new Promise((resolve, reject) => {
        const source = new Blob([${JSON.stringify(`${script}; postMessage(engine.runEngine());`)}]);
        const worker = new Worker(URL.createObjectURL(source));
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      })`;
      check((await page.evaluate(inWorker)) as Ran);
    } finally {
      await browser.close();
    }
  });
});
