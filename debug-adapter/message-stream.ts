import type { DebugProtocol } from '@vscode/debugprotocol';

/** A header longer than this, or a message longer than `longestMessage`, is not DAP: the stream is given up. */
const longestHeader = 4096;
const longestMessage = 64 * 1024 * 1024;
const separator = '\r\n\r\n';

/**
 * Cuts a byte stream into DAP messages (Debug Adapter Protocol, "Base Protocol"). A body that is not a request is reported and
 * skipped; a header without a usable Content-Length leaves no way to find the next message, so the stream is given up.
 */
export class MessageReader {
  private pending: Buffer = Buffer.alloc(0);
  private length: number | undefined;
  private broken = false;

  constructor(
    private readonly receive: (message: DebugProtocol.Request) => void,
    private readonly report: (problem: string, fatal: boolean) => void,
  ) {}

  push(bytes: Buffer): void {
    if (this.broken) return;
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    while (!this.broken && this.takeOne());
  }

  private takeOne(): boolean {
    if (this.length === undefined) return this.takeHeader();
    if (this.pending.length < this.length) return false;
    const body = this.pending.toString('utf8', 0, this.length);
    this.pending = this.pending.subarray(this.length);
    this.length = undefined;
    this.deliver(body);
    return true;
  }

  private takeHeader(): boolean {
    const end = this.pending.indexOf(separator);
    if (end < 0) {
      if (this.pending.length > longestHeader) this.giveUp(`no header within ${longestHeader} bytes`);
      return false;
    }
    const header = this.pending.toString('latin1', 0, end);
    const field = /^content-length:[ \t]*(\d+)[ \t]*$/im.exec(header);
    const length = field ? Number(field[1]) : Number.NaN;
    if (!(length <= longestMessage)) {
      this.giveUp(`the header ${JSON.stringify(header.slice(0, 80))} has no usable Content-Length`);
      return false;
    }
    this.pending = this.pending.subarray(end + separator.length);
    this.length = length;
    return true;
  }

  private deliver(body: string): void {
    let message: unknown;
    try {
      message = JSON.parse(body);
    } catch (error) {
      this.report(`a message is not JSON: ${(error as Error).message}`, false);
      return;
    }
    if (isRequest(message)) this.receive(message);
    else this.report(`a message is not a request: ${body.slice(0, 80)}`, false);
  }

  private giveUp(problem: string): void {
    this.broken = true;
    this.pending = Buffer.alloc(0);
    this.report(problem, true);
  }
}

/** A message as it goes over the wire. */
export function frame(message: unknown): string {
  const json = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(json)}${separator}${json}`;
}

export function isRequest(message: unknown): message is DebugProtocol.Request {
  if (typeof message !== 'object' || message === null) return false;
  const { type, command, seq } = message as Record<string, unknown>;
  return type === 'request' && typeof command === 'string' && Number.isSafeInteger(seq);
}
