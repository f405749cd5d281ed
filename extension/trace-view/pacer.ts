/** Does a task again and again as it is asked for: one at a time, with a pause between two. */
export class Pacer {
  private running = false;
  private wanted = false;
  private wake: () => void = () => {};

  /** `pause` in milliseconds. The task must not throw. */
  constructor(
    private readonly task: () => Promise<void>,
    private readonly pause: number,
  ) {}

  /** Sees to it that the task starts once more after this call; at once if `urgent`, even in the pause. */
  request(urgent: boolean): void {
    this.wanted = true;
    if (!this.running) void this.run();
    else if (urgent) this.wake();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.wanted) {
      this.wanted = false;
      await this.task();
      await this.rest();
    }
    this.running = false;
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.pause);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
