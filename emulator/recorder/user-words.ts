import { type I32, type I64, i32, i64 } from '../wasm/expression';
import { get } from '../wasm/function-body';
import type { HookWriting } from './native-hook';
import { recorderField, userWords } from './recorder-layout';

/** A user of a group, as native hooks have it: its bit in sets, and its words. */
export interface UserWriter {
  readonly bit: I32;
  word(index: number): I64;
  setWord(index: number, value: I64): void;
}

/** Writes what is done for each user in a set, one after the other. */
export function writeForEach({ body, memory }: Pick<HookWriting, 'body' | 'memory'>, set: I32, write: (user: UserWriter) => void): void {
  const left = body.local('i32');
  body.set(left, set);
  body.block((done) => {
    body.loop((next) => {
      body.branchIf(done, i32.eqz(get(left)));
      body.scope(() => {
        const at = body.hold(i32.mul(i32.ctz(get(left)), i32.constant(8 * userWords)));
        const bit = body.hold(i32.and(get(left), i32.sub(i32.constant(0), get(left))));
        const field = (index: number) => memory.recorderAt + recorderField.users + 8 * index;
        write({
          bit,
          word: (index) => i64.load(at, field(index)),
          setWord: (index, value) => body.store64(at, value, field(index)),
        });
      });
      body.set(left, i32.and(get(left), i32.sub(get(left), i32.constant(1))));
      body.branch(next);
    });
  });
}
