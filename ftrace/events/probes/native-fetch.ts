import { GroupWriter } from '../../../emulator/recorder/hooks';
import { writeOffset } from '../../../emulator/recorder/memory-checks';
import { MoreWords, mostMore } from '../../../emulator/recorder/more-words';
import { type HookWriting, inParts, type NativeHook } from '../../../emulator/recorder/native-hook';
import { walkRegisters, writeStackWalkFrom } from '../../../emulator/recorder/stack-walk';
import { type I32, type I64, i32, i64 } from '../../../emulator/wasm/expression';
import { get } from '../../../emulator/wasm/function-body';
import type { FrameRule } from '../../../program/unwind/frame-rules';
import { deepest } from '../../call-stacks';
import { ftraceRegsNames } from '../../ftrace-regs';
import { recordSize, recordType } from '../../ring-buffer';
import { type FetchWord, shortText } from './fetch-word';
import { type NativeFilter, writeFilter } from './native-filter';
import { a0, sp } from './probe-point';

/** An event that the engine records: what decodes it, and its words. */
export interface NativeEvent {
  /** The number of its decoder (`RingBuffer.setDecoder`). */
  readonly decoder: number;
  readonly words: readonly FetchWord[];
  /** Only what passes is recorded; the other hits are counted in a word of the group (`passedOverWord`). */
  readonly filter?: NativeFilter;
  /** Its record is followed by the callers on the stack. */
  readonly hasStack?: boolean;
}

/** How the stack is walked from where an event is: `none` where there is no caller. */
export type WalkFrom = FrameRule | 'none' | undefined;

/** Which of the words of its group counts hits that the filter of an event lets not pass. */
export const passedOverWord = 0;

/** What the engine finds the hart's registers in at a probe. */
export interface ProbeRegisters {
  readonly sp: I64;
  argument(index: number): I64;
  /** Where all are known. */
  register(number: number): I64;
  /** At a return. */
  readonly retval?: I64;
}

/** Words of an event's record at most: what a record has beside its time, place and type. */
export const mostWords = ftraceRegsNames.length;

const loads: Readonly<Record<number, typeof i64.load>> = { 1: i64.load8U, 2: i64.load16U, 4: i64.load32U, 8: i64.load };

/** Whether the engine can fetch a word before a call or an instruction. */
export function isNative(word: FetchWord): boolean {
  switch (word.kind) {
    case 'retval':
    case 'field':
      return false;
    case 'sum':
      return isNative(word.word);
    case 'characters':
      return isNative(word.address);
    case 'memory':
      return word.size in loads && isNative(word.address);
    default:
      return true;
  }
}

/**
 * Writes fetching the words of an event at a place, and of a return before them where it returned to; memory that is not mapped is left
 * to the callback. What it gives writes the record in a group, for which there must be room.
 */
export function prepareEvent(
  writing: HookWriting,
  group: GroupWriter,
  { decoder, words, filter, hasStack }: NativeEvent,
  ip: I64,
  registers: ProbeRegisters,
  { returnedTo, walkFrom }: { readonly returnedTo?: I64; readonly walkFrom?: WalkFrom } = {},
): () => void {
  const fetched = words.map((word) => writing.body.hold(writeWord(writing, word, registers)));
  const all = returnedTo ? [returnedTo, ...fetched] : fetched;
  const none = Array.from({ length: mostWords - all.length }, () => i64.constant(0));
  const kind = i64.constant(BigInt(recordType.event) | (BigInt(decoder) << 32n));
  const append = (): void => void group.append([writing.retired, ip, i64.constant(0), kind, ...all, ...none]);
  if (hasStack) {
    const more = new MoreWords(writing, group, 1);
    const count = writeStackWalkFrom(writing, walkFrom === 'none' ? undefined : walkFrom, deepest - 1, more.store);
    return () => {
      append();
      more.append(get(count));
    };
  }
  if (!filter) return append;
  const passOver = () => group.setWord(passedOverWord, i64.add(group.word(passedOverWord), i64.constant(1)));
  return () => writing.body.if(writeFilter(filter, fetched), append, passOver);
}

