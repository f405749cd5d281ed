import type { CodeMemory } from '../../ftrace/call-site';

/** Some bytes of code without a machine. */
export class FlatMemory implements CodeMemory {
  private readonly view: DataView;

  constructor(
    private readonly base: bigint,
    size: number,
  ) {
    this.view = new DataView(new ArrayBuffer(size));
  }

  loadWord(address: bigint): number | undefined {
    return this.holds(address) ? this.view.getUint32(Number(address - this.base), true) : undefined;
  }

  storeWord(address: bigint, word: number): boolean {
    if (!this.holds(address) || address % 4n !== 0n) return false;
    this.view.setUint32(Number(address - this.base), word, true);
    return true;
  }

  write(address: bigint, bytes: Uint8Array): number {
    for (const [index, byte] of bytes.entries()) this.view.setUint8(Number(address - this.base) + index, byte);
    return bytes.length;
  }

  private holds(address: bigint): boolean {
    return address >= this.base && address + 4n <= this.base + BigInt(this.view.byteLength);
  }
}
