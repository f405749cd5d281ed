import { hex, type LinearMemory, pageSize, permissionBits } from './linear-memory';
import type { GuestMemory, MemoryRegion } from './machine';

/** Hears of code that may have changed; offsets are those of the guest's window. */
export interface CodeListener {
  written(offset: number, length: number): void;
  remapped(offset: number, length: number): void;
}

const page = BigInt(pageSize);
const reach = 2n ** 31n;

/** Guest memory in one window of linear memory: a permission byte for each page, and the regions that people see. */
export class FlatMemory implements GuestMemory {
  readonly #memory: LinearMemory;
  readonly #listener: CodeListener;
  #regions: readonly MemoryRegion[] = [];
  readonly #reserved: { readonly address: bigint; readonly size: bigint }[] = [];

  constructor(memory: LinearMemory, listener: CodeListener) {
    this.#memory = memory;
    this.#listener = listener;
  }

  get regions(): readonly MemoryRegion[] {
    return this.#regions;
  }

  map(region: MemoryRegion): void {
    const { name, address, size } = region;
    const end = address + size;
    requireWholePages(`region ${name}`, address, size);
    if (address < this.#start || end > this.#end) {
      throw new RangeError(`region ${name}: ${hex(address)}-${hex(end)} is not within ${hex(this.#start)}-${hex(this.#end)}`);
    }
    const other = this.#regions.find((one) => one.address < end && address < one.address + one.size);
    if (other) throw new RangeError(`region ${name}: ${hex(address)}-${hex(end)} overlaps ${other.name} at ${hex(other.address)}`);
    this.#setPages(address, size, bitsOf(region));
    this.#regions = joined([...this.#regions, region]);
  }

  unmap(address: bigint, size: bigint): void {
    requireWholePages('unmap', address, size);
    const end = address + size;
    const taken = this.#regions.filter((one) => one.address < end && address < one.address + one.size);
    for (const one of taken) {
      const start = max(one.address, address);
      this.#setPages(start, min(one.address + one.size, end) - start, 0);
    }
    this.#regions = this.#regions.flatMap((one) => (taken.includes(one) ? without(one, address, end) : [one]));
  }

