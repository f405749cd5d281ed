import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { AdapterWorker } from '../../debug-adapter/adapter-worker';

type Received = DebugProtocol.ProtocolMessage & {
  event?: string;
  command?: string;
  success?: boolean;
  message?: string;
  request_seq?: number;
};

describe('the adapter in its worker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-worker-'));
  const request = (seq: number, command: string): DebugProtocol.Request => ({ seq, type: 'request', command });
  let worker: AdapterWorker | undefined;

  /** Starts an adapter of that source and returns what it has sent when `done` first says so. */
  const start = (source: string, done: (received: Received[]) => boolean): { worker: AdapterWorker; received: Promise<Received[]> } => {
    const script = join(folder, 'adapter.cjs');
    writeFileSync(script, `const { parentPort } = require('node:worker_threads');\n${source}`);
    const messages: Received[] = [];
    let resolve: (received: Received[]) => void;
    const received = new Promise<Received[]>((each) => {
      resolve = each;
    });
    worker = new AdapterWorker(script, (message) => {
      messages.push(message as Received);
      if (done(messages)) resolve(messages);
    });
    return { worker, received };
  };
  const isTerminated = (received: Received[]): boolean => received.at(-1)?.event === 'terminated';

  afterEach(() => worker?.dispose());
  after(() => rmSync(folder, { recursive: true }));

  it('passes messages both ways as they are', async () => {
    const answer = `parentPort.on('message', (m) => parentPort.postMessage({ seq: 1, type: 'response', request_seq: m.seq, command: m.command, success: true }));`;
    const started = start(answer, (received) => received.length === 1);
    started.worker.send(request(5, 'initialize'));
    assert.deepEqual(await started.received, [{ seq: 1, type: 'response', request_seq: 5, command: 'initialize', success: true }]);
  });

  it('answers the requests that wait and ends the session where the adapter throws', async () => {
    const started = start(`parentPort.on('message', () => { throw new Error('a bug'); });`, isTerminated);
    started.worker.send(request(7, 'launch'));
    const received = await started.received;
    const response = received.find(({ type }) => type === 'response');
    assert.deepEqual([response?.request_seq, response?.success], [7, false]);
    assert.match(response?.message ?? '', /The debug adapter failed: a bug/);
    assert.equal(received[0]?.event, 'output');
  });

  it('ends the session where the adapter exits by itself, once', async () => {
    const started = start(`setTimeout(() => process.exit(3), 10);`, isTerminated);
    const received = await started.received;
    assert.equal(received.filter(({ event }) => event === 'terminated').length, 1);
    assert.match(JSON.stringify(received[0]), /exit code 3/);
  });

  it('refuses what is asked after that', async () => {
    const started = start(`process.exit(1);`, isTerminated);
    const received = await started.received;
    started.worker.send(request(9, 'threads'));
    const response = received.at(-1);
    assert.deepEqual([response?.request_seq, response?.command, response?.success], [9, 'threads', false]);
  });

  it('says what is wrong where the bundle is missing', async () => {
    const messages: Received[] = [];
    await new Promise<void>((resolve) => {
      worker = new AdapterWorker(join(folder, 'missing.js'), (message) => {
        messages.push(message as Received);
        if (isTerminated(messages)) resolve();
      });
    });
    assert.match(JSON.stringify(messages[0]), /missing\.js/);
  });

  it('is silent when it is disposed of', async () => {
    const started = start(`parentPort.on('message', () => {});`, () => false);
    started.worker.dispose();
    const outcome = await Promise.race([started.received, new Promise((resolve) => setTimeout(() => resolve('silent'), 200))]);
    assert.equal(outcome, 'silent');
  });
});
