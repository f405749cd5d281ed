import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** The messages that come to a thread through a port, in their order; also while the event loop does not turn it can be asked for them. */
export class ThreadMessages {
  /** Messages that were taken while the event loop did not turn. */
  readonly #taken: unknown[] = [];

  constructor(
    private readonly port: MessagePort,
    private readonly receive: (message: unknown) => void,
  ) {
    port.on('message', (message: unknown) => {
      this.#taken.push(message);
      this.#pass();
    });
  }

  /** Whether there is a message that was not received: it will be when the event loop turns. */
  areWaiting(): boolean {
    const next = receiveMessageOnPort(this.port) as { readonly message: unknown } | undefined;
    if (next && this.#taken.push(next.message) === 1) setImmediate(() => this.#pass());
    return this.#taken.length > 0;
  }

  #pass(): void {
    for (const message of this.#taken.splice(0)) this.receive(message);
  }
}
