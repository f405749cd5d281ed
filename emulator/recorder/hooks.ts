import { type I32, type I64, i32, i64 } from '../wasm/expression';
import { get, type Label } from '../wasm/function-body';
import { type KeyRegisters, writeKeyLookup } from './key-lookup';
import { writeOffset } from './memory-checks';
import { MoreWords, mostCallers, mostMore } from './more-words';
import type { HookWriting, NativeHook } from './native-hook';
import { entryField, groupAction, groupField, groupSize, recorderField, userSets } from './recorder-layout';
import { writeEntryCheck, writeStackWalk } from './stack-walk';

/** Writes a record where the key is there and its group says so. */
export interface Recording {
  /** What the action of a group names it by; not one of `groupAction`. */
  readonly id: number;
  readonly key: KeyRegisters;
  /** The memory that records are made of, the frame, begins at the value of this register. */
  readonly register: number;
  /** What is recorded; of two, the second where the key has a user. */
  readonly frames: readonly [RecordedFrame, RecordedFrame?];
  /** Where this is given, what is like the last is only counted: see `Repeats`. */
  readonly repeats?: Repeats;
  /** The records are followed by the callers on the stack: of all, or of the group whose action has `withStack` added to the id. */
  readonly stacks?: 'always' | 'asked';
  /** Groups may have `withSwitch` added to the id. */
  readonly switches?: boolean;
}

/** What is added to a recording's id where a group's records are to be followed by stacks, and that of others is not. */
export const withStack = 256;
/**
 * The same where they are of calls that switch users of another group on or off (`switchWord`): there is a record only of those that
 * change that, and of each key as many as its marks say; `unlimited` has no end.
 */
export const withSwitch = 512;
/** The words of such a group: the other one, its users as bits, and those of them that are off afterwards. */
export const switchWord = { group: 0, users: 1, off: 2 } as const;
export const unlimited = 0xffff;

export interface RecordedFrame {
  /** Bytes of the frame, which must be mapped. */
  readonly size: number;
  /** The record, in words of 8 bytes; as many for all frames. */
  readonly words: readonly RecordWord[];
  /** Where the walk up the stack begins: the pc of a function at its entry, and its caller, which waits for it. */
  readonly walk: { readonly entry: RecordWord; readonly pc: RecordWord; readonly sp: RecordWord; readonly s0: RecordWord };
}

/**
 * Records like the last one are not made but counted: the group's words are what is compared, their count, and the time of the last.
 * Before one that is not alike, a record of them is made, if there are any.
 */
export interface Repeats {
  /** What is compared: two registers. */
  readonly registers: readonly [number, number];
  /** That record, with `group word`s. */
  readonly words: readonly RecordWord[];
}

export type RecordWord =
  /** Instructions retired before that one. */
  | { readonly kind: 'instret' }
  | { readonly kind: 'register'; readonly number: number }
  /** A word of the frame; or the address `plus` bytes above its start. */
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'above frame'; readonly plus: number }
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'group word'; readonly index: number };

const zero = i32.constant(0);
const one = i32.constant(1);

/** The hook that makes records. */
export function recordingHook(recording: Recording): NativeHook {
  const words = recording.frames.flatMap((frame) => frame?.words ?? []);
  const registers = words.flatMap((word) => (word.kind === 'register' ? [word.number] : []));
  return {
    reads: [...recording.key, recording.register, ...registers],
    writes: [],
    write: (writing) => writeRecording(writing, recording),
  };
}

/** The hook that puts 1 into a register where the key is there, else 0. */
export function testingHook(key: KeyRegisters, result: number): NativeHook {
  return {
    reads: key,
    writes: [result],
    write: (writing) => {
      const { body, memory } = writing;
      body.block((answered) => {
        const place = writeKeyLookup(writing, key, () => {
          body.if(i32.eqz(i32.load(zero, memory.recorderAt + recorderField.isComplete)), () => writing.leave());
          writing.setX(result, i64.constant(0n));
          body.branch(answered);
        });
        writing.setX(result, i64.extendU(i32.load16U(place, entryField.isThere)));
      });
    },
  };
}

/** The words of a group of `Repeats`. */
export const repeatWord = { first: 0, second: 1, count: 2, time: 3 } as const;

