import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { frame, MessageReader } from '../../debug-adapter/message-stream';
import { adapterFile, Driver, sample, scratchFile, spawnAdapter, stdioClient } from './adapter';

const fib = sample('fib.s');

describe('the adapter on standard streams', () => {
  it('runs a program', async () => {
    const driver = await Driver.connect(await stdioClient());
    await driver.request('launch', { program: fib });
    await driver.request('configurationDone');
    assert.equal(await driver.exit(), 0);
    await driver.close();
  });

  it('ends after disconnect', async () => {
    const child = spawnAdapter();
    child.stdin.write(frame({ seq: 1, type: 'request', command: 'disconnect' }));
    const [said] = await once(child.stdout, 'data');
    assert.match(String(said), /"command":"disconnect","success":true/);
    const [code] = await once(child, 'close');
    assert.equal(code, 0);
  });

  it('ends when its input ends while the program runs, having said so', async () => {
    const { child, said } = await runsForEver();
    child.stdin.end();
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.match(said(), /"event":"terminated"/);
  });

  it('is ended by a signal while the program runs', async () => {
    const { child } = await runsForEver();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'close'), [null, 'SIGTERM']);
  });

  it('ends with an error where the thread of the session fails, which answers what was asked', async () => {
    const preload = scratchFile('fail.cjs', `if (!require('node:worker_threads').isMainThread) throw new Error('no thread');`);
    const child = spawn(process.execPath, ['--require', preload, adapterFile], { stdio: 'pipe' });
    const texts = [child.stdout, child.stderr].map((stream) => textOf(stream));
    child.stdin.write(frame({ seq: 7, type: 'request', command: 'initialize', arguments: {} }));
    assert.deepEqual(await once(child, 'close'), [1, null]);
    const [said, problems] = texts.map((text) => text());
    assert.match(said!, /"request_seq":7,"command":"initialize","success":false,"message":"The debug adapter failed: no thread"/);
    assert.match(problems!, /^riscv-ftrace debug adapter: Error: no thread\n {4}at /);
  });

  it('gives up a stream that is not DAP, with a message on standard error', async () => {
    const child = spawnAdapter();
    child.stdin.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [said] = await once(child.stderr, 'data');
    assert.match(String(said), /no usable Content-Length/);
    const [code] = await once(child, 'close');
    assert.equal(code, 0);
  });

  it('refuses other options', async () => {
    const child = spawnAdapter('--server=99999');
    const [said] = await once(child.stderr, 'data');
    assert.match(String(said), /^usage: /);
    assert.deepEqual(await once(child, 'close'), [2, null]);
  });
});

/** An adapter on standard streams with a program that runs for ever, and what it has said so far. */
async function runsForEver(): Promise<{ child: ReturnType<typeof spawnAdapter>; said: () => string }> {
  const child = spawnAdapter();
  const said = textOf(child.stdout);
  const program = scratchFile('for-ever.s', '.globl _start\n_start: j _start\n');
  const requests = { initialize: {}, launch: { program }, configurationDone: {} };
  for (const [index, [command, args]] of Object.entries(requests).entries()) {
    child.stdin.write(frame({ seq: index + 1, type: 'request', command, arguments: args }));
    while (!said().includes(`"command":"${command}","success":true`)) await once(child.stdout, 'data');
  }
  return { child, said };
}

/** What has come from a stream so far. */
function textOf(stream: Readable): () => string {
  let text = '';
  stream.on('data', (bytes) => {
    text += bytes;
  });
  return () => text;
}

describe('the adapter in a worker thread', () => {
  it('takes and gives messages as objects, and answers while the program runs', async () => {
    const worker = new Worker(`require(${JSON.stringify(resolve(__dirname, '../../debug-adapter/main.ts'))})`, {
      eval: true,
      execArgv: ['-r', 'tsx/cjs', '-r', resolve(__dirname, '../support/text-modules.cjs')],
    });
    const messages: DebugProtocol.ProtocolMessage[] = [];
    worker.on('message', (message) => messages.push(message));
    const ask = async (seq: number, command: string, args: object = {}) => {
      worker.postMessage({ seq, type: 'request', command, arguments: args });
      for (;;) {
        const answer = messages.find((each) => each.type === 'response' && (each as DebugProtocol.Response).request_seq === seq);
        if (answer) return answer as DebugProtocol.Response;
        await once(worker, 'message');
      }
    };
    try {
      assert.equal((await ask(1, 'initialize')).body.supportsDisassembleRequest, true);
      worker.postMessage('not a request');
      assert.equal((await ask(2, 'launch', { program: fib, trace: ['fib'] })).success, true);
      assert.equal((await ask(3, 'configurationDone')).success, true);
      const ended = () => messages.some((each) => each.type === 'event' && (each as DebugProtocol.Event).event === 'terminated');
      while (!ended()) await once(worker, 'message');
      assert.equal((await ask(4, 'readTrace', { from: 0 })).body.lines.length, 177);
    } finally {
      await worker.terminate();
    }
  });
});

