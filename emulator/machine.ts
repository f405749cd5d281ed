import type { NativeHook } from './recorder/native-hook';
import type { Recorder } from './recorder/recorder';
import type { TranslatorStatistics } from './translator/translator-statistics';
/**
 * The machine as the rooms below it see it: one hart, its memory, and running it for a while. It knows nothing of programs'
 * sources, of DAP or of ftrace.
 */
export interface Machine {
  readonly memory: GuestMemory;
  pc: bigint;
  /** Instructions retired since the machine was made; also the guest's clock in nanoseconds (a nominal 1 GHz). */
  readonly instret: bigint;
  /** What the translator of hot code has done so far. */
  readonly statistics: MachineStatistics;
  /** Register x0-x31 as an unsigned 64-bit value. Writing x0 does nothing; a written value is wrapped to 64 bits. */
  readX(index: number): bigint;
  writeX(index: number, value: bigint): void;
  /** Register f0-f31 as unsigned 64 bits; a written value is wrapped to 64 bits. */
  readF(index: number): bigint;
  writeF(index: number, value: bigint): void;
  /** The privilege mode, on a machine that has several. */
  readonly privilege: 'user' | 'machine' | undefined;
  /** A CSR by number (Volume II, table of CSRs), or undefined where the machine has none of that number. */
  readCsr(number: number): bigint | undefined;
  /** False where there is no such CSR or it is read-only. */
  writeCsr(number: number, value: bigint): boolean;

  /**
   * Runs until something happens, at most `budget` instructions (1 to 2^31-1). With a deadline, as `performance.now()` tells the time in
   * milliseconds, it stops with kind `budget` some milliseconds after that at the latest, whatever the program does. `isWanted` is asked
   * then every millisecond or so, while code is translated, too: true gives that up, and the run ends as at the deadline.
   */
  run(budget: number, deadline?: number, isWanted?: () => boolean): Stop;
  /**
   * Executes exactly one instruction, even one with a breakpoint, and stops with kind `budget`. Hooks at the new pc have not run. A
   * hook at the pc that has not run yet does so first; where it says `stop`, nothing is executed and the kind is `hook`. Where a
   * handler of the program was entered, in place of the instruction or after it, the kind is `trap`.
   */
  step(): Stop;

  /**
   * Stops `run` with kind `breakpoint` before the instruction at that address; the next `run` goes on with that instruction. Set and
   * clear at any time; counts as a set. With a hook at the same address the breakpoint comes first.
   */
  setBreakpoint(address: bigint): void;
  clearBreakpoint(address: bigint): void;
  /**
   * Calls back each time the hart is about to execute the instruction at that address, registers in place. `stop` makes `run`
   * return with kind `hook` before that instruction; the next `run` or `step` executes it without calling again. Before a `ret`, the
   * engine may do by itself what `native` says; it calls back where that settles nothing, at `step`, and wherever code is not translated.
   * `again` leaves it to `native` once more, after something was done that it waited for: nothing else has happened. `name` is what
   * statistics call it.
   */
  setHook(
    address: bigint,
    callback: () => HookAnswer,
    options?: { readonly native?: NativeHook | undefined; readonly name?: string },
  ): void;
  clearHook(address: bigint): void;
  /** What native hooks know, and the records that they have written. */
  readonly recorder: Recorder;
}

/** What the engine does behind a hook. */
export type HookAnswer = 'continue' | 'stop' | 'again';

export interface MachineStatistics extends TranslatorStatistics {
  /** How often the interpreter was come to by jumps, as far as that is counted, and whether it is kept from being optimised. */
  readonly comeTos: number;
  readonly isKeptInBaseline: boolean;
  /** How often the callbacks of hooks were called, by their names: what a native hook settles calls none. */
  readonly hookCalls: Readonly<Record<string, number>>;
}

