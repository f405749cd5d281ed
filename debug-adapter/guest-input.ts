/** What was typed for the program's standard input and not read yet. */
export class GuestInput {
  private pending: Uint8Array = new Uint8Array(0);
  private ended = false;

  type(text: string): void {
    const bytes = new TextEncoder().encode(text);
    const joined = new Uint8Array(this.pending.length + bytes.length);
    joined.set(this.pending);
    joined.set(bytes, this.pending.length);
    this.pending = joined;
  }

  end(): void {
    this.ended = true;
  }

  /** At most one line and at most `length` bytes, as a terminal gives them. */
  read(length: number): Uint8Array | 'wait' | 'end' {
    if (this.pending.length === 0) return this.ended ? 'end' : 'wait';
    const newline = this.pending.indexOf(10) + 1;
    const count = Math.min(length, newline || this.pending.length);
    const bytes = this.pending.slice(0, count);
    this.pending = this.pending.slice(count);
    return bytes;
  }
}
