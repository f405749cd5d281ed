/** A buffer that grows as bytes are written, with numbers as WebAssembly writes them (core specification, "Binary Format", "Values"). */
export class Bytes {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Begins anew, in the same buffer. */
  clear(): void {
    this.#length = 0;
  }

  get length(): number {
    return this.#length;
  }

  /** What was written in [start, end): a view, true until more is written. */
  view(start = 0, end = this.#length): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** An opcode and the unsigned number that follows it. */
  instruction(opcode: number, immediate: number): void {
    if (immediate < 0x80) this.#pair(opcode, immediate);
    else {
      this.byte(opcode);
      this.unsigned(immediate);
    }
  }

  /** An opcode and the signed number that follows it. */
  constant(opcode: number, value: number): void {
    if (value >= -0x40 && value < 0x40) this.#pair(opcode, value & 0x7f);
    else {
      this.byte(opcode);
      this.signed(value);
    }
  }

  /** The opcode of a load or store, with the power of two that it is aligned to, and its offset. */
  access(opcode: number, alignment: number, offset: number): void {
    this.#pair(opcode, alignment);
    this.unsigned(offset);
  }

  #pair(first: number, second: number): void {
    const at = this.#length;
    if (at + 2 > this.#bytes.length) this.#grow(2);
    const bytes = this.#bytes;
    bytes[at] = first;
    bytes[at + 1] = second;
    this.#length = at + 2;
  }

  /** What was written in [start, end), once more. */
  repeat(start: number, end: number): void {
    const length = end - start;
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    this.#bytes.copyWithin(this.#length, start, end);
    this.#length += length;
  }

  bytes(values: ArrayLike<number>): void {
    if (this.#length + values.length > this.#bytes.length) this.#grow(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** An unsigned number below 2^53. */
  unsigned(value: number): void {
    if (value < 0x80) {
      this.byte(value);
      return;
    }
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** A signed number below 2^53 and above -2^53. */
  signed(value: number): void {
    let rest = value;
    if ((rest | 0) === rest) {
      for (; rest < -0x40 || rest >= 0x40; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
    } else {
      while (rest < -0x40 || rest >= 0x40) {
        const low = ((rest % 0x80) + 0x80) % 0x80;
        this.byte(low | 0x80);
        rest = (rest - low) / 0x80;
      }
    }
    this.byte(rest & 0x7f);
  }

  /** A signed number of at most 64 bits. */
  signedWide(value: bigint): void {
    let rest = value;
    while (rest < -0x40n || rest >= 0x40n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest & 0x7fn));
  }

  float32(value: number): void {
    scratch.setFloat32(0, value, true);
    this.bytes(new Uint8Array(scratch.buffer, 0, 4));
  }

  float64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.bytes(new Uint8Array(scratch.buffer));
  }

  /** A name in ASCII, after its length. */
  text(value: string): void {
    this.unsigned(value.length);
    for (let index = 0; index < value.length; index += 1) this.byte(value.charCodeAt(index));
  }

  #grow(more: number): void {
    const larger = new Uint8Array(Math.max(this.#length + more, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** Bytes that a number takes when it is written unsigned. */
export function lengthOfUnsigned(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}
