/** Nanoseconds of a tick of mtime: 10 MHz, as QEMU's virt machine has it (hw/riscv/virt.c, "timebase-frequency"). */
export const nanosecondsPerTick = 100n;

/**
 * The guest's time: one nanosecond for each retired instruction, and what wfi has skipped. `mtime` counts it in ticks from where it
 * was last written.
 */
export class Clock {
  readonly #instret: () => bigint;
  #skipped = 0n;
  /** What is added to the ticks since the start. */
  #offset = 0n;

  constructor(instret: () => bigint) {
    this.#instret = instret;
  }

  get nanoseconds(): bigint {
    return this.#instret() + this.#skipped;
  }

  get mtime(): bigint {
    return BigInt.asUintN(64, this.nanoseconds / nanosecondsPerTick + this.#offset);
  }

  set mtime(value: bigint) {
    this.#offset = value - this.nanoseconds / nanosecondsPerTick;
  }

  /** The value of `instret` at which mtime comes to `tick`, which may be long past; undefined where it wraps around before. */
  instretAt(tick: bigint): bigint | undefined {
    const now = this.mtime;
    if (tick <= now) return this.#instret();
    const ticks = this.nanoseconds / nanosecondsPerTick + (tick - now);
    return ticks * nanosecondsPerTick - this.#skipped;
  }

  /** Lets the time pass that is missing until mtime is `tick`. */
  skipTo(tick: bigint): void {
    const missing = this.instretAt(tick)! - this.#instret();
    if (missing > 0n) this.#skipped += missing;
  }
}
