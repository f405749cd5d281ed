import assert from 'node:assert/strict';
import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { ThreadMessages } from '../../debug-adapter/thread-messages';

describe('the messages of a thread', () => {
  it('are told while the event loop does not turn, and received in their order when it does', async () => {
    const { port1, port2 } = new MessageChannel();
    const received: unknown[] = [];
    const done = once(port1, 'close');
    const messages = new ThreadMessages(port2, (message) => {
      received.push(message);
      if (received.length === 4) port1.close();
    });
    assert.equal(messages.areWaiting(), false);
    port1.postMessage(1);
    port1.postMessage(2);
    assert.equal(messages.areWaiting(), true);
    assert.equal(messages.areWaiting(), true);
    port1.postMessage(3);
    assert.deepEqual(received, []);
    setImmediate(() => port1.postMessage(4));
    await done;
    assert.deepEqual(received, [1, 2, 3, 4]);
    assert.equal(messages.areWaiting(), false);
  });
});
