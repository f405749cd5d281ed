import type { CodeMemory } from '../call-site';
import type { FrameLayout } from '../frame-layout';

export type ModelName = 'regs' | 'args' | 'call-ops';
/** Which instructions of a call site are written when it is toggled: the second alone, or both. */
export type Patching = 'single' | 'pair';

/** A trampoline that call sites may jump to, and the frame it saves. */
export interface TrampolineEntry {
  readonly symbol: 'ftrace_caller' | 'ftrace_regs_caller';
  readonly frame: FrameLayout;
  /** The call in it that is rewritten while the program runs (`update_ftrace_func`); undefined where the ops is found per call site. */
  readonly call: 'ftrace_call' | 'ftrace_regs_call' | undefined;
}

/** A call site's state: the trampoline it jumps to, and the ops in the 8 bytes before the function where the model keeps it there. */
export interface SiteTarget {
  readonly trampoline: bigint;
  readonly ops: bigint;
}

/** How a generation of the kernel patches call sites. One of them is in force for a whole run. */
export interface Model {
  readonly name: ModelName;
  /** The kernels that have it, for people. */
  readonly kernels: string;
  /** The kernel of this model whose texts tracefs gives. */
  readonly release: string;
  readonly patching: Patching;
  /** The trampoline's source. Its path is what the line table and the debugger show. */
  readonly trampoline: { readonly path: string; readonly text: string };
  /** `ftrace_caller` first. */
  readonly entries: readonly [TrampolineEntry, ...TrampolineEntry[]];
  /** Bytes that must be free before a function: 8 for the ops pointer. */
  readonly lead: 0 | 8;
  /** The compiler flags that leave the space for a call site, for messages; with compressed instructions and without. */
  readonly flags: { readonly compressed: string; readonly plain: string };
  /** Whether every hart has to stand still while a call site is written (`stop_machine`). */
  readonly stopsMachine: boolean;
  /** Bytes of instructions that one toggle writes. */
  readonly bytesWritten: 4 | 8;
  /** Frame offset from the entry to a function, as kprobes and graph tracing see it: rec->ip - F. */
  readonly ipOffset: bigint;
  /** Whether there are fprobes, and events on them. */
  readonly hasFprobe: boolean;
  /** Whether a kprobe may stand on rec->ip: it goes through ftrace then (CONFIG_KPROBES_ON_FTRACE). */
  readonly kprobesOnFtrace: boolean;

  /** At launch: makes the call site of the function at F ready. Returns why it cannot, changing nothing, where it cannot. */
  prepare(memory: CodeMemory, address: bigint, off: SiteTarget): string | undefined;
  /** `ftrace_make_call`: from now on a call of the function at F goes through the trampoline. Throws FtraceError. */
  makeCall(memory: CodeMemory, address: bigint, target: SiteTarget): void;
  /** `ftrace_make_nop`: no more. `off` has the ops to be called by nobody. Throws FtraceError. */
  makeNop(memory: CodeMemory, address: bigint, was: SiteTarget, off: SiteTarget): void;
  /** `ftrace_modify_call`: another trampoline or ops. Throws FtraceError. */
  modifyCall(memory: CodeMemory, address: bigint, was: SiteTarget, target: SiteTarget): void;
}
