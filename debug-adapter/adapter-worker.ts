import { Worker } from 'node:worker_threads';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { StreamState } from './session-thread';

type Message = DebugProtocol.ProtocolMessage;

/**
 * The debug adapter in a worker thread. Messages go through as they are. Where the worker fails, every request that waits gets an
 * error, and the session ends with a message: nothing waits for ever.
 */
export class AdapterWorker {
  /** Resolves when the thread has ended: with why, where nobody wanted that. */
  readonly ended: Promise<string | undefined>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, string>();
  private failure: string | undefined;
  private isToEnd = false;

  /** `script` is the adapter's bundle; `receive` gets what the adapter sends. */
  constructor(
    script: string,
    private readonly receive: (message: Message) => void,
  ) {
    this.worker = new Worker(script, { name: 'riscv-ftrace debug adapter' });
    this.worker.on('message', (message: Message) => this.pass(message));
    let trace: string | undefined;
    this.worker.on('error', (error) => {
      const message = error instanceof Error ? error.message : `${error}`;
      trace = (error instanceof Error && error.stack) || message;
      this.fail(`The debug adapter failed: ${message}`);
    });
    this.ended = new Promise((resolve) => {
      this.worker.on('exit', (code) => {
        this.fail(`The debug adapter ended unexpectedly with exit code ${code}.`);
        resolve(trace ?? this.failure);
      });
    });
  }

  send(message: Message): void {
    if (message.type === 'request') {
      const { command } = message as DebugProtocol.Request;
      if (this.failure !== undefined) {
        this.refuse(message.seq, command, this.failure);
        return;
      }
      this.waiting.set(message.seq, command);
    }
    this.worker.postMessage(message);
  }

  /** Tells the thread of the stream that its messages go to. With a closed one it ends when it has nothing left to do. */
  tell(stream: StreamState['stream']): void {
    this.isToEnd ||= stream === 'closed';
    this.worker.postMessage({ stream } satisfies StreamState);
  }

  /** Ends the thread, whatever it does. */
  dispose(): void {
    this.isToEnd = true;
    void this.worker.terminate();
  }

  private pass(message: Message): void {
    if (message.type === 'response') this.waiting.delete((message as DebugProtocol.Response).request_seq);
    this.receive(message);
  }

  private fail(reason: string): void {
    if (this.isToEnd || this.failure !== undefined) return;
    this.failure = reason;
    this.event('output', { category: 'stderr', output: `${reason}\n` });
    for (const [sequence, command] of this.waiting) this.refuse(sequence, command, reason);
    this.waiting.clear();
    this.event('terminated', {});
  }

  private refuse(sequence: number, command: string, reason: string): void {
    const body = { error: { id: 1, format: reason, showUser: true } };
    this.receive({ seq: 0, type: 'response', request_seq: sequence, command, success: false, message: reason, body } as Message);
  }

  private event(event: string, body: object): void {
    this.receive({ seq: 0, type: 'event', event, body } as Message);
  }
}
