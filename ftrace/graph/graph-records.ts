import { recordField, recordSize, recordType } from '../ring-buffer';
import { childTimeWord, usersShift } from './native-graph';

/** Of the engine's records of calls and returns those for one user. */
export function recordsOf(bytes: Uint8Array, count: number, user: number): readonly [Uint8Array, number] {
  const own = new Uint8Array(count * recordSize);
  const halves = halvesOf(bytes, count);
  let found = 0;
  for (let index = 0; index < count; index += 1) {
    if (!((halves[index * halvesOfRecord + typeAt]! >>> (usersShift + user)) & 1)) continue;
    own.set(bytes.subarray(index * recordSize, (index + 1) * recordSize), found * recordSize);
    found += 1;
  }
  return [own, found];
}

/** Takes out of the engine's records what is not to be kept. */
export function cleanRecords(bytes: Uint8Array, count: number): void {
  const halves = halvesOf(bytes, count);
  const childTimeAt = (recordField.regs + 8 * childTimeWord) / 4;
  for (let at = 0; at < count * halvesOfRecord; at += halvesOfRecord) {
    const type = halves[at + typeAt]! & typeMask;
    halves[at + typeAt] = type;
    if (type === recordType.graphExit) halves[at + childTimeAt] = halves[at + childTimeAt + 1] = 0;
  }
}

/** Calls back for each return in the engine's records. */
export function forEachReturn(
  bytes: Uint8Array,
  count: number,
  callback: (ip: bigint, callTime: bigint, returnTime: bigint, childTime: bigint) => void,
): void {
  const halves = halvesOf(bytes, count);
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, (count * recordSize) / 8);
  const regsAt = recordField.regs / 8;
  for (let index = 0; index < count; index += 1) {
    if ((halves[index * halvesOfRecord + typeAt]! & typeMask) !== recordType.graphExit) continue;
    const at = (index * recordSize) / 8;
    const time = (word: number) => words[at + regsAt + word]!;
    callback(words[at + recordField.ip / 8]!, time(0), time(1), time(childTimeWord));
  }
}

const halvesOfRecord = recordSize / 4;
const typeAt = recordField.type / 4;
const typeMask = (1 << usersShift) - 1;

function halvesOf(bytes: Uint8Array, count: number): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count * halvesOfRecord);
}