export type Stop =
  /** The budget is used up. */
  | { readonly kind: 'budget' }
  | { readonly kind: 'breakpoint' }
  | { readonly kind: 'hook' }
  /** An ecall that the environment did not handle at once: it waits for standard input. The pc is still at the ecall. */
  | { readonly kind: 'input' }
  /** As `input`, but it waits until the host takes more output. */
  | { readonly kind: 'output' }
  /** As `input`, but it waits for what can never come. */
  | { readonly kind: 'idle' }
  /** It has ended; where a signal has ended it, `code` is 128 and the signal's number, as shells have it. */
  | { readonly kind: 'exit'; readonly code: number; readonly signal?: string }
  | { readonly kind: 'exception'; readonly exception: GuestException }
  /** Of `step` only: the pc is at the program's own handler, of an exception or of an interrupt. */
  | { readonly kind: 'trap'; readonly interrupt: boolean };

/**
 * A synchronous exception (Volume II, section "Machine Cause"): the pc is at the instruction, which changed nothing. A jump to where
 * nothing can be executed is done; the fault is that of fetching at its target, and the pc is there, as hardware has it.
 */
export interface GuestException {
  readonly cause: ExceptionCause;
  /**
   * The faulting address for an access (in the second page where only that one is at fault), the word for an illegal instruction,
   * the target for a misaligned jump.
   */
  readonly value: bigint;
  /** One sentence for people: what was tried, where, and why it cannot be. */
  readonly message: string;
  /** Where a fetch cannot be made: the address of the instruction that went there, if one did. */
  readonly from?: bigint;
  /** The signal that the operating system makes of it, by name (`SIGSEGV`), where there is one. */
  readonly signal?: string;
}

export type ExceptionCause =
  | 'instruction-misaligned'
  | 'instruction-access-fault'
  | 'illegal-instruction'
  | 'breakpoint'
  | 'load-misaligned'
  | 'load-access-fault'
  | 'store-misaligned'
  | 'store-access-fault'
  | 'environment-call'
  /** No fault: a signal that the program has sent to itself (`abort`, `kill`). */
  | 'signal';

export interface MemoryRegion {
  /** What it holds, in a word or two: `program`, `heap`, `stack`, `ftrace`. */
  readonly name: string;
  /** Start and size, multiples of the 4096-byte page. */
  readonly address: bigint;
  readonly size: bigint;
  readonly permissions: { readonly read: boolean; readonly write: boolean; readonly execute: boolean };
}

/** Guest memory as a debugger and a loader see it: accesses from outside ignore page permissions and drop stale decoded code. */
export interface GuestMemory {
  readonly regions: readonly MemoryRegion[];
  /** Called when pages have got other permissions, or were taken away. */
  readonly permissionWatchers: Set<(address: bigint, size: bigint) => void>;
  /**
   * Makes zeroed pages. Throws RangeError outside the machine's window or over an existing region. A region that follows one of
   * the same name and permissions becomes part of it.
   */
  map(region: MemoryRegion): void;
  /** Takes pages away; those that are not mapped stay so. Throws RangeError unless address and size are multiples of 4096. */
  unmap(address: bigint, size: bigint): void;
  /** The start of `size` bytes of unmapped pages, all of them within 2 GiB of `near` and as near as can be; undefined where none are. */
  findFree(size: bigint, near: bigint): bigint | undefined;
  /** Bytes mapped from `address` on, at most `length`, up to the first page that is not mapped. */
  read(address: bigint, length: number): Uint8Array;
  /** Fills `target` as far as bytes are mapped from `address` on and returns how many: `read` for those who read often. */
  readInto(address: bigint, target: Uint8Array): number;
  /** Writes as many bytes as are mapped from `address` on and returns how many. */
  write(address: bigint, bytes: Uint8Array): number;
  /** One naturally aligned 4-byte store, seen by the next fetch: how a call site is patched. False where it is not mapped. */
  storeWord(address: bigint, word: number): boolean;
  /** An unsigned load of 1, 2, 4 or 8 bytes; undefined where it is not mapped. */
  load(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined;
  /** The same of 4 bytes, as a number: for those who read very often. */
  loadWord(address: bigint): number | undefined;
}
