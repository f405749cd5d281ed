import type { Machine, Stop } from '../emulator/machine';

/** How long the guest runs before the event loop turns, in milliseconds. */
const slice = 5;
const smallest = 1_000;
const largest = 50_000_000;

/** Sizes the machine's runs so that each takes about one slice, whatever the guest does and however fast the host is. */
export class Pace {
  private budget = 20_000;
  private deadline = 0;
  private steps = 0;

  /** Runs for about one slice. */
  run(machine: Machine): Stop {
    const start = performance.now();
    const stop = machine.run(this.budget);
    if (stop.kind === 'budget') this.adapt(performance.now() - start);
    return stop;
  }

  /** To be asked after each single step: whether the slice is over. */
  isOver(): boolean {
    if (++this.steps % 64 !== 0) return false;
    const now = performance.now();
    if (now < this.deadline) return false;
    const over = this.deadline !== 0;
    this.deadline = now + slice;
    return over;
  }

  private adapt(elapsed: number): void {
    const factor = Math.min(2, Math.max(0.25, slice / Math.max(elapsed, 0.01)));
    this.budget = Math.round(Math.min(largest, Math.max(smallest, this.budget * factor)));
  }
}
