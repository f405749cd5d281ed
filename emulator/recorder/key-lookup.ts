import type { LinearMemory } from '../linear-memory';
import { type I32, type I64, i32, i64 } from '../wasm/expression';
import { get } from '../wasm/function-body';
import type { HookWriting } from './native-hook';
import { entryField, entrySize, keySpread, recorderField, tableBits, tableSize } from './recorder-layout';

/** A value of 64 bits in signed halves, so that looking it up makes no bigint. */
export interface Halves {
  readonly low: number;
  readonly high: number;
}

/** Two values that are looked up together; the first is not 0. */
export interface HookKey {
  readonly first: Halves;
  readonly second: Halves;
}

export function halvesOf(value: bigint): Halves {
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)) };
}

/** The registers whose values are looked up. */
export type KeyRegisters = readonly [first: number, second: number];

/** Where in linear memory a key has its place in the table, or would have it. A place once taken is that key's for ever. */
export function placeOfKey(memory: LinearMemory, { first, second }: HookKey): number {
  let index = Math.imul(first.low ^ Math.imul(second.low, keySpread.second), keySpread.first) >>> (32 - tableBits);
  for (;;) {
    const at = memory.recorderAt + recorderField.table + index * entrySize;
    if (isFree(memory, at) || (holds(memory, at + entryField.first, first) && holds(memory, at + entryField.second, second))) return at;
    index = (index + 1) & (tableSize - 1);
  }
}

export function isFree({ words }: LinearMemory, place: number): boolean {
  const at = (place + entryField.first) >> 2;
  return words[at] === 0 && words[at + 1] === 0;
}

function holds({ words }: LinearMemory, at: number, { low, high }: Halves): boolean {
  return words[at >> 2] === low && words[(at >> 2) + 1] === high;
}

/** Writes finding the place of the key that two registers have; what `notThere` writes must not go on. */
export function writeKeyLookup(writing: HookWriting, registers: KeyRegisters, notThere: () => void): I32 {
  const { body } = writing;
  const [first, second] = registers.map((register) => writing.x(register)) as [I64, I64];
  const expected = guessedKey(writing, registers);
  if (!expected) return writeLookup(writing, first, second, notThere);
  const place = body.local('i32');
  body.set(place, i32.constant(expected.place));
  const [one, other] = expected.values;
  const isExpected = i32.and(i64.eq(i64.constant(one), first), i64.eq(i64.constant(other), second));
  body.if(i32.eqz(isExpected), () => body.set(place, writeLookup(writing, first, second, notThere)));
  return get(place);
}

/** The same for two values. */
export function writeLookup({ body, memory }: HookWriting, first: I64, second: I64, notThere: () => void): I32 {
  const spread = i32.mul(i32.wrap(second), i32.constant(keySpread.second));
  const hash = i32.mul(i32.xor(i32.wrap(first), spread), i32.constant(keySpread.first));
  const [place, index] = [body.local('i32'), body.local('i32')];
  body.set(index, i32.shrU(hash, i32.constant(32 - tableBits)));
  body.block((found) => {
    body.loop((next) => {
      const offset = i32.mul(get(index), i32.constant(entrySize));
      body.set(place, i32.add(offset, i32.constant(memory.recorderAt + recorderField.table)));
      const isSecond = i64.eq(i64.load(get(place), entryField.second), second);
      body.branchIf(found, i32.and(i64.eq(i64.load(get(place), entryField.first), first), isSecond));
      body.if(i64.eqz(i64.load(get(place), entryField.first)), notThere);
      body.set(index, i32.and(i32.add(get(index), i32.constant(1)), i32.constant(tableSize - 1)));
      body.branch(next);
    });
  });
  return get(place);
}

function guessedKey({ memory, guess }: HookWriting, [one, other]: KeyRegisters): { values: [bigint, bigint]; place: number } | undefined {
  const [first, second] = [guess(one), guess(other)];
  if (first === undefined || second === undefined || first === 0n) return undefined;
  const place = placeOfKey(memory, { first: halvesOf(first), second: halvesOf(second) });
  return isFree(memory, place) ? undefined : { values: [first, second], place };
}
