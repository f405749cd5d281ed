import { GroupWriter } from '../../../emulator/recorder/hooks';
import { writeOffset } from '../../../emulator/recorder/memory-checks';
import { MoreWords, moreRecord } from '../../../emulator/recorder/more-words';
import { type HookWriting, inParts, type NativeHook } from '../../../emulator/recorder/native-hook';
import { type StackWriter, walkRegisters, writeStackWalkFrom } from '../../../emulator/recorder/stack-walk';
import { type I32, type I64, i32, i64 } from '../../../emulator/wasm/expression';
import { get } from '../../../emulator/wasm/function-body';
import type { FrameRule } from '../../../program/unwind/frame-rules';
import { deepest } from '../../call-stacks';
import { ftraceRegsNames } from '../../ftrace-regs';
import { recordSize } from '../../record-layout';
import { recordType } from '../../ring-buffer';
import { type FetchWord, shortText } from './fetch-word';
import { type NativeFilter, writeFilter } from './native-filter';
import { type NativeSwitch, writeSwitch } from './native-switch';
import { hasEnd, mostOfText, writeLongText, writeShortText } from './native-text';
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
  /** What else is done of it, each time. */
  readonly switches?: readonly NativeSwitch[];
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

/** Words of an event in its record: what a record has beside its time, place and type. Others follow it, as far as `mostWords`. */
export const ownWords = ftraceRegsNames.length;
export const mostWords = 256;
/** Words of a stack that follow the record: its frames, and those that tracing itself has. */
const mostOfStack = deepest + 4;

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
 * Writes fetching the words of an event at a place, and of a return before them where it returned to. What it gives writes the record in
 * a group, for which there must be room.
 */
export function prepareEvent(
  writing: HookWriting,
  group: GroupWriter,
  event: NativeEvent,
  ip: I64,
  registers: ProbeRegisters,
  { returnedTo, walk }: { readonly returnedTo?: I64; readonly walk?: StackWriter } = {},
): () => void {
  const { decoder, words, filter, hasStack, switches = [] } = event;
  const fetched = writeWords(writing, words, registers);
  const all = returnedTo ? [returnedTo, ...fetched] : fetched;
  const none = Array.from({ length: Math.max(0, ownWords - all.length) }, () => i64.constant(0));
  const kind = i64.constant(BigInt(recordType.event) | (BigInt(decoder) << 32n));
  const own = [writing.retired, ip, i64.constant(0), kind, ...all.slice(0, ownWords), ...none];
  const append = (): void => {
    group.append(own);
    for (const each of switches) writeSwitch(writing, each, fetched);
  };
  if (mostBehind(event, all.length) === 0) return filter ? filteredBy(filter, append) : append;
  const more = new MoreWords(writing, group, i32.constant(1));
  for (const [index, word] of all.slice(ownWords).entries()) more.store(i32.constant(index), word);
  const count = writing.body.local('i32');
  writing.body.set(count, i32.constant(Math.max(0, all.length - ownWords)));
  words.forEach((word, index) => {
    if (word.kind !== 'characters' || word.from !== 0) return;
    const isLong = i32.eqz(hasEnd(fetched.slice(index, index + shortText / 8)));
    writing.body.if(isLong, () => writeLongText(writing, writing.body.hold(writeWord(writing, word.address, registers)), more, count));
  });
  if (hasStack) {
    const store = (index: I32, pc: I64) => more.store(i32.add(get(count), index), pc);
    const callers = (walk ?? walkHere(undefined))(writing, store);
    writing.body.set(count, i32.add(get(count), get(callers)));
  }
  const appendAll = () => {
    append();
    more.append(get(count));
  };
  return filter ? filteredBy(filter, appendAll) : appendAll;

  function filteredBy(passed: NativeFilter, record: () => void): () => void {
    const passOver = () => group.setWord(passedOverWord, i64.add(group.word(passedOverWord), i64.constant(1)));
    return () => writing.body.if(writeFilter(passed, fetched), record, passOver);
  }
}

/** Goes on only where there is room for the record of an event and what may follow it. */
export function requireRoomFor(event: NativeEvent, group: GroupWriter, isReturn = false): void {
  const behind = mostBehind(event, event.words.length + (isReturn ? 1 : 0));
  group.requireRoom(recordSize, 1 + Math.ceil(behind / moreRecord.words));
}

/** Words that may follow the record of an event, of so many that it always has. */
function mostBehind({ words, hasStack }: NativeEvent, all: number): number {
  const texts = words.filter((word) => word.kind === 'characters' && word.from === 0).length;
  return Math.max(0, all - ownWords) + texts * mostOfText + (hasStack ? mostOfStack : 0);
}

/** The walk from where the hart stands: its rule is that of the pc there. */
export function walkHere(from: WalkFrom): StackWriter {
  return (writing, store) => writeStackWalkFrom(writing, from === 'none' ? undefined : from, deepest - 1, store);
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
    return prepareEvent(writing, group, event, i64.constant(address), registers, { walk: walkHere(walkFrom) });
  });
}

/** Writes fetching words; those of a text's characters follow each other. */
function writeWords(writing: HookWriting, words: readonly FetchWord[], registers: ProbeRegisters): readonly I64[] {
  const { body } = writing;
  return words.flatMap((word) => {
    if (word.kind !== 'characters') return body.hold(writeWord(writing, word, registers));
    return word.from === 0 ? writeShortText(writing, body.hold(writeWord(writing, word.address, registers))) : [];
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
      const { body, memory } = writing;
      const address = body.hold(writeWord(writing, word.address, registers));
      const value = body.local('i64');
      body.set(value, i64.constant(0));
      body.block((fetched) => {
        const offset = writeOffset({ ...writing, leave: () => body.branch(fetched) }, address, word.size, 'mapped');
        body.set(value, loads[word.size]!(offset, memory.windowAt));
      });
      return get(value);
    }
    default:
      throw new Error(`the engine cannot fetch a ${word.kind}`);
  }
}
