import type { MessagePort } from 'node:worker_threads';
import { isRequest } from './message-stream';
import { Session } from './session';
import { ThreadMessages } from './thread-messages';

/** What the thread that has the editor's stream tells beside DAP's messages: it takes no more for now, or does again; it is closed. */
export interface StreamState {
  readonly stream: 'full' | 'drained' | 'closed';
}

/**
 * A session in a worker thread: DAP messages as they are, to and from the thread that made it. With the stream closed it ends, and the
 * thread when nothing is left to do in it.
 */
export function serveThread(port: MessagePort): void {
  const congestion = new Congestion();
  const messages = new ThreadMessages(port, (message) => {
    if (isRequest(message)) session.handleMessage(message);
    else if (isStreamState(message)) tell(message);
  });
  const session = new Session({ isWanted: () => messages.areWaiting(), congestion: () => congestion.wait });
  session.onDidSendMessage((message) => port.postMessage(message));

  function tell({ stream }: StreamState): void {
    if (stream === 'full') congestion.begin();
    else if (stream === 'drained') congestion.end();
    else {
      session.shutdown();
      // What the session has still to say comes before.
      setImmediate(() => port.close());
    }
  }
}

/** The time in which the editor reads more slowly than it is written to. */
class Congestion {
  #wait: Promise<void> | undefined;
  #end: () => void = () => {};

  /** A promise of its end; undefined at all other times. */
  get wait(): Promise<void> | undefined {
    return this.#wait;
  }

  begin(): void {
    this.#wait ??= new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  end(): void {
    this.#end();
    this.#wait = undefined;
  }
}

function isStreamState(message: unknown): message is StreamState {
  return typeof message === 'object' && message !== null && 'stream' in message;
}
