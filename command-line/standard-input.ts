import { StandardInputFile } from './standard-input-file';

/**
 * Standard input for a program that asks for it now and then. A terminal or a pipe is opened at the first question, so that a program that
 * reads nothing takes nothing from it.
 */
export class StandardInput {
  /** Standard input where it is a file. */
  readonly file = StandardInputFile.open();
  private stream: NodeJS.ReadStream | undefined;
  private ended = false;

  /** At most `length` bytes that have arrived; `wait` where none have yet. */
  read(length: number): Uint8Array | 'wait' | 'end' {
    if (this.file) return this.file.next(length);
    const stream = this.open();
    const available = Math.min(length, stream.readableLength);
    if (available > 0) return stream.read(available) as Uint8Array;
    if (this.ended) return 'end';
    fetch(stream);
    return 'wait';
  }

  /** Settles when `read` has something else to answer than `wait`. */
  async arrival(): Promise<void> {
    if (this.file) return;
    const stream = this.open();
    if (this.ended || stream.readableLength > 0) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of events) stream.off(event, done);
        resolve();
      };
      for (const event of events) stream.on(event, done);
      fetch(stream);
    });
  }

  /** Lets the process end though input may still come; what comes after it reads on where the program has stopped. */
  close(): void {
    this.file?.leave();
    this.stream?.destroy();
  }

  private open(): NodeJS.ReadStream {
    if (!this.stream) {
      this.stream = process.stdin;
      const end = () => {
        this.ended = true;
      };
      for (const event of ['end', 'close', 'error']) this.stream.on(event, end);
    }
    return this.stream;
  }
}

/** Tells the stream that its buffer is used up, so that it fetches more. */
function fetch(stream: NodeJS.ReadStream): void {
  stream.read(0);
}

const events = ['readable', 'end', 'close', 'error'];
