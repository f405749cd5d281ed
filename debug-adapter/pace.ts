import type { Machine, Stop } from '../emulator/machine';

/** How long the guest runs before the event loop turns, in milliseconds. */
const slice = 5;
const most = 2 ** 31 - 1;

/** Cuts the machine's runs into slices, whatever the guest does and however fast the host is. */
export class Pace {
  private deadline = 0;
  private steps = 0;

  /** `isWanted`: whether something waits for the event loop to turn, which ends a slice. */
  constructor(private readonly isWanted?: () => boolean) {}

  /** Runs for about one slice at most. */
  run(machine: Machine): Stop {
    return machine.run(most, performance.now() + slice, this.isWanted);
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
}
