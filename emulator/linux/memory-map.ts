import type { Permissions } from '../../program/program';
import type { FlatMemory } from '../flat-memory';
import { pageSize } from '../linear-memory';
import type { AddressSpace } from './address-space';
import { LinuxError } from './errno';

/** What a new mapping is filled with; zeros where there is nothing. */
export type Contents = (offset: bigint, length: number) => Uint8Array;

export interface MappingRequest {
  readonly address: bigint;
  readonly length: bigint;
  readonly permissions: Permissions;
  /** `hint` is taken where it is free, `fixed` replaces what is there, `fixed-noreplace` fails over it. */
  readonly placement: 'hint' | 'fixed' | 'fixed-noreplace';
  readonly name: string;
  readonly contents?: Contents;
  readonly offset?: bigint;
}

const page = BigInt(pageSize);
/** The lowest address that a program may map (/proc/sys/vm/mmap_min_addr). */
const lowestMapping = 0x10000n;
/** The regions that a process may have (/proc/sys/vm/max_map_count). */
const mostRegions = 65530;
const readWrite = { read: true, write: true, execute: false };

/** The memory of a process as its system calls change it: the heap and the mappings (mm/mmap.c, mm/mremap.c). Throws LinuxError. */
export class MemoryMap {
  readonly #memory: FlatMemory;
  readonly #space: AddressSpace;
  #break: bigint;

  constructor(memory: FlatMemory, space: AddressSpace) {
    this.#memory = memory;
    this.#space = space;
    this.#break = space.heap;
  }

  get memory(): FlatMemory {
    return this.#memory;
  }

  get limit(): number {
    return this.#space.limit;
  }

  get stackSize(): number {
    return this.#space.stackSize;
  }

