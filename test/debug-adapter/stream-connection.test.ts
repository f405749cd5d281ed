import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { frame } from '../../debug-adapter/message-stream';
import { serve } from '../../debug-adapter/stream-connection';
import { scratchFile } from './adapter';

/** Says more than a stream takes at once when it is asked, and what it is told of the stream. */
const talkative = `
const { parentPort } = require('node:worker_threads');
const say = (event) => parentPort.postMessage({ seq: 1, type: 'event', event });
parentPort.on('message', ({ command, stream }) => {
  if (command) for (let count = 0; count < 20; count += 1) say('x'.repeat(10_000));
  else say(stream);
  if (stream === 'closed') parentPort.close();
});
`;

describe('a session over a stream', () => {
  it('tells its thread once that the stream takes no more, and once that it does again', async () => {
    const input = new PassThrough();
    let said = '';
    const held: (() => void)[] = [];
    let isSlow = true;
    const output = new Writable({
      write(bytes, _, done) {
        said += bytes;
        if (isSlow) held.push(done);
        else done();
      },
    });
    const served = serve(input, output, scratchFile('talkative.js', talkative));
    input.write(frame({ seq: 1, type: 'request', command: 'talk' }));
    // The last of them, `full`, is behind what was said.
    while (output.writableLength < 200_000 || !output.writableNeedDrain) await new Promise(setImmediate);
    isSlow = false;
    for (const done of held.splice(0)) done();
    while (!said.includes('"drained"')) await new Promise(setImmediate);
    input.end();
    assert.equal(await served, true);
    assert.deepEqual(said.match(/"(full|drained|closed)"/g), ['"full"', '"drained"', '"closed"']);
  });
});
