import { writeOffset } from '../../../emulator/recorder/memory-checks';
import type { MoreWords } from '../../../emulator/recorder/more-words';
import type { HookWriting } from '../../../emulator/recorder/native-hook';
import { type I32, type I64, i32, i64 } from '../../../emulator/wasm/expression';
import { get, type Local } from '../../../emulator/wasm/function-body';
import { longestText, shortText } from './fetch-word';

const wordSize = 8;
/** The words of the characters that every text has, and those of a long one that follow the record: how many they are, and they. */
const shortWords = shortText / wordSize;
export const mostOfText = 1 + (longestText - shortText) / wordSize;

/**
 * Writes fetching the first characters of the text at an address. What is not mapped has none; of a text without any mapped byte, all bits
 * are 1, and no words follow.
 */
export function writeShortText(writing: HookWriting, address: I64): readonly I64[] {
  const { body, memory } = writing;
  const words = Array.from({ length: shortWords }, () => body.local('i64'));
  body.block((fetched) => {
    body.block((isCut) => {
      const offset = writeOffset({ ...writing, leave: () => body.branch(isCut) }, address, shortText, 'mapped');
      words.forEach((word, index) => {
        body.set(word, i64.load(offset, memory.windowAt + wordSize * index));
      });
      body.branch(fetched);
    });
    for (const word of words) body.set(word, i64.constant(-1));
    requireMapped(writing, address, () => body.branch(fetched));
    const index = body.local('i32');
    body.set(index, i32.constant(0));
    body.loop((next) => {
      const word = writeCharacters(writing, body.hold(i64.add(address, i64.extendU(i32.shl(get(index), i32.constant(3))))));
      // The loop has one place for a word: all move up by one each time.
      words.forEach((each, place) => {
        body.set(each, place + 1 < shortWords ? get(words[place + 1]!) : word);
      });
      body.set(index, i32.add(get(index), i32.constant(1)));
      body.branchIf(next, i32.ltU(get(index), i32.constant(shortWords)));
    });
  });
  return words.map((word) => get(word));
}

/** Writes adding what is behind the first characters of a text, to its end, and before it how many words that is; `count` words were there. */
export function writeLongText(writing: HookWriting, address: I64, more: MoreWords, count: Local<'i32'>): void {
  const { body } = writing;
  const found = body.local('i32');
  body.set(found, i32.constant(0));
  body.block((ended) => {
    requireMapped(writing, address, () => body.branch(ended));
    body.loop((next) => {
      const behind = i64.add(i64.constant(shortText), i64.extendU(i32.shl(get(found), i32.constant(3))));
      const word = body.hold(writeCharacters(writing, body.hold(i64.add(address, behind))));
      body.set(found, i32.add(get(found), i32.constant(1)));
      more.store(i32.add(get(count), get(found)), word);
      body.branchIf(ended, i32.or(hasEnd([word]), i32.eq(get(found), i32.constant(mostOfText - 1))));
      body.branch(next);
    });
  });
  more.store(get(count), i64.extendU(get(found)));
  body.set(count, i32.add(get(count), i32.add(get(found), i32.constant(1))));
}

/** Whether one of the bytes of words is 0 (the lowest bit that is set is above the first of them). */
export function hasEnd(words: readonly I64[]): I32 {
  const [ones, tops] = [i64.constant(0x0101010101010101n), i64.constant(BigInt.asIntN(64, 0x8080808080808080n))];
  const ends = words.map((word) => i64.and(i64.and(i64.sub(word, ones), i64.xor(word, i64.constant(-1n))), tops));
  return i64.ne(
    ends.reduce((one, other) => i64.or(one, other)),
    i64.constant(0),
  );
}

/** Goes on only where the byte at an address is mapped; what `otherwise` writes must not. */
function requireMapped(writing: HookWriting, address: I64, otherwise: () => void): I32 {
  return writeOffset({ ...writing, leave: otherwise }, address, 1, 'mapped');
}

/** Eight bytes from an address on; those from the first that is not mapped on are 0. */
function writeCharacters(writing: HookWriting, address: I64): I64 {
  const { body, memory } = writing;
  const word = body.local('i64');
  body.set(word, i64.constant(0));
  body.block((fetched) => {
    body.block((isCut) => {
      const offset = writeOffset({ ...writing, leave: () => body.branch(isCut) }, address, wordSize, 'mapped');
      body.set(word, i64.load(offset, memory.windowAt));
      body.branch(fetched);
    });
    const offset = requireMapped(writing, address, () => body.branch(fetched));
    // The last bytes of a page, shifted down from the word that it ends with.
    const last = i32.sub(i32.or(offset, i32.constant(4095)), i32.constant(wordSize - 1));
    const before = i32.and(offset, i32.constant(wordSize - 1));
    body.set(word, i64.shrU(i64.load(last, memory.windowAt), i64.extendU(i32.shl(before, i32.constant(3)))));
  });
  return get(word);
}
