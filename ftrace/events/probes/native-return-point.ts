import { GroupWriter } from '../../../emulator/recorder/hooks';
import { writeLookup } from '../../../emulator/recorder/key-lookup';
import { type HookWriting, inParts, type NativeHook } from '../../../emulator/recorder/native-hook';
import { chunkBits, entryField, recorderField } from '../../../emulator/recorder/recorder-layout';
import { walkRegisters } from '../../../emulator/recorder/stack-walk';
import { type I32, type I64, i32, i64 } from '../../../emulator/wasm/expression';
import { type NativeEvent, prepareEvent, requireRoomFor, type WalkFrom, walkHere } from './native-fetch';
import { a0, argumentRegisters, ra, sp } from './probe-point';

/** A call that is waited for, in words: where it returns to, sp at its entry, a0 to a7; and the second part of the keys of places. */
export const waitingCall = { ret: 0, sp: 1, args: 2, words: 2 + argumentRegisters, key: (area: number): bigint => 0x100n + BigInt(area) };
/** The words of the group whose room has those calls: how many there are, and whether one is not below the one before. */
export const waitingWord = { count: 0, isOdd: 1 } as const;
/** Calls that are waited for at once; a kernel too has only so many instances of a return probe. */
export const mostWaiting = Math.floor(2 ** chunkBits / (8 * waitingCall.words));

const zero = i64.constant(0);
const callSize = 8 * waitingCall.words;

/** The hook at the function's entry: notes a call that is nested in the one before, where its return address is watched. */
export function nativeReturnCall(area: number): NativeHook {
  const args = Array.from({ length: argumentRegisters }, (_, index) => a0 + index);
  return inParts([ra, sp, ...args], (writing) => {
    const { body, memory, leave } = writing;
    const calls = new Calls(writing, area);
    body.if(i32.geU(calls.count, i32.constant(mostWaiting)), leave);
    const place = writeLookup(writing, writing.x(ra), i64.constant(waitingCall.key(area)), leave);
    body.if(i64.eqz(i64.load(place, entryField.hits)), leave);
    body.if(i32.and(calls.isAny, i64.leU(calls.last(waitingCall.sp), writing.x(sp))), leave);
    return () => {
      [ra, sp, ...args].forEach((register, index) => {
        body.store64(calls.end, writing.x(register), memory.recorderAt + calls.at + 8 * index);
      });
      calls.setCount(i32.add(calls.count, i32.constant(1)));
    };
  });
}

/** The hook where calls return to: records the event of the last one, if it is that which returns. */
export function nativeReturn(point: {
  readonly group: number;
  readonly area: number;
  readonly event: NativeEvent;
  readonly place: bigint;
  readonly address: bigint;
  readonly walkFrom: WalkFrom;
}): NativeHook {
  return inParts([a0, ...Object.values(walkRegisters)], (writing) => {
    const { body, leave } = writing;
    const calls = new Calls(writing, point.area);
    const group = new GroupWriter(writing, i32.constant(point.group));
    const lastSp = body.hold(calls.last(waitingCall.sp));
    body.if(i32.and(calls.isAny, i64.gtU(writing.x(sp), lastSp)), leave);
    requireRoomFor(point.event, group, true);
    const isHere = i64.eq(calls.last(waitingCall.ret), i64.constant(BigInt.asIntN(64, point.place)));
    const returns = body.hold(i32.and(calls.isAny, i32.and(i64.eq(writing.x(sp), lastSp), isHere)));
    const registers = {
      sp: writing.x(sp),
      argument: (index: number) => calls.last(waitingCall.args + index),
      register: (): never => {
        throw new Error('registers are not known at a return');
      },
      retval: writing.x(a0),
    };
    let append = (): void => {};
    body.if(returns, () => {
      const { event, walkFrom } = point;
      append = prepareEvent(writing, group, event, i64.constant(point.address), registers, {
        returnedTo: i64.constant(point.place),
        walk: walkHere(walkFrom),
      });
    });
    return () =>
      body.if(returns, () => {
        append();
        calls.setCount(i32.sub(calls.count, i32.constant(1)));
      });
  });
}

/** Writes what is done with the calls that are waited for; leaves where they are not nested. */
class Calls {
  /** Where their room is in the recorder, and how many there are. */
  readonly at: number;
  readonly count: I32;
  readonly isAny: I32;
  /** The size of all. */
  readonly end: I32;
  private readonly group: GroupWriter;

  constructor(
    private readonly writing: HookWriting,
    area: number,
  ) {
    const { body, leave } = writing;
    this.at = recorderField.rooms + area * 2 ** chunkBits;
    this.group = new GroupWriter(writing, i32.constant(area));
    body.if(i64.ne(this.group.word(waitingWord.isOdd), zero), leave);
    this.count = body.hold(i32.wrap(this.group.word(waitingWord.count)));
    this.isAny = i32.ne(this.count, i32.constant(0));
    this.end = body.hold(i32.mul(this.count, i32.constant(callSize)));
  }

  /** A word of the last call, where there is any. */
  last(word: number): I64 {
    return i64.load(this.end, this.writing.memory.recorderAt + this.at - callSize + 8 * word);
  }

  setCount(count: I32): void {
    this.group.setWord(waitingWord.count, i64.extendU(count));
  }
}
