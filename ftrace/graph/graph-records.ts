import { recordField, recordSize } from '../record-layout';
import { recordType } from '../ring-buffer';
import { childTimeWord, usersShift } from './native-graph';

/** In the registers of a record of a return: not 0 where the call has ended without one. */
export const leftWord = 5;

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
  for (let at = 0; at < count * halvesOfRecord; at += halvesOfRecord) {
    const type = halves[at + typeAt]! & typeMask;
    halves[at + typeAt] = type;
    if (type === exit) halves[at + childTimeAt] = halves[at + childTimeAt + 1] = 0;
  }
}

/** Calls back for each return in the engine's records, with nanoseconds from the call on and of those in functions it called. */
export function forEachReturn(bytes: Uint8Array, count: number, callback: (ip: number, time: number, childTime: number) => void): void {
  const halves = halvesOf(bytes, count);
  for (let at = 0; at < count * halvesOfRecord; at += halvesOfRecord) {
    if ((halves[at + typeAt]! & typeMask) !== exit) continue;
    const time = wordAt(halves, at + returnTimeAt) - wordAt(halves, at + callTimeAt);
    callback(wordAt(halves, at + ipAt), time, wordAt(halves, at + childTimeAt));
  }
}

/** What is below 2^53, as times and addresses of programs are. */
function wordAt(halves: Uint32Array, at: number): number {
  return halves[at]! + halves[at + 1]! * 2 ** 32;
}

const halvesOfRecord = recordSize / 4;
const exit = recordType.graphExit;
const typeAt = recordField.type / 4;
const ipAt = recordField.ip / 4;
const callTimeAt = recordField.regs / 4;
const returnTimeAt = callTimeAt + 2;
const childTimeAt = callTimeAt + 2 * childTimeWord;
const typeMask = (1 << usersShift) - 1;

function halvesOf(bytes: Uint8Array, count: number): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count * halvesOfRecord);
}
