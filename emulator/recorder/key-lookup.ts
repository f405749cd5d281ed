import type { LinearMemory } from '../linear-memory';
import { type I32, type I64, i32, i64 } from '../wasm/expression';
import { get } from '../wasm/function-body';
import type { HookWriting } from './native-hook';
import { entryField, entrySize, keySpread, recorderField, tableBits, tableSize } from './recorder-layout';

/** Two values that are looked up together; the first is not 0. */
export interface HookKey {
  readonly first: bigint;
  readonly second: bigint;
}

/** The registers whose values are looked up. */
export type KeyRegisters = readonly [first: number, second: number];

/** Where in linear memory a key has its place in the table, or would have it. A place once taken is that key's for ever. */
export function placeOfKey({ doublewords, recorderAt }: LinearMemory, { first, second }: HookKey): number {
  const [one, other] = [Number(BigInt.asIntN(32, first)), Number(BigInt.asIntN(32, second))];
  let index = Math.imul(one ^ Math.imul(other, keySpread.second), keySpread.first) >>> (32 - tableBits);
  for (;;) {
    const at = recorderAt + recorderField.table + index * entrySize;
    const found = doublewords[at >> 3];
    if (found === 0n || (found === first && doublewords[(at + entryField.second) >> 3] === second)) return at;
    index = (index + 1) & (tableSize - 1);
  }
}

/** Writes finding the place of the key that two registers have; what `notThere` writes must not go on. */
export function writeKeyLookup(writing: HookWriting, registers: KeyRegisters, notThere: () => void): I32 {
  const { body, memory } = writing;
  const place = body.local('i32');
  const [first, second] = registers.map((register) => writing.x(register)) as [I64, I64];
  const isKey = (one: I64, other: I64): I32 => i32.and(i64.eq(one, first), i64.eq(other, second));
  const probe = (): void => {
    const spread = i32.mul(i32.wrap(second), i32.constant(keySpread.second));
    const hash = i32.mul(i32.xor(i32.wrap(first), spread), i32.constant(keySpread.first));
    const index = body.local('i32');
    body.set(index, i32.shrU(hash, i32.constant(32 - tableBits)));
    body.block((found) => {
      body.loop((next) => {
        const offset = i32.mul(get(index), i32.constant(entrySize));
        body.set(place, i32.add(offset, i32.constant(memory.recorderAt + recorderField.table)));
        body.branchIf(found, isKey(i64.load(get(place), entryField.first), i64.load(get(place), entryField.second)));
        body.if(i64.eqz(i64.load(get(place), entryField.first)), notThere);
        body.set(index, i32.and(i32.add(get(index), i32.constant(1)), i32.constant(tableSize - 1)));
        body.branch(next);
      });
    });
  };
  const expected = guessedKey(writing, registers);
  if (!expected) probe();
  else {
    body.set(place, i32.constant(expected.place));
    const differs = i32.eqz(isKey(i64.constant(expected.key.first), i64.constant(expected.key.second)));
    body.if(differs, probe);
  }
  return get(place);
}

function guessedKey({ memory, guess }: HookWriting, [one, other]: KeyRegisters): { key: HookKey; place: number } | undefined {
  const [first, second] = [guess(one), guess(other)];
  if (first === undefined || second === undefined || first === 0n) return undefined;
  const key = { first, second };
  const place = placeOfKey(memory, key);
  return memory.doublewords[place >> 3] === 0n ? undefined : { key, place };
}
