import type { LinearMemory } from '../linear-memory';
import { type Halves, type HookKey, isFree, placeOfKey } from './key-lookup';
import {
  chunkBits,
  entryField,
  groupAction,
  groupCount,
  groupField,
  groupSize,
  groupWords,
  recorderField,
  tableSize,
  type UserSets,
  userSets,
  userWords,
} from './recorder-layout';

const chunkSize = 2 ** chunkBits;

/**
 * The keys that native hooks know, in groups that share what is done and where records go, and the records that were written and not
 * taken yet. The callback is called for a key in no group (number 0).
 */
export class Recorder {
  readonly #memory: LinearMemory;
  /** Keys in the table, also those that were taken away. */
  #filled = 0;
  readonly #freeGroups = Array.from({ length: groupCount - 1 }, (_, index) => groupCount - 1 - index);
  /** Where the chunk of each group begins, and those that nobody has: what was in use last is still in the processor's caches. */
  readonly #chunks: number[];
  readonly #freeChunks: number[];

  constructor(memory: LinearMemory) {
    this.#memory = memory;
    this.#chunks = Array.from({ length: groupCount }, (_, group) => this.#roomAt(group));
    this.#freeChunks = Array.from({ length: memory.chunks }, (_, index) => memory.chunksAt + (memory.chunks - 1 - index) * chunkSize);
    for (const [group, chunk] of this.#chunks.entries()) this.#setChunk(group, chunk);
    this.#words[(memory.recorderAt + recorderField.isComplete) >> 2] = 1;
  }

  /** A new group, whose action is the callback; 0 where there are too many. */
  makeGroup(): number {
    return this.#freeGroups.pop() ?? 0;
  }

  /** Gives a group back, which no key may have any more. */
  freeGroup(group: number): void {
    if (group === 0) return;
    this.setAction(group, groupAction.callback);
    this.wordsOf(group).fill(0n);
    this.#release(this.#chunks[group]!);
    this.#setChunk(group, this.#roomAt(group));
    this.#freeGroups.push(group);
  }

  /** What is done where a key of the group is met: a recording's id to record there, or one of `groupAction`. */
  setAction(group: number, action: number): void {
    if (group !== 0) this.#words[this.#groupAt(group, groupField.action)] = action;
  }

  /** What is done for which of a group's users: sets of 16 bits. */
  setUsers(group: number, users: UserSets): void {
    if (group === 0) return;
    const at = 2 * this.#groupAt(group, groupField.users);
    this.#memory.halfwords.set(
      userSets.map((name) => users[name]),
      at,
    );
  }

