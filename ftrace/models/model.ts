import type { CodeMemory } from '../call-site';

/** How a generation of the kernel patches call sites. One of them is in force for a whole run. */
export interface Model {
  readonly name: string;
  /** The trampolines' source. Its path is what the line table and the debugger show. */
  readonly trampoline: { readonly path: string; readonly text: string };

  /** The record's ip (`rec->ip`) of the function at F, which is also the tracer's `ip`. */
  ipOf(address: bigint): bigint;
  /** At launch: makes the call site of the function at F ready. Returns why it cannot, changing nothing, where it cannot. */
  prepare(memory: CodeMemory, address: bigint, ftraceCaller: bigint): string | undefined;
  /** `ftrace_make_call`: from now on a call of the function at F goes through the trampoline. Throws FtraceError. */
  makeCall(memory: CodeMemory, address: bigint, ftraceCaller: bigint): void;
  /** `ftrace_make_nop`: no more. Throws FtraceError. */
  makeNop(memory: CodeMemory, address: bigint, ftraceCaller: bigint): void;
}
