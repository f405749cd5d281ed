import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { frame, MessageReader } from './message-stream';
import { Session } from './session';

/**
 * A session over a byte stream. Resolves when the editor has left: it disconnected, closed the stream or sent what is not DAP.
 * Problems of the stream itself go to standard error.
 */
export function serve(input: Readable, output: Writable): Promise<void> {
  return new Promise((resolve) => {
    const session = new Session({ congestion: () => (output.writableNeedDrain ? drained(output) : undefined) });
    const leave = () => {
      session.shutdown();
      resolve();
    };
    const reader = new MessageReader(
      (request) => session.handleMessage(request),
      (problem, fatal) => {
        process.stderr.write(`riscv-ftrace debug adapter: ${problem}\n`);
        if (fatal) leave();
      },
    );
    session.onDidSendMessage((message) => {
      if (output.writable) output.write(frame(message));
      if (isDisconnected(message)) leave();
    });
    input.on('data', (bytes: Buffer) => reader.push(bytes));
    for (const event of ['end', 'close', 'error']) input.on(event, leave);
    output.on('error', leave);
  });
}

function isDisconnected(message: unknown): boolean {
  const { type, command, success } = message as { type?: string; command?: string; success?: boolean };
  return type === 'response' && command === 'disconnect' && success === true;
}

async function drained(output: Writable): Promise<void> {
  await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(() => undefined);
}
