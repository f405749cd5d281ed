/** Characters of one output event at most, and milliseconds between two while the program goes on printing. */
const chunk = 65_536;
const interval = 50;
/** Characters that are pending at most. */
const mostPending = 16 * chunk;

export type OutputCategory = 'stdout' | 'stderr' | 'console';

/**
 * The program's output on its way to the editor: gathered into few events, and held back like a slow terminal would. A program
 * that prints without end waits for the next event, so what is pending stays small and nothing is lost.
 */
export class GuestOutput {
  private readonly pending: { category: OutputCategory; text: string }[] = [];
  private readonly decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  private size = 0;
  private lastSent = Number.NEGATIVE_INFINITY;

  constructor(private readonly send: (text: string, category: OutputCategory) => void) {}

  write(category: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.add(category, this.decoders[category].decode(bytes, { stream: true }));
  }

  note(text: string): void {
    this.add('console', `${text}\n`);
  }

  /** Bytes that it takes for now, however much the program writes at once: a character takes one at least. */
  get room(): number {
    return Math.max(0, mostPending - this.size);
  }

  /** Takes what is left of a character that the program has not finished. */
  end(): void {
    for (const category of ['stdout', 'stderr'] as const) this.add(category, this.decoders[category].decode());
  }

  /** Sends what is due; to be called between slices. */
  tick(): void {
    if (this.size > 0 && performance.now() - this.lastSent >= interval) this.flush();
  }

  flush(): void {
    for (const { category, text } of this.pending.splice(0)) {
      for (let start = 0; start < text.length; start += chunk) this.send(text.slice(start, start + chunk), category);
    }
    this.size = 0;
    this.lastSent = performance.now();
  }

  /** A promise to wait for before the program may run on, where it has printed more than one event takes. */
  pressure(): Promise<void> | undefined {
    if (this.size < chunk) return undefined;
    const wait = Math.max(0, this.lastSent + interval - performance.now());
    return new Promise((resolve) => setTimeout(resolve, wait));
  }

  private add(category: OutputCategory, text: string): void {
    if (text === '') return;
    const last = this.pending.at(-1);
    if (last?.category === category) last.text += text;
    else this.pending.push({ category, text });
    this.size += text.length;
  }
}
