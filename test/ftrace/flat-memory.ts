import type { GuestMemory, MemoryRegion } from '../../emulator/machine';

/** One region of memory without a machine. */
export class FlatMemory implements GuestMemory {
  readonly regions: MemoryRegion[];
  private readonly bytes: Uint8Array;

  constructor(
    private readonly base: bigint,
    size: number,
  ) {
    this.bytes = new Uint8Array(size);
    this.regions = [{ name: 'program', address: base, size: BigInt(size), permissions: { read: true, write: true, execute: true } }];
  }

  map(): void {
    throw new RangeError('the memory is fixed');
  }

  read(address: bigint, length: number): Uint8Array {
    const start = Number(address - this.base);
    return start < 0 ? new Uint8Array() : this.bytes.slice(start, start + length);
  }

  write(address: bigint, bytes: Uint8Array): number {
    const start = Number(address - this.base);
    if (start < 0 || start >= this.bytes.length) return 0;
    const fitting = bytes.subarray(0, this.bytes.length - start);
    this.bytes.set(fitting, start);
    return fitting.length;
  }

  storeWord(address: bigint, word: number): boolean {
    return this.write(address, new Uint8Array(new Uint32Array([word]).buffer)) === 4;
  }

  load(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined {
    const bytes = this.read(address, size);
    if (bytes.length < size) return undefined;
    return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }
}
