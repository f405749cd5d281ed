const utf8 = new TextEncoder();

/** Bytes that are appended to. One without storage only counts them, for sections such as `.bss` that hold no bytes in the file. */
export class ByteBuffer {
  private storage = new Uint8Array(0);
  private view = new DataView(this.storage.buffer);
  length = 0;

  constructor(readonly hasStorage = true) {}

  get bytes(): Uint8Array {
    return this.storage.subarray(0, this.hasStorage ? this.length : 0);
  }

  /** Appends the lowest `size` bytes of a value, the lowest first. Size: 1 to 8. */
  appendValue(value: bigint, size: number): void {
    const at = this.grow(size);
    if (size === 8) this.view.setBigUint64(at, value, true);
    else for (let index = 0; index < size; index++) this.storage[at + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }

  /** The same for a number below 2^53. */
  appendNumber(value: number, size: 1 | 2 | 4 | 8): void {
    const at = this.grow(size);
    if (size === 1) this.storage[at] = value;
    else if (size === 2) this.view.setUint16(at, value, true);
    else {
      this.view.setUint32(at, value, true);
      if (size === 8) this.view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
    }
  }

  appendByte(byte: number): void {
    const at = this.grow(1);
    this.storage[at] = byte;
  }

  append16(value: number): void {
    const at = this.grow(2);
    this.view.setUint16(at, value, true);
  }

  append32(value: number): void {
    const at = this.grow(4);
    this.view.setUint32(at, value >>> 0, true);
  }

  /** 4 bytes, as a number without a sign. */
  get32(at: number): number {
    return this.view.getUint32(at, true);
  }

  /** Overwrites 2 bytes. */
  set16(at: number, value: number): void {
    this.view.setUint16(at, value, true);
  }

  /** Overwrites 4 bytes. */
  set32(at: number, value: number): void {
    this.view.setUint32(at, value >>> 0, true);
  }

  append(bytes: Uint8Array): void {
    const at = this.grow(bytes.length);
    this.storage.set(bytes, at);
  }

  /** Appends a text in UTF-8. */
  appendText(text: string): void {
    const at = this.grow(text.length);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) {
        this.length = at;
        this.append(utf8.encode(text));
        return;
      }
      this.storage[at + index] = code;
    }
  }

  /** Appends that many zeros. */
  skip(size: number): void {
    if (this.hasStorage) this.grow(size);
    else this.length += size;
  }

  private grow(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.storage.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.storage.length, 256));
      larger.set(this.storage);
      this.storage = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}
