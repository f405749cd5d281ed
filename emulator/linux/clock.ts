/** A tick of times() and of AT_CLKTCK is a hundredth of a second. */
export const ticksPerSecond = 100n;
export const nanosecondsPerSecond = 1_000_000_000n;

/**
 * The time of a process, in nanoseconds: an instruction takes one, and a sleep passes at once. It starts at 0, which is 1970 for the
 * clocks that show the date, so that every run of a program is the same.
 */
export class Clock {
  #slept = 0n;

  constructor(private readonly instret: () => bigint) {}

  /** What all clocks show but those of CPU time. */
  get now(): bigint {
    return this.instret() + this.#slept;
  }

  /** CPU time. */
  get used(): bigint {
    return this.instret();
  }

  sleep(nanoseconds: bigint): void {
    this.#slept += nanoseconds;
  }

  /** The value of `instret` at which the clock shows `time`, without a sleep before. */
  instretAt(time: bigint): bigint {
    return time - this.#slept;
  }
}
