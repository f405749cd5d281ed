import type { ReadTraceResponseBody } from '../../debug-adapter/trace-protocol';

type Read = (from: number, limit: number) => Promise<ReadTraceResponseBody | undefined>;

/** Lines asked for at once. */
const batch = 1000;

/** The last lines of a session's trace, in the kernel's text. */
export class TraceLog {
  private header = '';
  private lines: string[] = [];
  /** Number of the next line to read, and of lines that are gone before those kept. */
  private next = 0;
  private dropped = 0;

  /** Keeps at most `kept` lines. */
  constructor(private readonly kept: number) {}

  /** Reads what is new; true where there was something. A shorter trace than before is a new one: the program was restarted. */
  async update(read: Read): Promise<boolean> {
    const end = await read(Number.MAX_SAFE_INTEGER, 1);
    if (!end) return false;
    const isNew = end.next < this.next;
    if (isNew) this.clear();
    this.skipTo(end.next - this.kept);
    const changed = isNew || end.header !== this.header || end.next > this.next;
    this.header = end.header;
    while (this.next < end.next) {
      const part = await read(this.next, Math.min(batch, end.next - this.next));
      if (!part || part.lines.length === 0) break;
      this.skipTo(part.first);
      this.append(part.lines);
    }
    return changed;
  }

  text(): string {
    const note = this.dropped > 0 ? [`# ${this.dropped.toLocaleString('en-US')} earlier lines are not shown`] : [];
    return [...this.header.split('\n').filter((line) => line !== ''), ...note, ...this.lines, ''].join('\n');
  }

  /** Lines that are left out: too many to show, or overwritten in the ring buffer. What is before them is dropped as well. */
  private skipTo(line: number): void {
    if (line <= this.next) return;
    this.lines = [];
    this.dropped = line;
    this.next = line;
  }

  private append(lines: readonly string[]): void {
    this.lines.push(...lines);
    this.next += lines.length;
    const extra = this.lines.length - this.kept;
    if (extra <= 0) return;
    this.lines.splice(0, extra);
    this.dropped += extra;
  }

  private clear(): void {
    this.lines = [];
    this.next = 0;
    this.dropped = 0;
  }
}
