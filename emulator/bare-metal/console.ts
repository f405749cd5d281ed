import type { ProcessHost } from '../linux/process-host';

const capacity = 1024;
/** Instructions after which output is seen at the latest. */
const patience = 100_000n;
const newline = 10;

/** The terminal of a bare machine, for whatever the program prints through: serial port, HTIF or semihosting. */
export class Console {
  readonly #host: ProcessHost;
  readonly #instret: () => bigint;
  readonly #pending = new Uint8Array(capacity);
  #length = 0;
  #flushAt: bigint | undefined;
  #input: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(host: ProcessHost, instret: () => bigint) {
    this.#host = host;
    this.#instret = instret;
  }

  /** When what is held back is due, as a value of `instret`. */
  get flushAt(): bigint | undefined {
    return this.#flushAt;
  }

  /** Whether there will be no more input. */
  get inputEnded(): boolean {
    return this.#ended;
  }

  put(byte: number): void {
    this.#pending[this.#length] = byte;
    this.#length += 1;
    this.#flushAt ??= this.#instret() + patience;
    if (byte === newline || this.#length === capacity) this.flush();
  }

  write(descriptor: 1 | 2, bytes: Uint8Array): void {
    this.flush();
    this.#host.write(descriptor, bytes);
  }

  flush(): void {
    if (this.#length > 0) this.#host.write(1, this.#pending.slice(0, this.#length));
    this.#length = 0;
    this.#flushAt = undefined;
  }

  /** At most `length` bytes of input. */
  read(length: number): Uint8Array | 'wait' | 'end' {
    this.flush();
    if (this.#input.length === 0) {
      const input = this.#ended ? 'end' : this.#host.read(length);
      this.#ended = input === 'end';
      if (typeof input === 'string') return input;
      this.#input = input;
    }
    const bytes = this.#input.subarray(0, length);
    this.#input = this.#input.subarray(bytes.length);
    return bytes;
  }

  /** The next byte of input, or undefined while there is none. */
  get(): number | undefined {
    const bytes = this.read(1);
    return typeof bytes === 'string' ? undefined : bytes[0];
  }

  note(message: string): void {
    this.flush();
    this.#host.note(message);
  }
}
