import { permissionBits } from '../linear-memory';
import { type I32, type I64, i32, i64 } from '../wasm/expression';
import { type KeyRegisters, writeKeyLookup } from './key-lookup';
import type { HookWriting, NativeHook } from './native-hook';
import { entryField, groupAction, groupField, groupSize, recorderField, recordsBits } from './recorder-layout';

/** Writes a record where the key is there and its group says so. */
export interface Recording {
  /** What the action of a group names it by; not one of `groupAction`. */
  readonly id: number;
  readonly key: KeyRegisters;
  /** The memory that records are made of begins at the value of this register; all of it must be mapped. */
  readonly frame: { readonly register: number; readonly size: number };
  /** The record, in words of 8 bytes. */
  readonly words: readonly RecordWord[];
}

export type RecordWord =
  /** Instructions retired before that one. */
  | { readonly kind: 'instret' }
  | { readonly kind: 'register'; readonly number: number }
  /** A word of the frame; or the address `plus` bytes above its start. */
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'above frame'; readonly plus: number }
  | { readonly kind: 'constant'; readonly value: bigint };

const zero = i32.constant(0);
const one = i32.constant(1);

/** The hook that makes records. */
export function recordingHook(recording: Recording): NativeHook {
  const registers = recording.words.flatMap((word) => (word.kind === 'register' ? [word.number] : []));
  return {
    reads: [...recording.key, recording.frame.register, ...registers],
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
        writing.setX(result, i64.load32U(place, entryField.isThere));
      });
    },
  };
}

function writeRecording(writing: HookWriting, { id, key, frame: { register, size: frameSize }, words }: Recording): void {
  const { body, memory } = writing;
  const size = 8 * words.length;
  const place = writeKeyLookup(writing, key, () => writing.leave());
  const number = body.hold(i32.load(place, entryField.group));
  const group = body.hold(i32.mul(number, i32.constant(groupSize)));
  const groups = memory.recorderAt + recorderField.groups;
  const action = body.hold(i32.load(group, groups + groupField.action));
  body.block((done) => {
    body.if(i32.ne(action, i32.constant(id)), () => {
      body.branchIf(done, i32.eq(action, i32.constant(groupAction.nothing)));
      writing.leave();
    });
    const count = body.hold(i32.load(group, groups + groupField.count));
    body.if(i32.geU(count, i32.constant(Math.floor((1 << recordsBits) / size))), () => writing.leave());
    const start = writing.x(register);
    const frame = writeFramePlace(writing, start, frameSize);
    const record = body.hold(i32.add(i32.shl(number, i32.constant(recordsBits)), i32.mul(count, i32.constant(size))));
    const wordOf = (word: RecordWord): I64 => {
      switch (word.kind) {
        case 'instret':
          return writing.retired;
        case 'register':
          return writing.x(word.number);
        case 'frame':
          return i64.load(frame, memory.windowAt + word.offset);
        case 'above frame':
          return i64.add(start, i64.constant(BigInt(word.plus)));
        case 'constant':
          return i64.constant(word.value);
      }
    };
    words.forEach((word, index) => {
      body.store64(record, wordOf(word), memory.recorderAt + recorderField.records + 8 * index);
    });
    body.store64(place, i64.add(i64.load(place, entryField.hits), i64.constant(1n)), entryField.hits);
    body.store(group, i32.add(count, one), groups + groupField.count);
  });
}

/** Writes finding the offset of guest memory in its window, where all of it is mapped. */
function writeFramePlace({ body, memory, leave }: HookWriting, start: I64, frameSize: number): I32 {
  const { base, size, permissionsAt } = memory;
  const wide = body.hold(i64.sub(start, i64.constant(base)));
  body.if(i64.gtU(wide, i64.constant(BigInt(size - frameSize))), leave);
  const frame = body.hold(i32.wrap(wide));
  const permissionsOf = (place: I32) => i32.load8U(i32.shrU(place, i32.constant(12)), permissionsAt);
  const both = i32.and(permissionsOf(frame), permissionsOf(i32.add(frame, i32.constant(frameSize - 1))));
  body.if(i32.eqz(i32.and(both, i32.constant(permissionBits.mapped))), leave);
  return frame;
}
