import { createServer } from 'node:net';
import { serve } from './stream-connection';

const usage = `usage: debug-adapter [--server=PORT]
Speaks the Debug Adapter Protocol on standard input and output, or with --server to each connection on 127.0.0.1:PORT.
`;

/** The adapter alone, for any editor. `script` is the adapter for the thread of a session. */
export function serveEditors(args: readonly string[], script: string): void {
  const [option, ...rest] = args;
  if (option === undefined) {
    void serveStandardStreams(script);
    return;
  }
  const port = Number(/^--server=(\d{1,5})$/.exec(option)?.[1] ?? Number.NaN);
  if (rest.length > 0 || !(port <= 65_535)) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  listen(port, script);
}

async function serveStandardStreams(script: string): Promise<void> {
  if (!(await serve(process.stdin, process.stdout, script))) process.exitCode = 1;
  process.stdin.destroy();
}

/** Serves each connection with a session of its own. Port 0 takes a free one; standard error says which. */
function listen(port: number, script: string): void {
  const server = createServer((socket) => {
    void serve(socket, socket, script).then(() => socket.end());
  });
  server.on('error', (error) => {
    process.stderr.write(`riscv-ftrace debug adapter: cannot listen on 127.0.0.1:${port}: ${error.message}\n`);
    process.exitCode = 1;
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const listening = typeof address === 'object' && address ? address.port : port;
    process.stderr.write(`riscv-ftrace debug adapter: listening on 127.0.0.1:${listening}\n`);
  });
}