describe('malformed requests', () => {
  let driver: Driver;
  beforeEach(async () => {
    driver = await Driver.connect();
  });
  afterEach(() => driver?.close());

  const commands = [
    'launch restart configurationDone setBreakpoints setFunctionBreakpoints setInstructionBreakpoints breakpointLocations continue next',
    'stepIn stepOut pause exceptionInfo stackTrace scopes variables setVariable source loadedSources evaluate setExpression completions',
    'disassemble readMemory writeMemory setTraceMarkers traceMarkers readTrace',
  ].flatMap((line) => line.split(' '));

  it('before launch each is answered with an error', async () => {
    for (const command of commands) assert.match(await driver.error(command, {}), new RegExp(`^${command}: `), command);
    assert.match(await driver.error('fly', {}), /no request "fly"/);
    assert.match(await driver.error('toString', {}), /no request "toString"/);
  });

  it('with arguments of the wrong kind or size each is answered, and the session lives', async () => {
    await driver.request('launch', { program: fib, stopOnEntry: true });
    await driver.request('configurationDone');
    await driver.stopped();
    const odd = [null, -1, 2 ** 53, 1e308, '', 'x'.repeat(10_000), '0xffffffffffffffff', [], [null], {}, { line: {} }, true, 3.5];
    const names =
      'threadId frameId variablesReference name value expression context memoryReference offset count data instructionOffset instructionCount source breakpoints markers from limit startFrame levels text column line granularity sourceReference'.split(
        ' ',
      );
    let seed = 11;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    const safe = commands.filter((command) => !['launch', 'restart', 'continue', 'next', 'stepIn', 'stepOut'].includes(command));
    const plausible: Record<string, unknown> = {
      memoryReference: '0x10000',
      expression: 'a0',
      frameId: 1,
      variablesReference: 4,
      name: 'a0',
      value: '1',
      text: 'a',
      column: 1,
      from: 0,
      count: 8,
      instructionCount: 3,
      line: 3,
      source: { path: fib },
    };
    for (let round = 0; round < 600; round++) {
      const args = {
        ...plausible,
        ...Object.fromEntries(Array.from({ length: random(4) }, () => [names[random(names.length)], odd[random(odd.length)]])),
      };
      const command = safe[random(safe.length)]!;
      const answer = await driver.client.customRequest(command, args).catch((error: Error) => error);
      if (answer instanceof Error) assert.doesNotMatch(answer.message, /internal error/, `${command} ${JSON.stringify(args)}`);
    }
    assert.equal((await driver.request('threads')).threads.length, 1);
  });
});

describe('the message reader', () => {
  const read = (pieces: readonly (string | Buffer)[]) => {
    const received: string[] = [];
    const problems: string[] = [];
    const reader = new MessageReader(
      ({ command }) => received.push(command),
      (problem, fatal) => problems.push(fatal ? `fatal: ${problem}` : problem),
    );
    for (const piece of pieces) reader.push(Buffer.from(piece as string));
    return { received, problems };
  };
  const request = (command: string) => frame({ seq: 1, type: 'request', command });

  it('joins and cuts pieces of any size', () => {
    const stream = Buffer.from(request('one') + request('zwei-ü') + request('three'));
    for (const size of [1, 2, 7, 50, 1000]) {
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        stream.subarray(index * size, (index + 1) * size),
      );
      assert.deepEqual(read(pieces), { received: ['one', 'zwei-ü', 'three'], problems: [] });
    }
  });

  it('goes on after a message that is no request', () => {
    const { received, problems } = read([
      'Content-Length: 3\r\n\r\n{"a',
      'Content-Length: 2\r\n\r\n[]',
      frame(null),
      frame({ type: 'request', seq: 'x' }),
      request('last'),
    ]);
    assert.deepEqual(received, ['last']);
    assert.equal(problems.length, 4);
    assert.match(problems[0]!, /not JSON/);
  });

  for (const [what, text] of Object.entries({
    'no length': 'Content-Type: x\r\n\r\n{}',
    'a negative length': 'Content-Length: -5\r\n\r\n{}',
    'a length that is no number': 'Content-Length: ten\r\n\r\n{}',
    'an enormous length': 'Content-Length: 99999999999999\r\n\r\n{}',
    'a header without end': 'x'.repeat(5000),
  })) {
    it(`gives up at ${what}`, () => {
      const { received, problems } = read([text, request('after')]);
      assert.deepEqual(received, []);
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, /^fatal: /);
    });
  }

  it('takes other header fields and cases', () => {
    const body = '{"seq":1,"type":"request","command":"x"}';
    assert.deepEqual(read([`content-length:${body.length}\r\nContent-Type: application/json\r\n\r\n${body}`]).received, ['x']);
  });
});

describe('an adapter with --server', () => {
  it('has a session for each connection', async () => {
    const [one, other] = [await Driver.connect(), await Driver.connect()];
    try {
      await one.request('launch', { program: fib, stopOnEntry: true });
      assert.match(await other.error('stackTrace', {}), /no program is launched/);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });

  it('listens on the loopback interface only', async () => {
    const child = spawnAdapter('--server=0');
    try {
      const [said] = await once(child.stderr, 'data');
      assert.match(String(said), /listening on 127\.0\.0\.1:\d+/);
    } finally {
      child.kill();
    }
  });
});
