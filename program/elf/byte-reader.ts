import { ProgramError } from '../program-error';

/** Reads little-endian values one after the other; throws ProgramError instead of reading past the end of its bytes. */
export class ByteReader {
  offset = 0;
  private readonly view: DataView;

  /**
   * `what` names the bytes in messages, for example `fib.elf: section .debug_line`; `bias` is what is added to the addresses among them,
   * those of a position-independent program.
   */
  constructor(
    private readonly bytes: Uint8Array,
    readonly what: string,
    readonly bias = 0n,
  ) {
    this.view = viewOf(bytes);
  }

  get size(): number {
    return this.bytes.length;
  }

  get atEnd(): boolean {
    return this.offset >= this.bytes.length;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.take(8), true);
  }

  /** An address of 8 bytes, where the program has it when it runs. */
  address(): bigint {
    return BigInt.asUintN(64, this.u64() + this.bias);
  }

  /** A file offset or count of 8 bytes; one that no file could have is an error. */
  u64AsNumber(): number {
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.error(`the value 0x${value.toString(16)} is too large`, this.offset - 8);
    return Number(value);
  }

  /** An offset of DWARF: 4 bytes, or 8 in its 64-bit format. */
  offsetOf(size: 4 | 8): number {
    return size === 8 ? this.u64AsNumber() : this.u32();
  }

  /** An unsigned LEB128 (DWARF 5, section 7.6), modulo 2^64. */
  uleb(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.u8();
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
  }

  /** A signed LEB128, modulo 2^64. */
  sleb(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.u8();
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        const signed = byte & 0x40 && shift < 57n ? value - (1n << (shift + 7n)) : value;
        return BigInt.asIntN(64, signed);
      }
    }
  }

  /** An unsigned LEB128 that counts or indexes something; one above 2^53 is an error. */
  ulebAsNumber(): number {
    const start = this.offset;
    // Most have one or two bytes; seven fit into the whole numbers of a double.
    let value = 0;
    for (let scale = 1; scale <= largestScale; scale *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    this.offset = start;
    const wide = this.uleb();
    if (wide > BigInt(Number.MAX_SAFE_INTEGER)) throw this.error(`the value 0x${wide.toString(16)} is too large`, start);
    return Number(wide);
  }

  /** A signed LEB128 that counts something; one beyond 2^53 is an error. */
  slebAsNumber(): number {
    const start = this.offset;
    let value = 0;
    for (let scale = 1; scale <= largestScale; scale *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return byte & 0x40 ? value - 0x80 * scale : value;
    }
    this.offset = start;
    const wide = Number(this.sleb());
    if (!Number.isSafeInteger(wide)) throw this.error(`the value ${wide} is too large`, start);
    return wide;
  }

  skipLeb(): void {
    while (this.u8() >= 0x80);
  }

  /** Skips a text and the zero byte after it. */
  skipText(): void {
    const end = this.bytes.indexOf(0, this.offset);
    if (end < 0) throw this.error('a string has no end', this.offset);
    this.offset = end + 1;
  }

  /** The text up to the next zero byte, which is skipped. */
  text(): string {
    const end = this.bytes.indexOf(0, this.offset);
    if (end < 0) throw this.error('a string has no end', this.offset);
    const text = decoder.decode(this.bytes.subarray(this.offset, end));
    this.offset = end + 1;
    return text;
  }

  take(length: number): number {
    const start = this.offset;
    if (length > this.bytes.length - start) {
      throw this.error(`it ends ${length - (this.bytes.length - start)} bytes too early`, start);
    }
    this.offset = start + length;
    return start;
  }

  slice(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  /** The same of another place, without moving. */
  sliceAt(offset: number, length: number): Uint8Array {
    return this.bytes.subarray(offset, offset + length);
  }

  seek(offset: number): void {
    if (offset < 0 || offset > this.bytes.length) throw this.error(`offset 0x${offset.toString(16)} lies outside`, this.offset);
    this.offset = offset;
  }

  error(cause: string, offset = this.offset): ProgramError {
    return new ProgramError(`${this.what} is corrupt at byte 0x${offset.toString(16)}: ${cause}`);
  }
}

/** The same bytes, to read numbers from. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

const decoder = new TextDecoder();
/** The weight of the seventh byte of a LEB128. */
const largestScale = 0x80 ** 6;
