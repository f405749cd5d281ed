import { sizeOf } from '../../types/base-types';
import type { ArrayType } from '../../types/type';
import { addressOf, type Value, type ValueMemory } from '../value';
import { largestValue, readBytes } from '../value-bytes';

/** How many elements of an array are equal in a row, by their bytes: read in memory as far as they are compared. */
export class ElementRuns {
  private readonly size: number;
  private readonly address: bigint | undefined;
  private bytes: Uint8Array = new Uint8Array(0);
  private isAll = false;

  private constructor(
    array: Value,
    private readonly type: ArrayType & { readonly count: number },
    private readonly memory: ValueMemory,
  ) {
    this.size = sizeOf(type.element) ?? 0;
    this.address = addressOf(array);
    if (this.address !== undefined) return;
    const result = readBytes(array, memory);
    if ('bytes' in result) this.bytes = result.bytes;
    this.isAll = true;
  }

  /** Undefined where the elements have no bytes to compare. */
  static of(array: Value, type: ArrayType & { readonly count: number }, memory: ValueMemory): ElementRuns | undefined {
    const runs = new ElementRuns(array, type, memory);
    return runs.size > 0 && (!runs.isAll || runs.bytes.length > 0) ? runs : undefined;
  }

  /** From an element on: 1 where the next one differs. */
  lengthFrom(index: number): number {
    let end = index + 1;
    while (end < this.type.count && this.isEqual(index, end)) end++;
    return end - index;
  }

  private isEqual(one: number, other: number): boolean {
    const { size } = this;
    if (!this.has((Math.max(one, other) + 1) * size)) return false;
    const { bytes } = this;
    for (let at = 0; at < size; at++) if (bytes[one * size + at] !== bytes[other * size + at]) return false;
    return true;
  }

  /** Whether so many bytes of the array are known. */
  private has(length: number): boolean {
    while (this.bytes.length < length && !this.isAll) {
      const wanted = Math.min(Math.max(4 * this.bytes.length, 1024, length), this.type.count * this.size, largestValue);
      const read = this.memory.read(this.address!, wanted);
      this.isAll = read.length < wanted || wanted === this.type.count * this.size || wanted === largestValue;
      this.bytes = read;
    }
    return this.bytes.length >= length;
  }
}
