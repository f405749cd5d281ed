import { hex, type LinearMemory, pageSize, permissionBits } from './linear-memory';
import type { GuestMemory, MemoryRegion } from './machine';
import { RegionList, type Span } from './region-list';

/** Hears of code that may have changed; offsets are those of the guest's window. */
export interface CodeListener {
  written(offset: number, length: number): void;
  remapped(offset: number, length: number): void;
}

const page = BigInt(pageSize);
const reach = 2n ** 31n;
const { read, write, execute, mapped } = permissionBits;

/** Guest memory in one window of linear memory: a permission byte for each page, and the regions that people see. */
export class FlatMemory implements GuestMemory {
  readonly permissionWatchers = new Set<(address: bigint, size: bigint) => void>();
  readonly #memory: LinearMemory;
  readonly #listener: CodeListener;
  readonly #list = new RegionList();
  readonly #reserved: { readonly start: number; readonly end: number }[] = [];
  #regions: readonly MemoryRegion[] | undefined;

  constructor(memory: LinearMemory, listener: CodeListener) {
    this.#memory = memory;
    this.#listener = listener;
  }

  get regions(): readonly MemoryRegion[] {
    this.#regions ??= this.#list.spans.map(({ start, end, name, bits }) => ({
      name,
      address: this.#memory.addressOf(start),
      size: BigInt(end - start),
      permissions: permissionsOf(bits),
    }));
    return this.#regions;
  }

  /** How many regions there are, and how many bytes of them can be read, written or executed. */
  get regionCount(): number {
    return this.#list.spans.length;
  }

  get accessibleBytes(): number {
    return this.#list.accessible;
  }

  map(region: MemoryRegion): void {
    const { name, address, size } = region;
    const end = address + size;
    requireWholePages(`region ${name}`, address, size);
    if (address < this.#start || end > this.#end) {
      throw new RangeError(`region ${name}: ${hex(address)}-${hex(end)} is not within ${hex(this.#start)}-${hex(this.#end)}`);
    }
    const offset = Number(address - this.#start);
    const [other] = this.#list.overlapping(offset, offset + Number(size));
    if (other) {
      const at = hex(this.#memory.addressOf(other.start));
      throw new RangeError(`region ${name}: ${hex(address)}-${hex(end)} overlaps ${other.name} at ${at}`);
    }
    this.#list.set(offset, offset + Number(size), name, bitsOf(region));
    this.#setPages(offset, Number(size), bitsOf(region));
  }

  unmap(address: bigint, size: bigint): void {
    requireWholePages('unmap', address, size);
    for (const { start, end } of this.#spans(address, size)) {
      this.#list.clear(start, end);
      this.#memory.clear(start, end);
      this.#setPages(start, end - start, 0);
    }
    for (const changed of this.permissionWatchers) changed(address, size);
  }

  /** Gives the pages that are mapped there other permissions; their bytes stay. */
  protect(address: bigint, size: bigint, permissions: MemoryRegion['permissions']): void {
    requireWholePages('protect', address, size);
    const bits = bitsOf({ permissions });
    for (const { start, end } of this.#spans(address, size)) {
      this.#list.protect(start, end, bits);
      this.#setPages(start, end - start, bits);
    }
    for (const changed of this.permissionWatchers) changed(address, size);
  }

  /** Makes the mapped bytes there zeros. */
  zero(address: bigint, size: bigint): void {
    for (const { start, end } of this.#spans(address, size)) {
      this.#memory.clear(start, end);
      this.#listener.written(start, end - start);
    }
  }

  /** The guest's own stores into code are seen by the next fetch. */
  synchronizeCode(): void {
    this.#listener.written(0, this.#memory.size);
  }

  /** The regions by their offsets in the window, ascending. */
  get spans(): readonly Span[] {
    return this.#list.spans;
  }

  /** The parts of regions that lie in [address, address + size), ascending. */
  overlapping(address: bigint, size: bigint): MemoryRegion[] {
    return this.#spans(address, size).map(({ start, end, name, bits }) => ({
      name,
      address: this.#memory.addressOf(start),
      size: BigInt(end - start),
      permissions: permissionsOf(bits),
    }));
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

  /** The highest place in [floor, limit), addresses in the window, for `size` bytes of unmapped whole pages. */
  findHighest(size: bigint, floor: bigint, limit: bigint): bigint | undefined {
    const found = this.#list.highestFree(Number(size), Number(floor - this.#start), Number(limit - this.#start));
    return found === undefined ? undefined : this.#memory.addressOf(found);
  }

  read(address: bigint, length: number): Uint8Array {
    return this.readAllowed(address, length, mapped);
  }

  readInto(address: bigint, target: Uint8Array): number {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0) return 0;
    const count = this.#allowed(offset, target.length, mapped);
    target.set(this.#memory.guest.subarray(offset, offset + count));
    return count;
  }

  write(address: bigint, bytes: Uint8Array): number {
    return this.writeAllowed(address, bytes, mapped);
  }

  storeWord(address: bigint, word: number): boolean {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0 || offset % 4 !== 0 || !this.#memory.permissionsOf(offset)) return false;
    this.#memory.guestView.setUint32(offset, word, true);
    this.#listener.written(offset, 4);
    return true;
  }

  load(address: bigint, size: 1 | 2 | 4 | 8, bits: number = mapped): bigint | undefined {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0 || this.#allowed(offset, size, bits) < size) return undefined;
    const { guestView } = this.#memory;
    if (size === 8) return guestView.getBigUint64(offset, true);
    return BigInt(
      size === 4 ? guestView.getUint32(offset, true) : size === 2 ? guestView.getUint16(offset, true) : guestView.getUint8(offset),
    );
  }

  loadWord(address: bigint, bits: number = mapped): number | undefined {
    const offset = this.#memory.offsetOf(address);
    return offset < 0 || this.#allowed(offset, 4, bits) < 4 ? undefined : this.#memory.guestView.getUint32(offset, true);
  }

  /** The bytes from `address` on, at most `length`, up to the first page without one of the permission bits: a copy. */
  readAllowed(address: bigint, length: number, bits: number): Uint8Array {
    return this.viewAllowed(address, length, bits).slice();
  }

  /** The same, but the guest's own bytes: they change as it writes. */
  viewAllowed(address: bigint, length: number, bits: number): Uint8Array {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0) return new Uint8Array(0);
    return this.#memory.guest.subarray(offset, offset + this.#allowed(offset, length, bits));
  }

  /** Writes up to the first page without one of the permission bits and returns how many bytes. */
  writeAllowed(address: bigint, bytes: Uint8Array, bits: number): number {
    const offset = this.#memory.offsetOf(address);
    if (offset < 0) return 0;
    const count = this.#allowed(offset, bytes.length, bits);
    this.#memory.guest.set(count < bytes.length ? bytes.subarray(0, count) : bytes, offset);
    this.#listener.written(offset, count);
    return count;
  }

  /** Keeps `findFree` away from pages that are not mapped yet, or never shall be. */
  reserve(address: bigint, size: bigint): void {
    const start = Number(address - this.#start);
    this.#reserved.push({ start, end: start + Number(size) });
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
    const taken = [...this.#list.spans, ...this.#reserved].sort((left, right) => left.start - right.start);
    const gaps: { start: bigint; end: bigint }[] = [];
    let free = 0;
    for (const { start, end } of [...taken, { start: this.#memory.size, end: this.#memory.size }]) {
      if (start > free) gaps.push({ start: this.#memory.addressOf(free), end: this.#memory.addressOf(start) });
      free = Math.max(free, end);
    }
    return gaps;
  }

  /** The parts of spans that lie in [address, address + size). */
  #spans(address: bigint, size: bigint): Span[] {
    const from = Number(clamp(address - this.#start, 0n, BigInt(this.#memory.size)));
    const to = Number(clamp(address + size - this.#start, 0n, BigInt(this.#memory.size)));
    if (from >= to) return [];
    return this.#list.overlapping(from, to).map((span) => ({ ...span, start: Math.max(span.start, from), end: Math.min(span.end, to) }));
  }

  #allowed(offset: number, length: number, bits: number): number {
    let end = offset;
    while (end < offset + length && (this.#memory.permissionsOf(end) & bits) === bits) end = nextPage(end);
    return Math.min(Math.max(end - offset, 0), length);
  }

  #setPages(offset: number, length: number, bits: number): void {
    this.#regions = undefined;
    this.#memory.permissions.fill(bits, offset / pageSize, (offset + length) / pageSize);
    this.#listener.remapped(offset, length);
  }
}

function requireWholePages(what: string, address: bigint, size: bigint): void {
  if (size > 0n && address % page === 0n && size % page === 0n) return;
  throw new RangeError(`${what}: ${hex(address)} and size ${size} are not whole pages of ${page} bytes`);
}

function bitsOf({ permissions }: Pick<MemoryRegion, 'permissions'>): number {
  return mapped | (permissions.read ? read : 0) | (permissions.write ? write : 0) | (permissions.execute ? execute : 0);
}

function permissionsOf(bits: number): MemoryRegion['permissions'] {
  return { read: (bits & read) !== 0, write: (bits & write) !== 0, execute: (bits & execute) !== 0 };
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
