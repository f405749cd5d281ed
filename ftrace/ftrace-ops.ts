import { type Halves, halvesOf } from '../emulator/recorder/key-lookup';
import type { FrameLayout } from './frame-layout';
import { noFunctions, type ReadonlyFunctionSet } from './function-set';

/** A function with a call site that can be patched (`struct dyn_ftrace`). */
export interface TraceableFunction {
  readonly name: string;
  /** Which of all it is, by address. */
  readonly index: number;
  /** F, the address of the function. */
  readonly address: bigint;
  /** `rec->ip`: what tracers see of it, F or F+4 by the model. */
  readonly ip: bigint;
  /** The call site jumps to a trampoline. */
  readonly enabled: boolean;
  /** It has ever done so (`touched_functions`). */
  readonly touched: boolean;
  /** The ops that want its calls, in the order in which they came. */
  readonly ops: readonly FtraceOps[];
  /** Calls that the function tracer of the top instance has recorded. */
  readonly hits: number;
}

/** A call of a traced function: the hart stands in the tracer, before anything is restored. */
export interface OpsHit {
  readonly function: TraceableFunction;
  readonly parentIp: bigint;
  /** The address of the frame on the guest's stack, and what it holds. */
  readonly frame: bigint;
  readonly layout: FrameLayout;
  /** The frame's live registers, as a trace record keeps them; overwritten by the next hit. */
  readonly regs: Uint8Array;
  readonly ops: FtraceOps;
}

export type OpsCallback = (hit: OpsHit) => 'continue' | 'stop';

/** The tracers that the guest has as functions (`trampolines/tracers.S`), and behind which the debugger works. */
export type TracerFunction =
  | 'function_trace_call'
  | 'function_stack_trace_call'
  | 'function_no_repeats_trace_call'
  | 'function_stack_no_repeats_trace_call'
  | 'function_args_trace_call'
  | 'function_trace_probe_call'
  | 'ftrace_graph_func'
  | 'fprobe_ftrace_entry'
  | 'kprobe_ftrace_handler'
  | 'stack_trace_call'
  | 'call_direct_funcs';

export interface OpsOptions {
  /** The guest's symbol of the ops where it is one of the kernel's own; a new ops has none. */
  readonly symbol?: 'global_ops' | 'graph_ops' | 'trace_ops';
  /** The tracer: one of the debugger's, or the address of code in the guest with the same four arguments. */
  readonly func: TracerFunction | bigint;
  /** What the debugger does at a hit; code of the guest needs none. */
  readonly callback?: OpsCallback;
  /** FTRACE_OPS_FL_SAVE_REGS: fails where the model has no full pt_regs. */
  readonly saveRegs?: boolean;
  /** FTRACE_OPS_FL_RECURSION: is not called again while it is at work. */
  readonly recursion?: boolean;
  /** FTRACE_OPS_FL_DIRECT: calls of its functions jump to this code, which ends in `jr t0`. */
  readonly direct?: bigint;
  /** FTRACE_OPS_FL_IPMODIFY: it may change where the function goes on. */
  readonly ipModify?: boolean;
}

/** A user of ftrace, with the functions it wants (`struct ftrace_ops`). Made by `OpsRegistry.create`. */
export class FtraceOps {
  /** What passes its filter; undefined lets all pass. */
  filter: ReadonlyFunctionSet | undefined;
  notrace: ReadonlyFunctionSet = noFunctions;
  registered = false;
  /** `address` as a part of the engine's keys. */
  readonly key: Halves;
  /** The functions whose calls need its callback also where the engine could do without. */
  asked: ReadonlyFunctionSet = noFunctions;
  /** Which of its users want a function, as bits: where an ops has users of its own. */
  usersOf: ((each: TraceableFunction) => number) | undefined;
  /** Marks of a function for what the engine does at its calls: where that has any. */
  marksOf: ((each: TraceableFunction) => number) | undefined;
  /** Gets records of calls that the engine has made in its place, as `RingBuffer` keeps them. */
  takeRecords: ((bytes: Uint8Array, count: number) => void) | undefined;
  /** Called when those have been taken, if there were any: what others have recorded at the same calls belongs among them. */
  allTaken: (() => void) | undefined;

  constructor(
    /** The address of its struct in the guest. */
    readonly address: bigint,
    readonly options: OpsOptions,
    /** Of its keys in the engine; 0 where it has none. */
    readonly group: number,
  ) {
    this.key = halvesOf(address);
  }

  get func(): TracerFunction | bigint {
    return this.options.func;
  }

  /** Whether its filter lets a function pass (`ftrace_ops_test`). */
  wants({ index }: TraceableFunction): boolean {
    return passes(this, index);
  }
}

/** What filters let pass, and whom: undefined is everybody. */
export interface FilterSets {
  readonly filter: ReadonlyFunctionSet | undefined;
  readonly notrace: ReadonlyFunctionSet;
}

export function passes({ filter, notrace }: FilterSets, index: number): boolean {
  return (filter === undefined || filter.hasIndex(index)) && !notrace.hasIndex(index);
}
