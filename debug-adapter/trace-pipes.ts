import type { Tracefs } from '../ftrace/tracefs/tracefs';

/** Milliseconds between two looks, and records that each takes of a pipe at most: what an editor bears to be shown. */
const interval = 100;
const mostRecords = 500;
/** And at a stop, when nothing comes for a while. */
const mostAtStop = 10_000;

/**
 * The `trace_pipe` files that somebody reads with `cat`: a reader of one waits for what comes, as long as the program runs. A pipe of
 * which more comes than is taken loses the oldest, and says how many.
 */
export class TracePipes {
  private readonly open = new Set<string>();
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly tracefs: Tracefs,
    private readonly send: (text: string) => void,
  ) {}

  /** Reads on from a pipe; who asks for one that is read already wants no more of it. True where it is read from now on. */
  toggle(path: string): boolean {
    if (this.open.delete(path)) return false;
    this.open.add(path);
    return true;
  }

  /** To be called between slices. */
  tick(): void {
    if (this.open.size === 0 || performance.now() - this.last < interval) return;
    this.last = performance.now();
    this.read(mostRecords);
  }

  /** The program stands still, or has ended: takes what is left. */
  flush(): void {
    this.read(mostAtStop);
  }

  private read(most: number): void {
    for (const path of this.open) {
      // Its instance may be gone.
      if (!this.tracefs.stat(path)) this.open.delete(path);
      else {
        const text = this.tracefs.read(path, most);
        if (text !== '') this.send(text);
      }
    }
  }
}