function writeRecording(writing: HookWriting, { id, key, register, frames: [usual, other], repeats, stacks, switches }: Recording): void {
  const { body } = writing;
  const place = writeKeyLookup(writing, key, () => writing.leave());
  const group = new GroupWriter(writing, body.hold(i32.load16U(place, entryField.group)));
  body.block((done) => {
    const ids = [id, ...(stacks === 'asked' ? [id + withStack] : []), ...(switches ? [id + withSwitch] : [])];
    const action = group.requireAction(ids, done);
    const isSwitch = switches && body.hold(i32.eq(action, i32.constant(id + withSwitch)));
    if (isSwitch) body.if(isSwitch, () => body.branchIf(done, writeSwitchesNothing(writing, group, place)));
    group.requireRoom(8 * usual.words.length, 1 + (repeats ? 1 : 0) + (stacks ? mostMore : 0));
    const append = ({ size, words, walk }: RecordedFrame): void => {
      const wordOf = wordsOfFrame(writing, group, register, { size, words });
      if (repeats) writeRepeat(writing, group, repeats, done);
      const appendPlain = (): void => {
        if (repeats) writeOther(writing, group, repeats, wordOf);
        group.append(words.map(wordOf));
      };
      const appendWithStack = (): void => {
        writeEntryCheck(writing, wordOf(walk.entry));
        const before = repeats ? i32.add(one, i64.ne(group.word(repeatWord.count), i64.constant(0))) : one;
        const more = new MoreWords(writing, group, before);
        const count = writeStackWalk(writing, { pc: wordOf(walk.pc), sp: wordOf(walk.sp), s0: wordOf(walk.s0) }, mostCallers, more.store);
        appendPlain();
        more.append(get(count));
      };
      if (stacks === 'asked') body.if(i32.eq(action, i32.constant(id + withStack)), appendWithStack, appendPlain);
      else if (stacks) appendWithStack();
      else appendPlain();
    };
    const appendUsual = () => append(usual);
    if (other) body.if(i32.load16U(place, entryField.users), () => append(other), appendUsual);
    else appendUsual();
    body.store64(place, i64.add(i64.load(place, entryField.hits), i64.constant(1n)), entryField.hits);
    if (isSwitch) body.if(isSwitch, () => writeSwitching(writing, group, place));
  });
}

/** Whether a call of a group with a switch finds it so already, or may do so no more. */
function writeSwitchesNothing(writing: HookWriting, group: GroupWriter, place: I32): I32 {
  const { other, users, off } = switchOf(writing, group);
  const isSo = i32.eq(i32.and(other.users('off'), users), off);
  return i32.or(isSo, i32.eqz(i32.load16U(place, entryField.marks)));
}

function writeSwitching(writing: HookWriting, group: GroupWriter, place: I32): void {
  const { body } = writing;
  const { other, users, off } = switchOf(writing, group);
  other.setUsers('off', i32.or(i32.and(other.users('off'), i32.xor(users, i32.constant(-1))), off));
  other.setUsers('special', i32.or(other.users('special'), users));
  const left = body.hold(i32.load16U(place, entryField.marks));
  const isLimited = i32.ne(left, i32.constant(unlimited));
  body.storeLow(2, place, i64.extendU(i32.sub(left, isLimited)), entryField.marks);
}

function switchOf({ body }: HookWriting, group: GroupWriter): { other: GroupWriter; users: I32; off: I32 } {
  const word = (name: keyof typeof switchWord) => i32.wrap(group.word(switchWord[name]));
  return { other: group.of(body.hold(word('group'))), users: word('users'), off: word('off') };
}

/**
 * Goes on only where the frame is mapped; gives what words of a record are written as. A frame whose words the region has just stored, with
 * its first and its last, is mapped: it is in two pages at most.
 */
function wordsOfFrame(
  writing: HookWriting,
  group: GroupWriter,
  register: number,
  { size, words }: Pick<RecordedFrame, 'size' | 'words'>,
): (word: RecordWord) => I64 {
  const { memory } = writing;
  const start = writing.x(register);
  const offsets = words.flatMap((word) => (word.kind === 'frame' ? [word.offset] : []));
  const isStored = [0, size - 8, ...offsets].every((offset) => writing.stored(register, offset));
  const frame = isStored ? zero : writeOffset(writing, start, size, 'mapped');
  return (word) => {
    switch (word.kind) {
      case 'instret':
        return writing.retired;
      case 'register':
        return writing.x(word.number);
      case 'frame':
        return writing.stored(register, word.offset) ?? i64.load(frame, memory.windowAt + word.offset);
      case 'above frame':
        return i64.add(start, i64.constant(BigInt(word.plus)));
      case 'constant':
        return i64.constant(word.value);
      case 'group word':
        return group.word(word.index);
    }
  };
}

/** Counts a call that is like the last one. */
function writeRepeat({ body, x, retired }: HookWriting, group: GroupWriter, { registers }: Repeats, done: Label): void {
  const [first, second] = registers.map(x) as [I64, I64];
  const { first: firstWord, second: secondWord, count, time } = repeatWord;
  body.if(i32.and(i64.eq(group.word(firstWord), first), i64.eq(group.word(secondWord), second)), () => {
    group.setWord(count, i64.add(group.word(count), i64.constant(1n)));
    group.setWord(time, retired);
    body.branch(done);
  });
}

