import type { GroupWriter } from '../../emulator/recorder/hooks';
import type { HookWriting } from '../../emulator/recorder/native-hook';
import { type UserWriter, writeForEach } from '../../emulator/recorder/user-words';
import { type I32, type I64, i32, i64, select } from '../../emulator/wasm/expression';
import { type FunctionBody, get, type Local } from '../../emulator/wasm/function-body';

/**
 * What limits the calls of users of the graph tracer (`ftrace_graph_ignore_func`, `trace_graph_entry`), in the words of the group of
 * graph_ops: what `max_graph_depth`, `tracing_thresh` (in nanoseconds) and whether there is any function in `set_graph_function` say.
 */
export const limitWord = { maxDepth: 0, threshold: 1, needsFunction: 2 } as const;
/**
 * What is of one user, in its words: the depths of the calls of a function of `set_graph_function` and of `set_graph_notrace` that the
 * hart is in; and, where its buffer does not overwrite, how many records there surely is room for, and how many were dropped.
 */
export const userWord = { functionDepth: 0, notraceDepth: 1, room: 2, dropped: 3 } as const;
/** Not within such a call; no limit. */
export const noDepth = 2n ** 64n - 1n;
/** There is room for no record any more. */
export const noRoom = 2n ** 64n - 1n;
/** The marks of functions' keys: it is in `set_graph_function`, and in `set_graph_notrace`. */
export const limitMark = { function: 1, notrace: 2 } as const;

/** Sets of users, out of which those are taken that a call is none of. */
export interface CallUsers {
  readonly wanting: Local<'i32'>;
  readonly entry: Local<'i32'>;
  readonly counting: Local<'i32'>;
}

const none = i64.constant(-1);

/** Writes what limits say of a call at a depth, for each of these users. */
export function writeCallLimits(writing: HookWriting, group: GroupWriter, limited: I32, marks: I32, depth: I64, users: CallUsers): void {
  const { body } = writing;
  writeForEach(writing, limited, (user) => writeCallLimitsOf(body, group, user, marks, depth, users));
}

function writeCallLimitsOf(
  body: FunctionBody,
  group: GroupWriter,
  user: UserWriter,
  marks: I32,
  depth: I64,
  { wanting, entry, counting }: CallUsers,
): void {
  const leaveLost = (index: number) => user.setWord(index, select(i64.geU(user.word(index), depth), none, user.word(index)));
  leaveLost(userWord.functionDepth);
  leaveLost(userWord.notraceDepth);
  body.block((isItsCall) => {
    body.block((isNone) => {
      body.branchIf(isNone, i64.ne(user.word(userWord.notraceDepth), none));
      body.if(i32.and(marks, i32.constant(limitMark.notrace)), () => {
        user.setWord(userWord.notraceDepth, depth);
        for (const local of [entry, counting]) take(body, local, user.bit);
        body.set(wanting, i32.or(get(wanting), user.bit));
        body.branch(isItsCall);
      });
      // For those who trace another task there are only calls of `set_graph_notrace`, as in the kernel.
      body.branchIf(isNone, i32.eqz(i32.and(group.users('wanting'), user.bit)));
      const isOutside = i64.eq(user.word(userWord.functionDepth), none);
      body.if(i32.and(i32.wrap(group.word(limitWord.needsFunction)), isOutside), () => {
        body.branchIf(isNone, i32.eqz(i32.and(marks, i32.constant(limitMark.function))));
        user.setWord(userWord.functionDepth, depth);
      });
      body.branchIf(isItsCall, i64.ltU(depth, group.word(limitWord.maxDepth)));
      body.if(i64.eq(user.word(userWord.functionDepth), depth), () => user.setWord(userWord.functionDepth, none));
    });
    for (const local of [wanting, entry, counting]) take(body, local, user.bit);
  });
}

/** Writes what limits say of the return from a call at a depth, which took so long: for which of these users there is a record of it. */
export function writeReturnLimits(
  writing: HookWriting,
  group: GroupWriter,
  limited: I32,
  depth: I64,
  time: I64,
  recorded: Local<'i32'>,
): void {
  const { body } = writing;
  writeForEach(writing, limited, (user) => {
    const isNone = () => take(body, recorded, user.bit);
    body.if(i64.eq(user.word(userWord.functionDepth), depth), () => user.setWord(userWord.functionDepth, none));
    body.if(
      i64.ne(user.word(userWord.notraceDepth), none),
      () => {
        body.if(i64.eq(user.word(userWord.notraceDepth), depth), () => user.setWord(userWord.notraceDepth, none));
        isNone();
      },
      () => body.if(i64.ltU(time, group.word(limitWord.threshold)), isNone),
    );
  });
}

/** Goes on only where it is known of each of these users whether it has room for a record. */
export function requireKnownRoom(writing: HookWriting, bounded: I32): void {
  const { body, leave } = writing;
  body.if(bounded, () => writeForEach(writing, bounded, (user) => body.if(i64.eqz(user.word(userWord.room)), leave)));
}

/** Writes taking the room of a record of each of these users; those without any have dropped theirs, and are taken out of the sets. */
export function writeTakeRoom(writing: HookWriting, bounded: I32, sets: readonly Local<'i32'>[]): void {
  const { body } = writing;
  body.if(bounded, () =>
    writeForEach(writing, bounded, (user) => {
      const add = (word: number, more: number) => user.setWord(word, i64.add(user.word(word), i64.constant(more)));
      body.if(
        i64.eq(user.word(userWord.room), i64.constant(BigInt.asIntN(64, noRoom))),
        () => {
          add(userWord.dropped, 1);
          for (const local of sets) take(body, local, user.bit);
        },
        () => add(userWord.room, -1),
      );
    }),
  );
}

function take(body: FunctionBody, local: Local<'i32'>, bits: I32): void {
  body.set(local, i32.and(get(local), i32.xor(bits, i32.constant(-1))));
}