  /** The words that a group's action and its callback share; a group without actions has some that nobody else sees. */
  wordsOf(group: number): BigUint64Array {
    if (group === 0) return new BigUint64Array(groupWords);
    const at = (this.#memory.recorderAt + recorderField.groups + group * groupSize + groupField.words) >> 3;
    return this.#memory.doublewords.subarray(at, at + groupWords);
  }

  /** The words of one of the users of the group whose users have any: what its action and its callback share. */
  wordsOfUser(user: number): BigUint64Array {
    const at = ((this.#memory.recorderAt + recorderField.users) >> 3) + user * userWords;
    return this.#memory.doublewords.subarray(at, at + userWords);
  }

  /** The room for a group's records, where that has none: what its action and its callback share beside its words. */
  roomOf(group: number): BigUint64Array {
    const length = chunkSize / 8;
    if (group === 0) return new BigUint64Array(length);
    const at = this.#roomAt(group) / 8;
    return this.#memory.doublewords.subarray(at, at + length);
  }

  /**
   * Makes a key one of a group, of interest to some of its users, with marks (16 bits) for its action. Where the table is full, the
   * callback is called for it.
   */
  setKey(key: HookKey, group: number, users = 0, marks = 0): void {
    const at = this.#find(key);
    if (!this.#takePlace(at, key)) {
      this.#words[(this.#memory.recorderAt + recorderField.isComplete) >> 2] = 0;
      return;
    }
    this.#words[(at + entryField.group) >> 2] = group | (users << 16);
    this.#words[(at + entryField.isThere) >> 2] = 1 | (marks << 16);
  }

  /** Keeps a word for a key in the place of its hits; false where the table is full. */
  setWord(key: HookKey, word: bigint): boolean {
    const at = this.#find(key);
    if (!this.#takePlace(at, key)) return false;
    this.#memory.doublewords[(at + entryField.hits) >> 3] = word;
    return true;
  }

  /** False where the place is free and has to stay so. */
  #takePlace(at: number, { first, second }: HookKey): boolean {
    if (!isFree(this.#memory, at)) return true;
    if (this.#filled >= tableSize / 2) return false;
    this.#filled += 1;
    this.#write(at + entryField.second, second);
    this.#write(at + entryField.first, first);
    return true;
  }

  /** Takes a key away; its place is kept for when it comes again, and so are its hits. */
  clearKey(key: HookKey): void {
    const at = this.#find(key);
    if (isFree(this.#memory, at)) return;
    this.#words[(at + entryField.group) >> 2] = 0;
    this.#words[(at + entryField.isThere) >> 2] = 0;
  }

  /** Records that were ever made of a key. */
  hitsOf(key: HookKey): number {
    return Number(this.#memory.doublewords[(this.#find(key) + entryField.hits) >> 3]!);
  }

  /** Whether a quarter of the room for a group's records, or less, is left. */
  isNearlyFull(group: number): boolean {
    return this.#written(group) > 0.75 * chunkSize;
  }

  /**
   * Gives the bytes of a group's records, of so many bytes each, to `take`, and forgets them: they stay until the engine runs again, or
   * for as long as they are lent.
   */
  takeAll(group: number, size: number, take: (bytes: Uint8Array, count: number) => void): void {
    const length = this.#written(group);
    if (length === 0 || group === 0) return;
    const start = this.#chunks[group]!;
    this.#setChunk(group, start);
    take(this.#memory.bytes.subarray(start, start + length), length / size);
  }

  /**
   * Leaves all bytes that `takeAll` has given of a group where they are, until they are given back: its next records are written elsewhere.
   * False where they are to be copied: they are few for the memory that they keep, or there is no more of that.
   */
  lend(bytes: Uint8Array): boolean {
    if (bytes.length < 0.75 * chunkSize || bytes.buffer !== this.#memory.bytes.buffer) return false;
    const group = this.#chunks.indexOf(bytes.byteOffset);
    const other = group > 0 ? this.#freeChunks.pop() : undefined;
    if (other === undefined) return false;
    this.#setChunk(group, other);
    // The room of a group has to be its own again when it is given to another.
    return bytes.byteOffset >= this.#memory.chunksAt;
  }

  /** Takes back what was lent. */
  giveBack(bytes: Uint8Array): void {
    this.#release(bytes.byteOffset);
  }

  #release(chunk: number): void {
    if (chunk >= this.#memory.chunksAt) this.#freeChunks.push(chunk);
  }

  #setChunk(group: number, chunk: number): void {
    this.#chunks[group] = chunk;
    this.#words[this.#groupAt(group, groupField.next)] = chunk;
    this.#words[this.#groupAt(group, groupField.end)] = chunk + chunkSize;
  }

  #written(group: number): number {
    return (this.#words[this.#groupAt(group, groupField.next)]! - this.#chunks[group]!) >>> 0;
  }

  #roomAt(group: number): number {
    return this.#memory.recorderAt + recorderField.rooms + group * chunkSize;
  }

  get #words(): Int32Array {
    return this.#memory.words;
  }

  #groupAt(group: number, field: number): number {
    return (this.#memory.recorderAt + recorderField.groups + group * groupSize + field) >> 2;
  }

  #write(at: number, { low, high }: Halves): void {
    this.#words[at >> 2] = low;
    this.#words[(at >> 2) + 1] = high;
  }

  #find(key: HookKey): number {
    return placeOfKey(this.#memory, key);
  }
}
