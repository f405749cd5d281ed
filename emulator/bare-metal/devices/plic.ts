import type { Device } from './device';

/** Sources and offsets of QEMU's virt machine (include/hw/riscv/virt.h); context 0 is machine mode of hart 0. */
const sources = 96;
const at = { priority: 0x0, pending: 0x1000, enable: 0x2000, context: 0x20_0000 } as const;
const words = sources / 32;
/** Priorities have 3 bits there. */
const priorityMask = 7;

/** The platform-level interrupt controller for machine mode of one hart (RISC-V PLIC specification). */
export class Plic implements Device {
  readonly name = 'PLIC';
  readonly address = 0xc00_0000n;
  readonly size = 0x60_0000n;
  readonly #sources: ReadonlyMap<number, () => boolean>;
  readonly #priorities = new Uint8Array(sources);
  readonly #enabled = new Uint32Array(words);
  readonly #claimed = new Set<number>();
  #threshold = 0;

  /** The sources that there are, 1 to 95, and whether each asks for an interrupt now. */
  constructor(sources: ReadonlyMap<number, () => boolean>) {
    this.#sources = sources;
  }

  /** Whether a source is enabled whose priority is above the threshold. */
  listensTo(source: number): boolean {
    return this.#isEnabled(source) && this.#priorities[source]! > this.#threshold;
  }

  /** Whether machine mode is to be interrupted. */
  get interrupts(): boolean {
    return this.#highest(this.#threshold) !== 0;
  }

  load(offset: number, size: number): bigint | undefined {
    if (size !== 4 || offset % 4 !== 0) return undefined;
    const index = (offset & 0xfff) >> 2;
    if (offset < at.pending) return BigInt(this.#priorities[index] ?? 0);
    if (offset < at.pending + words * 4) return BigInt(this.#pendingWord(index));
    if (offset >= at.enable && offset < at.enable + words * 4) return BigInt(this.#enabled[index]!);
    if (offset === at.context) return BigInt(this.#threshold);
    return offset === at.context + 4 ? BigInt(this.#claim()) : 0n;
  }

  store(offset: number, size: number, value: bigint): boolean {
    if (size !== 4 || offset % 4 !== 0) return false;
    const [index, word] = [(offset & 0xfff) >> 2, Number(value)];
    if (offset < at.pending) {
      if (index > 0 && index < sources) this.#priorities[index] = word & priorityMask;
    } else if (offset >= at.enable && offset < at.enable + words * 4) this.#enabled[index] = index === 0 ? word & ~1 : word;
    else if (offset === at.context) this.#threshold = word & priorityMask;
    else if (offset === at.context + 4) this.#claimed.delete(word);
    return true;
  }

  #claim(): number {
    const source = this.#highest(0);
    if (source !== 0) this.#claimed.add(source);
    return source;
  }

  /** The pending and enabled source of the highest priority above a bound, the first among equals; 0 where there is none. */
  #highest(bound: number): number {
    let best = 0;
    for (const source of this.#sources.keys()) {
      const least = best ? this.#priorities[best]! : bound;
      if (this.#isEnabled(source) && this.#priorities[source]! > least && this.#isPending(source)) best = source;
    }
    return best;
  }

  #isEnabled(source: number): boolean {
    return ((this.#enabled[source >> 5]! >>> (source & 31)) & 1) !== 0;
  }

  #isPending(source: number): boolean {
    return !this.#claimed.has(source) && (this.#sources.get(source)?.() ?? false);
  }

  #pendingWord(index: number): number {
    let word = 0;
    for (let bit = 0; bit < 32; bit += 1) if (index * 32 + bit > 0 && this.#isPending(index * 32 + bit)) word |= 1 << bit;
    return word >>> 0;
  }
}
