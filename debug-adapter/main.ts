import { createServer, type Server } from 'node:net';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { isRequest } from './message-stream';
import { enableMultiplyAdd } from './node-engine';
import { Session } from './session';
import { serve } from './stream-connection';
import { ThreadMessages } from './thread-messages';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

const usage = `usage: debug-adapter [--server=PORT]
Speaks the Debug Adapter Protocol on standard input and output, or with --server to each connection on 127.0.0.1:PORT.
`;

enableMultiplyAdd();
if (parentPort) serveThread(parentPort);
else serveEditors(process.argv.slice(2));

/** The adapter in a worker thread: DAP messages as they are, to and from the thread that made it. */
function serveThread(port: MessagePort): void {
  const messages = new ThreadMessages(port, (message) => {
    if (isRequest(message)) session.handleMessage(message);
  });
  const session = new Session({ isWanted: () => messages.areWaiting() });
  session.onDidSendMessage((message) => port.postMessage(message));
}

/** The adapter alone, for any editor. */
function serveEditors(args: readonly string[]): void {
  const [option, ...rest] = args;
  if (option === undefined) {
    serveStandardStreams();
    return;
  }
  const port = Number(/^--server=(\d{1,5})$/.exec(option)?.[1] ?? Number.NaN);
  if (rest.length > 0 || !(port <= 65_535)) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  listen(port);
}

function serveStandardStreams(): void {
  void serve(process.stdin, process.stdout).then(() => process.stdin.destroy());
}

/** Serves each connection with a session of its own. Port 0 takes a free one; standard error says which. */
function listen(port: number): Server {
  const server = createServer((socket) => {
    void serve(socket, socket).then(() => socket.end());
  });
  server.on('error', (error) => {
    process.stderr.write(`riscv-ftrace debug adapter: cannot listen on 127.0.0.1:${port}: ${error.message}\n`);
    process.exitCode = 1;
  });
  return server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const listening = typeof address === 'object' && address ? address.port : port;
    process.stderr.write(`riscv-ftrace debug adapter: listening on 127.0.0.1:${listening}\n`);
  });
}
