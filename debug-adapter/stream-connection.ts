import type { Readable, Writable } from 'node:stream';
import { AdapterWorker } from './adapter-worker';
import { frame, MessageReader } from './message-stream';

/**
 * A session over a byte stream, in a thread of its own: there messages are seen while the program runs. Resolves when that has ended,
 * since the editor has left (it disconnected, closed the stream or sent what is not DAP) or the thread has failed; true for the former.
 * Problems go to standard error. `script` is the adapter for the thread.
 */
export async function serve(input: Readable, output: Writable, script: string): Promise<boolean> {
  let hasLeft = false;
  let isFull = false;
  const worker = new AdapterWorker(script, (message) => {
    if (output.writable) output.write(frame(message));
    if (isDisconnected(message)) leave();
    if (isFull || !output.writableNeedDrain) return;
    isFull = true;
    worker.tell('full');
  });
  const leave = () => {
    if (hasLeft) return;
    hasLeft = true;
    worker.tell('closed');
  };
  const reader = new MessageReader(
    (request) => worker.send(request),
    (problem, fatal) => {
      report(problem);
      if (fatal) leave();
    },
  );
  input.on('data', (bytes: Buffer) => reader.push(bytes));
  for (const event of ['end', 'close', 'error']) input.on(event, leave);
  output.on('error', leave);
  output.on('drain', () => {
    isFull = false;
    worker.tell('drained');
  });
  const failure = await worker.ended;
  if (failure !== undefined) report(failure);
  return failure === undefined;
}

function report(problem: string): void {
  process.stderr.write(`riscv-ftrace debug adapter: ${problem}\n`);
}

function isDisconnected(message: unknown): boolean {
  const { type, command, success } = message as { type?: string; command?: string; success?: boolean };
  return type === 'response' && command === 'disconnect' && success === true;
}
