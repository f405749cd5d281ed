import { type I64, i32, i64 } from '../wasm/expression';
import { get } from '../wasm/function-body';
import { writeOffset } from './memory-checks';
import type { HookWriting } from './native-hook';

/**
 * Return addresses that functions have lost to a handler which all of them return to, in guest memory: how many, and from `head` on for
 * each, the outermost first, what it was and the function's sp at its entry. In bytes.
 */
export const takenReturns = { depth: 0, head: 256, size: 256, ret: 0, sp: 24, most: 4096 } as const;

/**
 * Writes finding the true return address of the innermost function with that sp at its entry. One that was reached by a tail call has
 * lost the handler's own; then it is that of the one below. Leaves where there is none.
 */
export function writeTrueReturn(writing: HookWriting, stack: I64, handler: I64, sp: I64): I64 {
  const { body, memory, leave } = writing;
  const load = (address: I64): I64 => i64.load(writeOffset(writing, body.hold(address), 8, 'mapped'), memory.windowAt);
  const depth = body.hold(load(i64.add(stack, i64.constant(takenReturns.depth))));
  body.if(i64.gtU(depth, i64.constant(takenReturns.most)), leave);
  const [index, isFound] = [body.local('i32'), body.local('i32')];
  const ret = body.local('i64');
  body.set(index, i32.wrap(depth));
  body.set(isFound, i32.constant(0));
  body.block((found) => {
    body.loop((next) => {
      body.if(i32.eqz(get(index)), leave);
      body.set(index, i32.sub(get(index), i32.constant(1)));
      const behind = i64.extendU(i32.mul(get(index), i32.constant(takenReturns.size)));
      const frame = body.hold(i64.add(i64.add(stack, i64.constant(takenReturns.head)), behind));
      body.if(i32.eqz(get(isFound)), () => {
        body.branchIf(next, i64.ne(load(i64.add(frame, i64.constant(takenReturns.sp))), sp));
        body.set(isFound, i32.constant(1));
      });
      body.set(ret, load(i64.add(frame, i64.constant(takenReturns.ret))));
      body.branchIf(next, i64.eq(get(ret), handler));
      body.branch(found);
    });
  });
  return get(ret);
}
