import { type I32, type I64, i32, i64 } from '../wasm/expression';
import { get } from '../wasm/function-body';
import type { GroupWriter } from './hooks';
import type { HookWriting } from './native-hook';

/**
 * A record that follows another one, with more words of it, in the layout of the others: the time; how many words there are in all; 0;
 * this in the word of the type; and words.
 */
export const moreRecord = { type: 2000, header: 4, words: 13 } as const;
/** Callers of a stack that are recorded at most, and records that hold them. */
export const mostCallers = 60;
export const mostMore = Math.ceil(mostCallers / moreRecord.words);

const recordSize = 8 * (moreRecord.header + moreRecord.words);

/** Writes words into the room for records, where they count for nothing before they are appended. */
export class MoreWords {
  readonly #writing: HookWriting;
  readonly #group: GroupWriter;
  /** Where the first of the records is in linear memory. */
  readonly #start: I32;

  /** For a record that `later` others will be appended before; there must be room. */
  constructor(writing: HookWriting, group: GroupWriter, later: I32) {
    this.#writing = writing;
    this.#group = group;
    this.#start = writing.body.hold(group.recordAt(recordSize, later));
  }

  readonly store = (index: I32, word: I64): void => {
    const record = i32.mul(i32.divU(index, i32.constant(moreRecord.words)), i32.constant(recordSize));
    const within = i32.shl(i32.remU(index, i32.constant(moreRecord.words)), i32.constant(3));
    this.#writing.body.store64(i32.add(this.#start, i32.add(record, within)), word, 8 * moreRecord.header);
  };

  /** Appends the records of so many words; none where there are none. */
  append(count: I32): void {
    const { body, retired } = this.#writing;
    const records = body.hold(i32.divU(i32.add(count, i32.constant(moreRecord.words - 1)), i32.constant(moreRecord.words)));
    const index = body.local('i32');
    body.set(index, i32.constant(0));
    body.block((done) => {
      body.loop((next) => {
        body.branchIf(done, i32.geU(get(index), records));
        const at = i32.add(this.#start, i32.mul(get(index), i32.constant(recordSize)));
        [retired, i64.extendU(count), i64.constant(0), i64.constant(moreRecord.type)].forEach((word, place) => {
          body.store64(at, word, 8 * place);
        });
        body.set(index, i32.add(get(index), i32.constant(1)));
        body.branch(next);
      });
    });
    this.#group.addRecords(recordSize, records);
  }
}