/** Goes on only where there is room for the record of an event. */
export function requireRoomFor({ hasStack }: NativeEvent, group: GroupWriter): void {
  group.requireRoom(recordSize, hasStack ? 1 + mostMore : 1);
}

/** Whether the engine can fetch a word where a function has returned to, with what it was called with. */
export function isNativeBehindReturn(word: FetchWord): boolean {
  switch (word.kind) {
    case 'retval':
      return true;
    case 'register':
      return false;
    case 'sum':
      return isNativeBehindReturn(word.word);
    case 'memory':
    case 'characters':
      return isNativeBehindReturn(word.address) && (word.kind === 'characters' || isNative({ ...word, address: { kind: 'sp' } }));
    default:
      return isNative(word);
  }
}

/** Whether a word of the event of a return is in the record of the return that the engine makes for users of the graph tracer. */
export function isNativeAtReturn({ kind }: FetchWord): boolean {
  return kind === 'argument' || kind === 'retval' || kind === 'constant';
}

/** The registers, x0 to x31, that are read to fetch a word before an instruction. */
export function registersOf(word: FetchWord): readonly number[] {
  switch (word.kind) {
    case 'argument':
      return [a0 + word.index];
    case 'register':
      return [word.number];
    case 'sp':
      return [sp];
    case 'sum':
      return registersOf(word.word);
    case 'memory':
    case 'characters':
      return registersOf(word.address);
    default:
      return [];
  }
}

/** The hook that records an event at an address in a group of its own. */
export function nativeInstructionProbe(number: number, event: NativeEvent, address: bigint, walkFrom: WalkFrom): NativeHook {
  const read = [...event.words.flatMap(registersOf), ...(event.hasStack ? Object.values(walkRegisters) : [])];
  const reads = [...new Set(read)].filter((register) => register !== 0);
  return inParts(reads, (writing) => {
    const group = new GroupWriter(writing, i32.constant(number));
    requireRoomFor(event, group);
    const registers = { sp: writing.x(sp), argument: (index: number) => writing.x(a0 + index), register: writing.x };
    return prepareEvent(writing, group, event, i64.constant(address), registers, { walkFrom });
  });
}

function writeWord(writing: HookWriting, word: FetchWord, registers: ProbeRegisters): I64 {
  switch (word.kind) {
    case 'argument':
      return registers.argument(word.index);
    case 'register':
      return registers.register(word.number);
    case 'sp':
      return registers.sp;
    case 'retval':
      return registers.retval!;
    case 'constant':
      return i64.constant(BigInt.asIntN(64, word.value));
    case 'sum':
      return i64.add(writeWord(writing, word.word, registers), i64.constant(BigInt.asIntN(64, word.plus)));
    case 'memory': {
      const address = writing.body.hold(writeWord(writing, word.address, registers));
      const offset = writeOffset(writing, address, word.size, 'mapped');
      return loads[word.size]!(offset, writing.memory.windowAt);
    }
    case 'characters': {
      const address = writing.body.hold(writeWord(writing, word.address, registers));
      const offset = writeOffset(writing, address, shortText, 'mapped');
      const part = (from: number): I64 => i64.load(offset, writing.memory.windowAt + from);
      if (word.from === 0)
        writing.body.if(i32.eqz(hasEnd(Array.from({ length: shortText / 8 }, (_, index) => part(8 * index)))), writing.leave);
      return part(word.from);
    }
    default:
      throw new Error(`the engine cannot fetch a ${word.kind}`);
  }
}

/** Whether one of the bytes of words is 0 (the lowest bit that is set is above the first of them). */
function hasEnd(words: readonly I64[]): I32 {
  const [ones, tops] = [i64.constant(0x0101010101010101n), i64.constant(BigInt.asIntN(64, 0x8080808080808080n))];
  const ends = words.map((word) => i64.and(i64.and(i64.sub(word, ones), i64.xor(word, i64.constant(-1n))), tops));
  return i64.ne(
    ends.reduce((one, other) => i64.or(one, other)),
    i64.constant(0),
  );
}
