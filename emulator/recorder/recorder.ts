import type { LinearMemory } from '../linear-memory';
import { groupAction } from './native-hook';
import { entryField, entrySize, groupCount, keySpread, recordsSize, recorderField, tableBits, tableSize } from './recorder-layout';

/** A key, as the values of the registers that a native hook looks at. */
export interface HookKey {
  /** Not 0. */
  readonly first: bigint;
  readonly second: bigint;
}

/**
 * The keys that native hooks know, in groups that share what is done, and the records that hooks have written and nobody has taken yet.
 * A key without a group (number 0) goes to the callback.
 */
export class Recorder {
  readonly #memory: LinearMemory;
  /** Keys in the table, also those that were taken away. */
  #filled = 0;
  readonly #freeGroups = Array.from({ length: groupCount - 1 }, (_, index) => groupCount - 1 - index);

  constructor(memory: LinearMemory) {
    this.#memory = memory;
    this.#set(recorderField.isComplete, 1);
  }

  /** Records written and not taken. */
  get count(): number {
    return this.#memory.words[(this.#memory.recorderAt + recorderField.count) >> 2]!;
  }

  /** A new group, whose action is the callback; 0 where there are too many. */
  makeGroup(): number {
    return this.#freeGroups.pop() ?? 0;
  }

  /** Gives a group back, which no key may have any more. */
  freeGroup(group: number): void {
    if (group === 0) return;
    this.setAction(group, groupAction.callback);
    this.#freeGroups.push(group);
  }

  /** What is done where a key of the group is met: a hook's id to record there, or one of `groupAction`. */
  setAction(group: number, action: number): void {
    if (group !== 0) this.#set(recorderField.groups + 4 * group, action);
  }

  /** Makes a key one of a group; `tag` goes into its records. Where the table is full, the callback is called for it. */
  setKey(key: HookKey, group: number, tag: number): void {
    const at = this.#find(key);
    const { words, doublewords } = this.#memory;
    if (doublewords[at >> 3] === 0n) {
      if (this.#filled >= tableSize / 2) {
        this.#set(recorderField.isComplete, 0);
        return;
      }
      this.#filled += 1;
      doublewords[(at + entryField.second) >> 3] = key.second;
      doublewords[at >> 3] = key.first;
    }
    words[(at + entryField.group) >> 2] = group;
    words[(at + entryField.tag) >> 2] = tag;
    words[(at + entryField.isThere) >> 2] = 1;
  }

  /** Takes a key away; its place is kept for when it comes again. */
  clearKey(key: HookKey): void {
    const at = this.#find(key);
    if (this.#memory.doublewords[at >> 3] === 0n) return;
    this.#memory.words[(at + entryField.group) >> 2] = 0;
    this.#memory.words[(at + entryField.isThere) >> 2] = 0;
  }

  /** Gives the bytes of all records to `take`, which must not keep them, and forgets them. */
  takeAll(size: number, take: (bytes: Uint8Array, count: number) => void): void {
    const { count } = this;
    if (count === 0) return;
    this.#set(recorderField.count, 0);
    const start = this.#memory.recorderAt + recorderField.records;
    take(this.#memory.bytes.subarray(start, start + count * size), count);
  }

  #find({ first, second }: HookKey): number {
    const { doublewords, recorderAt } = this.#memory;
    const [one, other] = [Number(BigInt.asIntN(32, first)), Number(BigInt.asIntN(32, second))];
    let index = Math.imul(one ^ Math.imul(other, keySpread.second), keySpread.first) >>> (32 - tableBits);
    for (;;) {
      const at = recorderAt + recorderField.table + index * entrySize;
      const found = doublewords[at >> 3];
      if (found === 0n || (found === first && doublewords[(at + entryField.second) >> 3] === second)) return at;
      index = (index + 1) & (tableSize - 1);
    }
  }

  #set(field: number, value: number): void {
    this.#memory.words[(this.#memory.recorderAt + field) >> 2] = value;
  }
}

/** Records of that many bytes that are kept until somebody takes them. */
export function recordsKept(size: number): number {
  return Math.floor(recordsSize / size);
}