  findFree(size: bigint, near: bigint): bigint | undefined {
    const wanted = ((size + page - 1n) / page) * page;
    const fits = this.#gaps().flatMap(({ start, end }) => {
      const low = max(start, roundUp(near - reach));
      const high = min(end, near + reach) - wanted;
      return low > high ? [] : [clamp((near / page) * page, low, (high / page) * page)];
    });
    return fits.sort((left, right) => compare(distance(left, near), distance(right, near)))[0];
  }

  read(address: bigint, length: number): Uint8Array {
    return this.readAllowed(address, length, permissionBits.mapped);
  }

  readInto(address: bigint, target: Uint8Array): number {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0) return 0;
    const count = this.#allowed(offset, target.length, permissionBits.mapped);
    target.set(this.#memory.guest.subarray(offset, offset + count));
    return count;
  }

  write(address: bigint, bytes: Uint8Array): number {
    return this.writeAllowed(address, bytes, permissionBits.mapped);
  }

  storeWord(address: bigint, word: number): boolean {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0 || offset % 4 !== 0 || !this.#memory.permissionsOf(offset)) return false;
    this.#memory.guestView.setUint32(offset, word, true);
    this.#listener.written(offset, 4);
    return true;
  }

  load(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0 || this.#allowed(offset, size, permissionBits.mapped) < size) return undefined;
    const { guestView } = this.#memory;
    if (size === 8) return guestView.getBigUint64(offset, true);
    return BigInt(
      size === 4 ? guestView.getUint32(offset, true) : size === 2 ? guestView.getUint16(offset, true) : guestView.getUint8(offset),
    );
  }

  /** The bytes from `address` on, at most `length`, up to the first page without one of the permission bits: a copy. */
  readAllowed(address: bigint, length: number, bits: number): Uint8Array {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0) return new Uint8Array(0);
    return this.#memory.guest.slice(offset, offset + this.#allowed(offset, length, bits));
  }

  /** Writes up to the first page without one of the permission bits and returns how many bytes. */
  writeAllowed(address: bigint, bytes: Uint8Array, bits: number): number {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0) return 0;
    const count = this.#allowed(offset, bytes.length, bits);
    this.#memory.guest.set(bytes.subarray(0, count), offset);
    this.#listener.written(offset, count);
    return count;
  }

  /** Keeps `findFree` away from pages that are not mapped yet, or never shall be. */
  reserve(address: bigint, size: bigint): void {
    this.#reserved.push({ address, size });
  }

  /** How many of `length` bytes from an address on are in pages with all the permission bits. */
  allowedAt(address: bigint, length: number, bits: number): number {
    const offset = this.#memory.offsetOf(address);
    return offset < 0 ? 0 : this.#allowed(offset, length, bits);
  }

  get #start(): bigint {
    return this.#memory.base;
  }

  get #end(): bigint {
    return this.#memory.base + BigInt(this.#memory.size);
  }

  #gaps(): { start: bigint; end: bigint }[] {
    const taken = [...this.#regions, ...this.#reserved].sort((left, right) => compare(left.address, right.address));
    const gaps: { start: bigint; end: bigint }[] = [];
    let start = this.#start;
    for (const { address, size } of taken) {
      gaps.push({ start, end: address });
      start = max(start, address + size);
    }
    return [...gaps, { start, end: this.#end }];
  }

  #allowed(offset: number, length: number, bits: number): number {
    let end = offset;
    while (end < offset + length && (this.#memory.permissionsOf(end) & bits) === bits) end = nextPage(end);
    return Math.min(Math.max(end - offset, 0), length);
  }

  /** Zeroes pages and gives them these permission bits. */
  #setPages(address: bigint, size: bigint, bits: number): void {
    const offset = this.#memory.offsetOf(address);
    const length = Number(size);
    const { permissions, guest } = this.#memory;
    if (bits === 0) guest.fill(0, offset, offset + length);
    permissions.fill(bits, offset / pageSize, (offset + length) / pageSize);
    this.#listener.remapped(offset, length);
  }
}

function requireWholePages(what: string, address: bigint, size: bigint): void {
  if (size > 0n && address % page === 0n && size % page === 0n) return;
  throw new RangeError(`${what}: ${hex(address)} and size ${size} are not whole pages of ${page} bytes`);
}

function bitsOf({ permissions: { read, write, execute } }: MemoryRegion): number {
  const { mapped, ...bits } = permissionBits;
  return mapped | (read ? bits.read : 0) | (write ? bits.write : 0) | (execute ? bits.execute : 0);
}

/** The regions by address, neighbours of one kind made one. */
function joined(regions: readonly MemoryRegion[]): readonly MemoryRegion[] {
  const result: MemoryRegion[] = [];
  for (const region of [...regions].sort((left, right) => compare(left.address, right.address))) {
    const last = result.at(-1);
    const same = last && last.address + last.size === region.address && last.name === region.name && bitsOf(last) === bitsOf(region);
    if (same) result[result.length - 1] = { ...last, size: last.size + region.size };
    else result.push(region);
  }
  return result;
}

/** What is left of a region when [start, end) is taken away. */
function without(region: MemoryRegion, start: bigint, end: bigint): MemoryRegion[] {
  const regionEnd = region.address + region.size;
  return [
    { ...region, size: start - region.address },
    { ...region, address: end, size: regionEnd - end },
  ].filter((one) => one.size > 0n);
}

function nextPage(offset: number): number {
  return (Math.floor(offset / pageSize) + 1) * pageSize;
}

function roundUp(address: bigint): bigint {
  return ((address + page - 1n) / page) * page;
}

function distance(left: bigint, right: bigint): bigint {
  return left > right ? left - right : right - left;
}

function clamp(value: bigint, low: bigint, high: bigint): bigint {
  return max(low, min(value, high));
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

function min(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