/** Makes the record of those that were alike, and the call the one that others are compared with. */
function writeOther(
  { body, x, retired }: HookWriting,
  group: GroupWriter,
  { registers, words }: Repeats,
  wordOf: (word: RecordWord) => I64,
): void {
  const [first, second] = registers.map(x) as [I64, I64];
  const { first: firstWord, second: secondWord, count, time } = repeatWord;
  body.if(i64.ne(group.word(count), i64.constant(0n)), () => group.append(words.map(wordOf)));
  group.setWord(firstWord, first);
  group.setWord(secondWord, second);
  group.setWord(count, i64.constant(0n));
  group.setWord(time, retired);
}

/** The hook that does nothing where the value of a register is within the group's first two words, [low, high). */
export function rangeHook(id: number, key: KeyRegisters, register: number): NativeHook {
  return {
    reads: [...key, register],
    writes: [],
    write: (writing) => {
      const { body, leave } = writing;
      const place = writeKeyLookup(writing, key, leave);
      const group = new GroupWriter(writing, body.hold(i32.load16U(place, entryField.group)));
      body.block((done) => {
        group.requireAction([id], done);
        const value = writing.x(register);
        body.if(i32.or(i64.ltU(value, group.word(0)), i64.geU(value, group.word(1))), leave);
      });
    },
  };
}

/** Writes what native hooks do with a group. */
export class GroupWriter {
  readonly #writing: HookWriting;
  /** Where it is behind the first group. */
  readonly #at: I32;
  readonly #fields: number;

  constructor(writing: HookWriting, number: I32) {
    this.#writing = writing;
    this.#at = writing.body.hold(i32.mul(number, i32.constant(groupSize)));
    this.#fields = writing.memory.recorderAt + recorderField.groups;
  }

  /** Goes on only where the group's action has one of these numbers, and gives it; to `done` where it is nothing. */
  requireAction(ids: readonly number[], done: Label): I32 {
    const { body, leave } = this.#writing;
    const action = body.hold(i32.load(this.#at, this.#fields + groupField.action));
    const isOther = ids.map((id) => i32.ne(action, i32.constant(id))).reduce((one, other) => i32.and(one, other));
    body.if(isOther, () => {
      body.branchIf(done, i32.eq(action, i32.constant(groupAction.nothing)));
      leave();
    });
    return action;
  }

  /** Where in linear memory the record of that size is to be that comes `later` after the next. */
  recordAt(size: number, later: I32): I32 {
    return i32.add(this.#next, i32.mul(later, i32.constant(size)));
  }

  /** Counts so many records of that size as appended, whose words are there. */
  addRecords(size: number, more: I32): void {
    this.#setNext(this.recordAt(size, more));
  }

  /** Goes on only where there is room for so many records of that many bytes. */
  requireRoom(size: number, records = 1): void {
    const { body, leave } = this.#writing;
    const last = i32.sub(i32.load(this.#at, this.#fields + groupField.end), i32.constant(records * size));
    body.if(i32.gtU(this.#next, last), leave);
  }

  /** Appends a record, for which there is room. */
  append(words: readonly I64[]): void {
    const { body } = this.#writing;
    const record = body.hold(this.#next);
    for (const [index, word] of words.entries()) body.store64(record, word, 8 * index);
    this.#setNext(i32.add(record, i32.constant(8 * words.length)));
  }

  get #next(): I32 {
    return i32.load(this.#at, this.#fields + groupField.next);
  }

  #setNext(next: I32): void {
    this.#writing.body.store(this.#at, next, this.#fields + groupField.next);
  }

  /** One of the group's words. */
  word(index: number): I64 {
    return i64.load(this.#at, this.#fields + groupField.words + 8 * index);
  }

  setWord(index: number, value: I64): void {
    this.#writing.body.store64(this.#at, value, this.#fields + groupField.words + 8 * index);
  }

  /** What does the same with another group. */
  of(number: I32): GroupWriter {
    return new GroupWriter(this.#writing, number);
  }

  setUsers(name: (typeof userSets)[number], users: I32): void {
    const at = this.#fields + groupField.users + 2 * userSets.indexOf(name);
    this.#writing.body.storeLow(2, this.#at, i64.extendU(users), at);
  }

  /** One of the group's sets of users. */
  users(name: (typeof userSets)[number]): I32 {
    return i32.load16U(this.#at, this.#fields + groupField.users + 2 * userSets.indexOf(name));
  }
}