  /** brk: moves the end of the heap where that is possible and gives where it then is. */
  setBreak(address: bigint): bigint {
    const from = roundUp(this.#break);
    const to = roundUp(address);
    if (address < this.#space.heap) return this.#break;
    if (to > from) {
      const free = to <= this.#space.mappingsEnd && this.#memory.overlapping(from, to - from).length === 0;
      if (!free || !this.#hasRoomFor(to - from)) return this.#break;
      this.#memory.map({ name: 'heap', address: from, size: to - from, permissions: readWrite });
    }
    if (to < from) this.#memory.unmap(to, from - to);
    this.#break = address;
    return address;
  }

  /** mmap: the address of the new mapping. */
  map({ address, length, permissions, placement, name, contents, offset = 0n }: MappingRequest): bigint {
    if (length === 0n) throw new LinuxError('EINVAL');
    const size = roundUp(length);
    if (size > BigInt(this.#space.size)) throw new LinuxError('ENOMEM');
    const at = this.#place(address, size, placement);
    const replaced = placement === 'fixed' ? this.#accessibleIn(at, size) : 0n;
    if (isAccessible(permissions) && !this.#hasRoomFor(size - replaced)) throw new LinuxError('ENOMEM');
    if (this.#memory.regionCount >= mostRegions) throw new LinuxError('ENOMEM');
    const bytes = contents?.(offset, Number(size));
    if (placement === 'fixed') this.#memory.unmap(at, size);
    this.#memory.map({ name, address: at, size, permissions });
    if (bytes) this.#memory.write(at, bytes);
    return at;
  }

  unmap(address: bigint, length: bigint): void {
    if (address % page !== 0n || length === 0n || address + length > 2n ** 63n) throw new LinuxError('EINVAL');
    if (this.#memory.regionCount >= mostRegions) throw new LinuxError('ENOMEM');
    this.#memory.unmap(address, roundUp(length));
  }

  /** mprotect: changes what is mapped up to the first page that is not, where it fails. */
  protect(address: bigint, length: bigint, permissions: Permissions): void {
    if (address % page !== 0n) throw new LinuxError('EINVAL');
    if (length === 0n) return;
    const size = roundUp(length);
    const mapped = this.mappedFrom(address, size);
    if (mapped > 0n) {
      const grown = isAccessible(permissions) ? mapped - this.#accessibleIn(address, mapped) : 0n;
      if (!this.#hasRoomFor(grown) || this.#memory.regionCount >= mostRegions) throw new LinuxError('ENOMEM');
      this.#memory.protect(address, mapped, permissions);
    }
    if (mapped < size) throw new LinuxError('ENOMEM');
  }

  /** How many bytes are mapped from a page on without a gap, at most `size`. */
  mappedFrom(address: bigint, size: bigint): bigint {
    let end = address;
    for (const region of this.#memory.overlapping(address, size)) {
      if (region.address !== end) break;
      end += region.size;
    }
    return end - address;
  }

  /** mremap: shrinks or grows a mapping where it is, or moves it where `mayMove` or `newAddress` say so. */
  remap(address: bigint, oldLength: bigint, newLength: bigint, mayMove: boolean, newAddress: bigint | undefined): bigint {
    const oldSize = roundUp(oldLength);
    const newSize = roundUp(newLength);
    if (address % page !== 0n || newLength === 0n) throw new LinuxError('EINVAL');
    if (newAddress !== undefined) {
      if (newAddress % page !== 0n || !mayMove) throw new LinuxError('EINVAL');
      if (newAddress < address + oldSize && address < newAddress + newSize) throw new LinuxError('EINVAL');
    }
    const [first] = this.#memory.overlapping(address, oldSize === 0n ? page : oldSize);
    // An old size of 0 copies shared mappings, of which there are none.
    if (!first || first.address !== address) throw new LinuxError('EFAULT');
    if (oldSize === 0n) throw new LinuxError('EINVAL');
    if (newSize <= oldSize && newAddress === undefined) {
      if (newSize < oldSize) this.#memory.unmap(address + newSize, oldSize - newSize);
      return address;
    }
    if (first.size < oldSize) throw new LinuxError('EFAULT');
    if (isAccessible(first.permissions) && !this.#hasRoomFor(newSize - oldSize)) throw new LinuxError('ENOMEM');
    const { name, permissions } = first;
    const growth = newSize - oldSize;
    if (newAddress === undefined && this.#isFree(address + oldSize, growth)) {
      this.#memory.map({ name, address: address + oldSize, size: growth, permissions });
      return address;
    }
    if (!mayMove) throw new LinuxError('ENOMEM');
    const bytes = this.#memory.read(address, Number(oldSize < newSize ? oldSize : newSize));
    const target = newAddress === undefined ? this.#place(0n, newSize, 'hint') : this.#place(newAddress, newSize, 'fixed');
    this.#memory.unmap(address, oldSize);
    if (newAddress !== undefined) this.#memory.unmap(target, newSize);
    this.#memory.map({ name, address: target, size: newSize, permissions });
    this.#memory.write(target, bytes);
    return target;
  }

  #place(address: bigint, size: bigint, placement: MappingRequest['placement']): bigint {
    const { base, size: windowSize, heap, mappingsEnd } = this.#space;
    if (placement === 'hint') {
      const hint = address - (address % page);
      if (hint >= lowestMapping && this.#isFree(hint, size)) return hint;
      const heapRoom = heap + BigInt(this.#space.heapSize);
      const found =
        this.#memory.findHighest(size, heapRoom, mappingsEnd) ?? this.#memory.findHighest(size, roundUp(this.#break), mappingsEnd);
      if (found === undefined) throw new LinuxError('ENOMEM');
      return found;
    }
    if (address % page !== 0n) throw new LinuxError('EINVAL');
    if (address < lowestMapping) throw new LinuxError('EPERM');
    if (address < base || address + size > base + BigInt(windowSize)) throw new LinuxError('ENOMEM');
    if (placement === 'fixed-noreplace' && this.#memory.overlapping(address, size).length > 0) throw new LinuxError('EEXIST');
    return address;
  }

  #isFree(address: bigint, size: bigint): boolean {
    const { base, mappingsEnd } = this.#space;
    return address >= base && address + size <= mappingsEnd && this.#memory.overlapping(address, size).length === 0;
  }

  #accessibleIn(address: bigint, size: bigint): bigint {
    const regions = this.#memory.overlapping(address, size).filter(({ permissions }) => isAccessible(permissions));
    return regions.reduce((sum, region) => sum + region.size, 0n);
  }

  #hasRoomFor(size: bigint): boolean {
    return BigInt(this.#memory.accessibleBytes) + size <= BigInt(this.#space.limit);
  }
}

/** Pages that nothing can be done with take no memory. */
function isAccessible({ read, write, execute }: Permissions): boolean {
  return read || write || execute;
}

export function roundUp(address: bigint): bigint {
  return ((address + page - 1n) / page) * page;
}
