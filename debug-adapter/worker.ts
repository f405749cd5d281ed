import { parentPort } from 'node:worker_threads';
import { isRequest } from './message-stream';
import { enableMultiplyAdd } from './node-engine';
import { Session } from './session';

/** The adapter in a worker thread: DAP messages as they are, to and from the thread that made it. */
if (!parentPort) throw new Error('debug-adapter/worker runs in a worker thread only');
enableMultiplyAdd();
const port = parentPort;
const session = new Session();
session.onDidSendMessage((message) => port.postMessage(message));
port.on('message', (message: unknown) => {
  if (isRequest(message)) session.handleMessage(message);
});
