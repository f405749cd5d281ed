import type { HookWriting } from '../../emulator/recorder/native-hook';
import { type StackWriter, writeStackWalk } from '../../emulator/recorder/stack-walk';
import { type I64, i32, i64 } from '../../emulator/wasm/expression';
import { get } from '../../emulator/wasm/function-body';
import { deepest } from '../call-stacks';

/** A function that returns to `return_to_handler`, as the engine has it there. */
export interface ReturningCall {
  /** The return address that it had; that of a tail call is `return_to_handler` too. */
  readonly ret: I64;
  /** Writes finding where it truly returns to. */
  caller(): I64;
  readonly retval: I64;
  /** a0 to a7 at the call. */
  argument(index: number): I64;
  /** The caller's stack pointer and s0. */
  readonly sp: I64;
  readonly s0: I64;
  /** What `return_to_handler` has been come to with in ra. */
  readonly ra: I64;
}

const ra = 1;

/** The walk from `ftrace_return_to_handler`: into `return_to_handler`, and the function's caller, and its callers. */
export function walkFromReturn(call: ReturningCall, returnToHandler: bigint): StackWriter {
  return (writing: HookWriting, store) => {
    const { body, leave } = writing;
    const handler = i64.constant(returnToHandler);
    // A function may return by another register than ra.
    body.if(i64.ne(call.ra, handler), leave);
    const pc = call.caller();
    store(i32.constant(0), writing.x(ra));
    store(i32.constant(1), pc);
    const start = { pc, sp: call.sp, s0: call.s0 };
    const further = writeStackWalk(writing, start, deepest - 3, (index, pc) => store(i32.add(index, i32.constant(2)), pc));
    body.set(further, i32.add(get(further), i32.constant(2)));
    return further;
  };
}
