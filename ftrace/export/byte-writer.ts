const encoder = new TextEncoder();

/** Little-endian bytes that are appended to. */
export class ByteWriter {
  private storage = new Uint8Array(256);
  private view = new DataView(this.storage.buffer);
  length = 0;

  u8(value: number): this {
    this.storage[this.grow(1)] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.grow(2);
    this.view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.grow(4);
    this.view.setUint32(at, value, true);
    return this;
  }

  u64(value: bigint): this {
    const at = this.grow(8);
    this.view.setBigUint64(at, BigInt.asUintN(64, value), true);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    const at = this.grow(bytes.length);
    this.storage.set(bytes, at);
    return this;
  }

  text(text: string): this {
    return this.bytes(encoder.encode(text));
  }

  /** With a zero behind it. */
  string(text: string): this {
    return this.text(`${text}\0`);
  }

  /** A text behind its length in 4 bytes. */
  sized32(text: string): this {
    const bytes = encoder.encode(text);
    return this.u32(bytes.length).bytes(bytes);
  }

  /** A text behind its length in 8 bytes. */
  sized64(text: string): this {
    const bytes = encoder.encode(text);
    return this.u64(BigInt(bytes.length)).bytes(bytes);
  }

  /** Zeros up to a multiple of `alignment`. */
  align(alignment: number): this {
    this.grow((alignment - (this.length % alignment)) % alignment);
    return this;
  }

  patch64(at: number, value: bigint): void {
    this.view.setBigUint64(at, value, true);
  }

  done(): Uint8Array {
    return this.storage.slice(0, this.length);
  }

  private grow(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.storage.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.storage.length));
      larger.set(this.storage.subarray(0, at));
      this.storage = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}
