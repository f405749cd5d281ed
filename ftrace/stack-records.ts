import { moreRecord } from '../emulator/recorder/more-words';
import { recordField, recordSize } from './record-layout';
import { recordType } from './ring-buffer';

const halvesOfRecord = recordSize / 4;
const typeAt = recordField.type / 4;
const countAt = recordField.ip / 4;
const firstWord = 2 * moreRecord.header;

/**
 * The engine's records of calls, each followed by the callers on its stack, as two: the call, and its stack, which is followed by the
 * frames: `head`, and the callers. Records of other types stay as they are.
 */
export function withStacks(bytes: Uint8Array, count: number, head: bigint): { readonly bytes: Uint8Array; readonly count: number } {
  const found = new Uint32Array(bytes.buffer, bytes.byteOffset, count * halvesOfRecord);
  // A record more for each stack, and at most one for its frames.
  const made = new Uint32Array(3 * found.length);
  const [low, high] = [Number(BigInt.asUintN(32, head)), Number(BigInt.asUintN(32, head >> 32n))];
  let to = 0;
  for (let at = 0; at < found.length; ) {
    const call = at;
    at += halvesOfRecord;
    const callers = found[at + typeAt] === moreRecord.type ? found[at + countAt]! : 0;
    made.set(found.subarray(call, at), to);
    to += halvesOfRecord;
    if (found[call + typeAt] !== recordType.function) continue;
    made.set(found.subarray(call, call + typeAt), to);
    made[to + typeAt] = recordType.stack;
    to += halvesOfRecord;
    for (let frame = 0; frame <= callers; ) {
      made[to] = found[call]!;
      made[to + 1] = found[call + 1]!;
      made[to + countAt] = callers + 1;
      made[to + typeAt] = moreRecord.type;
      const end = Math.min(callers + 1, frame + moreRecord.words);
      for (let word = to + firstWord; frame < end; frame += 1, word += 2) {
        const from = at + halvesOfRecord * Math.floor((frame - 1) / moreRecord.words) + firstWord + 2 * ((frame - 1) % moreRecord.words);
        made[word] = frame === 0 ? low : found[from]!;
        made[word + 1] = frame === 0 ? high : found[from + 1]!;
      }
      to += halvesOfRecord;
    }
    while (found[at + typeAt] === moreRecord.type) at += halvesOfRecord;
  }
  return { bytes: new Uint8Array(made.buffer, 0, to * 4), count: to / halvesOfRecord };
}
