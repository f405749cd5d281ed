import { csrNumber } from '../../riscv/csrs';
import { pageSize, permissionBits } from '../linear-memory';
import { type Privilege, privilege } from './machine-status';

const entries = 16;
/** The grain is a page of 2^(grain+2) bytes, the unit in which memory has permissions. */
const grain = BigInt(Math.log2(pageSize)) - 2n;
const field = { read: 1, write: 2, execute: 4, locked: 0x80 } as const;
const matching = { off: 0, top: 1, four: 2, natural: 3 } as const;
/** An address has 56 bits, of which the lowest 2 are not kept. */
const addressMask = (1n << 54n) - 1n;
const everything = permissionBits.read | permissionBits.write | permissionBits.execute;

/** Addresses from `start` up to, not including, `end` that a mode may use so. */
export interface Permitted {
  readonly start: bigint;
  readonly end: bigint;
  /** Permission bits: read, write, execute. */
  readonly bits: number;
}

/** Physical memory protection (Volume II, section "Physical Memory Protection"): 16 entries, by pages of 4096 bytes. */
export class Pmp {
  readonly #config = new Uint8Array(entries);
  readonly #address = new BigUint64Array(entries);
  readonly #changed: () => void;

  /** `changed` is called after each write. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The CSRs pmpcfg0, pmpcfg2 and pmpaddr0 to pmpaddr15. */
  *registers(): Generator<[number, { read(): bigint; write(value: bigint): void }]> {
    for (let first = 0; first < entries; first += 8) {
      const read = () => new DataView(this.#config.buffer).getBigUint64(first, true);
      yield [csrNumber(`pmpcfg${first / 4}`)!, { read, write: (value) => this.#writeConfigs(first, value) }];
    }
    for (let index = 0; index < entries; index += 1) {
      const write = (value: bigint) => this.#writeAddress(index, value);
      yield [csrNumber(`pmpaddr${index}`)!, { read: () => this.#readAddress(index), write }];
    }
  }

  /** What a mode may do at an address. */
  bitsAt(address: bigint, mode: Privilege): number {
    for (let index = 0; index < entries; index += 1) {
      const range = this.#rangeOf(index);
      if (range && address >= range.start && address < range.end) return this.#bitsOf(index, mode);
    }
    return mode === privilege.machine ? everything : 0;
  }

  /** The addresses from `start` to `end`, both whole pages, in runs of what the mode may do there. */
  runs(start: bigint, end: bigint, mode: Privilege): Permitted[] {
    const edges = Array.from({ length: entries }, (_, index) => this.#rangeOf(index)).flatMap((range) =>
      range ? [range.start, range.end] : [],
    );
    const inner = edges.filter((edge) => edge > start && edge < end);
    const borders = [...new Set([start, ...inner, end])].sort((left, right) => (left < right ? -1 : 1));
    const runs: { start: bigint; end: bigint; bits: number }[] = [];
    for (const [index, from] of borders.slice(0, -1).entries()) {
      const bits = this.bitsAt(from, mode);
      const last = runs.at(-1);
      if (last?.bits === bits) last.end = borders[index + 1]!;
      else runs.push({ start: from, end: borders[index + 1]!, bits });
    }
    return runs;
  }

  #bitsOf(index: number, mode: Privilege): number {
    const config = this.#config[index]!;
    if (mode === privilege.machine && !(config & field.locked)) return everything;
    const { read, write, execute } = permissionBits;
    return (config & field.read ? read : 0) | (config & field.write ? write : 0) | (config & field.execute ? execute : 0);
  }

  #rangeOf(index: number): { start: bigint; end: bigint } | undefined {
    const address = this.#address[index]!;
    switch (modeOf(this.#config[index]!)) {
      case matching.off:
        return undefined;
      case matching.top: {
        const start = index === 0 ? 0n : wholeGrains(this.#address[index - 1]!);
        const end = wholeGrains(address);
        return start < end ? { start: start << 2n, end: end << 2n } : undefined;
      }
      default: {
        const filled = address | ((1n << (grain - 1n)) - 1n);
        const size = (filled ^ (filled + 1n)) + 1n;
        const start = filled & ~(size - 1n);
        return { start: start << 2n, end: (start + size) << 2n };
      }
    }
  }

  /** The bits below the grain read as zeros, or where they give a size as ones (section "Address Matching"). */
  #readAddress(index: number): bigint {
    const value = this.#address[index]!;
    return modeOf(this.#config[index]!) >= matching.four ? value | ((1n << (grain - 1n)) - 1n) : wholeGrains(value);
  }

  #writeAddress(index: number, value: bigint): void {
    const next = this.#config[index + 1] ?? 0;
    const isBase = (next & field.locked) !== 0 && modeOf(next) === matching.top;
    if (this.#config[index]! & field.locked || isBase) return;
    this.#address[index] = value & addressMask;
    this.#changed();
  }

  #writeConfigs(first: number, value: bigint): void {
    for (let index = first; index < first + 8; index += 1) {
      const old = this.#config[index]!;
      if (!(old & field.locked)) this.#config[index] = legalConfig(Number((value >> BigInt(8 * (index - first))) & 0xffn), old);
    }
    this.#changed();
  }
}

/** WARL: 4 bytes are less than the grain, and write without read is reserved. */
function legalConfig(written: number, old: number): number {
  const known = written & (field.read | field.write | field.execute | field.locked | 0x18);
  const permitted = known & field.read ? known : known & ~field.write;
  return modeOf(permitted) === matching.four ? (permitted & ~0x18) | (old & 0x18) : permitted;
}

function modeOf(config: number): number {
  return (config >> 3) & 3;
}

function wholeGrains(address: bigint): bigint {
  return (address >> grain) << grain;
}
