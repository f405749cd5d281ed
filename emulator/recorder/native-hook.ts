import type { LinearMemory } from '../linear-memory';
import type { I64 } from '../wasm/expression';
import type { FunctionBody } from '../wasm/function-body';

/**
 * What the engine does by itself where the hart comes to a hook before a `ret`, so that nothing leaves WebAssembly: code that is written
 * into every region with that `ret`. The callback is called where that does not settle it.
 */
export interface NativeHook {
  /** The registers that it reads, and those that it writes. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Whether it writes to the guest's memory. */
  readonly writesMemory?: boolean;
  write(writing: HookWriting): void;
  /** The same in two parts, where it is so written: what may leave, and what is done when nothing has. */
  readonly prepare?: (writing: HookWriting) => () => void;
}

/** A hook in two parts, which writes no registers. */
export function inParts(reads: readonly number[], prepare: (writing: HookWriting) => () => void): NativeHook {
  return { reads, writes: [], write: (writing) => prepare(writing)(), prepare };
}

/** The hook that does what several do in turn; undefined where one is not in parts: it could leave when another has changed something. */
export function together(hooks: readonly NativeHook[]): NativeHook | undefined {
  const prepared = hooks.flatMap(({ prepare }) => prepare ?? []);
  if (prepared.length < hooks.length) return undefined;
  const reads = [...new Set(hooks.flatMap((hook) => hook.reads))];
  return inParts(reads, (writing) => {
    const finishes = prepared.map((prepare) => prepare(writing));
    return () => {
      for (const finish of finishes) finish();
    };
  });
}

/** What a native hook is written with. */
export interface HookWriting {
  readonly body: FunctionBody;
  readonly memory: LinearMemory;
  x(register: number): I64;
  setX(register: number, value: I64): void;
  /** Instructions retired before the `ret`. */
  readonly retired: I64;
  /** What a register probably holds there; what relies on it has to look. */
  guess(register: number): bigint | undefined;
  /** The doubleword of memory at an offset from the address in a register, where the region has just stored it. */
  stored(register: number, offset: number): I64 | undefined;
  /** Goes to the callback, which is to do everything: nothing may have been changed before. */
  leave(): void;
}
