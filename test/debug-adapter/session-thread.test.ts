import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type StreamState, serveThread } from '../../debug-adapter/session-thread';
import { scratchFile } from './adapter';

const endless = `
        .globl _start
_start: li      a0, 1
        la      a1, text
        li      a2, 1
        li      a7, 64
        ecall
        j       _start
        .data
text:   .ascii  "x"
`;

describe('the session of a thread', () => {
  let port: MessagePort;
  let messages: (DebugProtocol.Response & DebugProtocol.Event)[];
  let count = 0;

  beforeEach(() => {
    const { port1, port2 } = new MessageChannel();
    port = port1;
    messages = [];
    port.on('message', (message) => messages.push(message));
    serveThread(port2);
  });
  afterEach(() => port.close());

  const tell = (stream: StreamState['stream']) => port.postMessage({ stream });
  const ask = async (command: string, args: object = {}) => {
    const seq = ++count;
    port.postMessage({ seq, type: 'request', command, arguments: args });
    for (;;) {
      const answer = messages.find(({ request_seq }) => request_seq === seq);
      if (answer) return answer;
      await once(port, 'message');
    }
  };
  const printed = () => messages.filter(({ event }) => event === 'output').length;
  const launch = async () => {
    assert.equal((await ask('launch', { program: scratchFile('endless.s', endless) })).success, true);
  };

  it('lets the program wait while the stream takes no more, and goes on when it does; a pause takes effect meanwhile', async () => {
    await launch();
    await ask('configurationDone');
    while (printed() === 0) await once(port, 'message');
    tell('full');
    // An answer comes after what was printed before.
    await ask('threads');
    const before = printed();
    const until = performance.now() + 200;
    while (performance.now() < until) await turn();
    assert.equal(printed(), before);
    tell('drained');
    while (printed() === before) await once(port, 'message');
    tell('full');
    await ask('pause', { threadId: 1 });
    while (!messages.some(({ event }) => event === 'stopped')) await once(port, 'message');
  });

  it('ends the program and itself with the stream, having said so', async () => {
    await launch();
    await ask('configurationDone');
    tell('closed');
    await once(port, 'close');
    assert.equal(messages.at(-1)!.event, 'terminated');
  });
});
