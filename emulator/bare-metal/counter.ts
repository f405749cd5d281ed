/**
 * A writable view of a count (Volume II, section "Hardware Performance Monitor"): what is written is what the next instruction
 * reads, and while it is inhibited it stands still.
 */
export class Counter {
  readonly #count: () => bigint;
  #offset = 0n;
  #stopped: bigint | undefined;

  /** `count` gives the instructions before the one that is executed. */
  constructor(count: () => bigint) {
    this.#count = count;
  }

  get value(): bigint {
    return this.#stopped ?? BigInt.asUintN(64, this.#count() + this.#offset);
  }

  /** By the instruction that is executed: the count that it adds itself is not seen. */
  write(value: bigint): void {
    if (this.#stopped !== undefined) this.#stopped = value;
    else this.#offset = value - (this.#count() + 1n);
  }

  inhibit(inhibited: boolean): void {
    if (inhibited === (this.#stopped !== undefined)) return;
    if (inhibited) this.#stopped = BigInt.asUintN(64, this.#count() + 1n + this.#offset);
    else {
      this.#offset = this.#stopped! - (this.#count() + 1n);
      this.#stopped = undefined;
    }
  }
}
