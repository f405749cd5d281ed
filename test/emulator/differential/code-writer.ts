import { encode } from '../../../riscv/encode';

/** Lays instructions down from an address on. */
export class CodeWriter {
  here: number;
  readonly #start: number;
  #bytes = new Uint8Array(1 << 16);
  #end = 0;

  constructor(start: number) {
    this.#start = start;
    this.here = start;
  }

  get size(): number {
    return this.#end;
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#end);
  }

  goTo(address: number): void {
    this.here = address;
  }

  word(word: number): void {
    const length = (word & 3) === 3 ? 4 : 2;
    const at = this.here - this.#start;
    while (at + 4 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    for (let index = 0; index < length; index += 1) this.#bytes[at + index] = word >>> (index * 8);
    this.here += length;
    this.#end = Math.max(this.#end, at + length);
  }

  words(words: readonly number[]): void {
    for (const word of words) this.word(word);
  }

  /** `li` of a constant of 31 bits. */
  constant(register: number, value: number): void {
    this.words(constantWords(register, value));
  }

  /** Stores a constant, made in x6. */
  storeConstant(base: number, value: number, offset: number): void {
    this.constant(6, value);
    this.word(encode('sd', { rs1: base, rs2: 6, immediate: offset }));
  }

  jumpTo(target: number, link = 0): void {
    this.word(encode('jal', { rd: link, immediate: target - this.here }));
  }
}

/** The two words of lui and addiw. */
export function constantWords(register: number, value: number): number[] {
  const low = (value << 20) >> 20;
  return [encode('lui', { rd: register, immediate: (value - low) | 0 }), encode('addiw', { rd: register, rs1: register, immediate: low })];
}

/** Bytes that these words take. */
export function sizeOf(words: readonly number[]): number {
  return words.reduce((size, word) => size + ((word & 3) === 3 ? 4 : 2), 0);
}
