import type { GroupWriter } from '../../emulator/recorder/hooks';
import { type I32, type I64, i32, i64, select } from '../../emulator/wasm/expression';
import { type FunctionBody, get, type Local } from '../../emulator/wasm/function-body';

/**
 * What limits the calls of one user of the graph tracer (`ftrace_graph_ignore_func`, `trace_graph_entry`), in the words of the group of
 * graph_ops: the depths of the calls of a function of `set_graph_function` and of `set_graph_notrace` that the hart is in, and what
 * `max_graph_depth`, `tracing_thresh` (in nanoseconds) and whether there is any function in `set_graph_function` say.
 */
export const limitWord = { functionDepth: 0, notraceDepth: 1, maxDepth: 2, threshold: 3, needsFunction: 4 } as const;
/** Not within such a call; no limit. */
export const noDepth = 2n ** 64n - 1n;
/** The marks of functions' keys: it is in `set_graph_function`, and in `set_graph_notrace`. */
export const limitMark = { function: 1, notrace: 2 } as const;

/** Sets of users, of which the one with limits is taken out where a call is none of its. */
export interface CallUsers {
  readonly wanting: Local<'i32'>;
  readonly entry: Local<'i32'>;
  readonly counting: Local<'i32'>;
}

const none = i64.constant(noDepth);

/** Writes what limits say of a call at a depth. */
export function writeCallLimits(
  body: FunctionBody,
  group: GroupWriter,
  marks: I32,
  depth: I64,
  { wanting, entry, counting }: CallUsers,
): void {
  const limited = body.hold(group.users('limited'));
  const take = (local: Local<'i32'>) => body.set(local, i32.and(get(local), i32.xor(limited, i32.constant(-1))));
  const leaveLost = (index: number) => group.setWord(index, select(i64.geU(group.word(index), depth), none, group.word(index)));
  leaveLost(limitWord.functionDepth);
  leaveLost(limitWord.notraceDepth);
  body.block((isItsCall) => {
    body.block((isNone) => {
      body.branchIf(isNone, i64.ne(group.word(limitWord.notraceDepth), none));
      body.if(i32.and(marks, i32.constant(limitMark.notrace)), () => {
        group.setWord(limitWord.notraceDepth, depth);
        for (const local of [entry, counting]) take(local);
        body.set(wanting, i32.or(get(wanting), limited));
        body.branch(isItsCall);
      });
      const isOutside = i64.eq(group.word(limitWord.functionDepth), none);
      body.if(i32.and(i32.wrap(group.word(limitWord.needsFunction)), isOutside), () => {
        body.branchIf(isNone, i32.eqz(i32.and(marks, i32.constant(limitMark.function))));
        group.setWord(limitWord.functionDepth, depth);
      });
      body.branchIf(isItsCall, i64.ltU(depth, group.word(limitWord.maxDepth)));
      body.if(i64.eq(group.word(limitWord.functionDepth), depth), () => group.setWord(limitWord.functionDepth, none));
    });
    for (const local of [wanting, entry, counting]) take(local);
  });
}

/** Writes what limits say of the return from a call at a depth, which took so long: whether there is a record of it. */
export function writeReturnLimits(body: FunctionBody, group: GroupWriter, depth: I64, time: I64, wanted: Local<'i32'>): void {
  const take = () => body.set(wanted, i32.and(get(wanted), i32.xor(group.users('limited'), i32.constant(-1))));
  body.if(i64.eq(group.word(limitWord.functionDepth), depth), () => group.setWord(limitWord.functionDepth, none));
  body.if(
    i64.ne(group.word(limitWord.notraceDepth), none),
    () => {
      body.if(i64.eq(group.word(limitWord.notraceDepth), depth), () => group.setWord(limitWord.notraceDepth, none));
      take();
    },
    () => body.if(i64.ltU(time, group.word(limitWord.threshold)), take),
  );
}
