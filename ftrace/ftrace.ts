import type { Machine } from '../emulator/machine';
import type { Program, RefusedCallSite } from '../program/program';
import { NativeFprobes } from './events/probes/native-fprobe';
import type { FrameLayout } from './frame-layout';
import { FtraceError } from './ftrace-error';
import type { TraceableFunction } from './ftrace-ops';
import { Fgraph } from './graph/fgraph';
import { GraphSettings, GraphTracer } from './graph/graph-tracer';
import { argsModel } from './models/args';
import type { Model } from './models/model';
import { OpsRegistry } from './ops-registry';
import { defaultKilobytes, type RingBuffer } from './ring-buffer';
import { type OnHit, TraceInstance } from './tracing/trace-instance';
import { Trampoline } from './trampoline';

export type { TraceableFunction } from './ftrace-ops';

export interface FtraceOptions {
  readonly model?: Model;
  /** Size of the ring buffer in KB, as `buffer_size_kb` has it. */
  readonly kilobytes?: number;
  /** Gets the lines of the kernel's log: warnings, dumps of the buffer. */
  readonly printk?: (message: string) => void;
}

/** A frame that a trampoline has on the guest's stack. */
export interface LiveFrame {
  readonly address: bigint;
  readonly layout: FrameLayout;
}

const [a0, a3] = [10, 13];

/** The kernel's dynamic ftrace on one machine: call sites, trampolines, tracers and ring buffers. */
export class Ftrace {
  readonly registry: OpsRegistry;
  readonly fgraph: Fgraph;
  /** The fprobes that the engine records by itself. */
  readonly nativeFprobes: NativeFprobes;
  readonly graphSettings: GraphSettings;
  /** The instance that is no directory under `instances`. */
  readonly top: TraceInstance;
  /** Called when functions may have been turned on or off, by whoever it was. */
  onChange: (() => void) | undefined;
  /** Gets the lines of the kernel's log. */
  printk: (message: string) => void;

  private readonly graphTracer: GraphTracer;
  private readonly kilobytes: number;
  private readonly traceChanged = (): void => {
    this.fgraph.filterChanged();
    this.onChange?.();
  };

  /** Maps and assembles the trampolines and makes every call site of the program ready, which the machine must hold already. */
  static install(machine: Machine, program: Program, options: FtraceOptions = {}): Ftrace {
    const model = options.model ?? argsModel;
    return new Ftrace(machine, program, model, Trampoline.install(machine.memory, model, program), options);
  }

  private constructor(
    readonly machine: Machine,
    readonly program: Program,
    readonly model: Model,
    private readonly installed: Trampoline,
    options: FtraceOptions,
  ) {
    this.printk = options.printk ?? (() => {});
    this.kilobytes = options.kilobytes ?? defaultKilobytes;
    this.registry = new OpsRegistry(machine, program, model, installed);
    this.fgraph = new Fgraph(machine, program, this.registry, (message) => this.printk(message));
    this.nativeFprobes = new NativeFprobes(this.registry);
    this.graphSettings = new GraphSettings(this.registry.functions);
    this.graphTracer = new GraphTracer(this.fgraph, this.graphSettings);
    this.top = this.makeInstance('');
  }

  /** The functions that can be traced, sorted by address (`available_filter_functions`). */
  get functions(): readonly TraceableFunction[] {
    return this.registry.functions;
  }

  /** Those that have a call site that cannot be patched. */
  get refused(): readonly RefusedCallSite[] {
    return this.registry.refused;
  }

  /** The ring buffer of the top instance. */
  get trace(): RingBuffer {
    return this.top.buffer;
  }

  /** The trampolines as a program: symbols, lines and source of `ftrace_caller` and what it calls. */
  get trampoline(): Program {
    return this.installed.program;
  }

  /** Called at each hit of the top instance's function tracer, after it is recorded; `stop` makes the machine stop in the tracer. */
  get onHit(): OnHit | undefined {
    return this.top.onHit;
  }
  set onHit(callback: OnHit | undefined) {
    this.top.onHit = callback;
  }

  /** A new instance, not yet known by anybody (`mkdir instances/NAME`). */
  makeInstance(name: string): TraceInstance {
    return new TraceInstance(name, this.machine, this.registry, this.graphTracer, this.kilobytes, this.traceChanged);
  }

  /**
   * Traces the function at F from its next call on: what the marker in the gutter writes to `set_ftrace_filter`. The first one makes
   * `function` the current tracer. Throws FtraceError where it is not traceable or its code was changed.
   */
  enable(address: bigint): void {
    const each = this.functionAt(address);
    const { filter } = this.top.hash;
    if (this.isTraced(each)) return;
    const before = [...filter.functions];
    try {
      this.setTraced([...before, each]);
    } catch (error) {
      this.setTraced(before);
      throw error;
    }
  }

  /** Stops tracing the function at F: no call of it is recorded after this returns. Throws FtraceError as `enable` does. */
  disable(address: bigint): void {
    const each = this.functionAt(address);
    if (!this.isTraced(each)) return;
    const { filter } = this.top.hash;
    const before = filter.isEmpty ? this.functions : [...filter.functions];
    this.setTraced(before.filter((other) => other !== each));
  }

  /** Traces these functions and no others in the top instance; with none its tracer is `nop`, and the trace is kept. */
  setTraced(functions: readonly TraceableFunction[]): void {
    const { top } = this;
    if (functions.length === 0) {
      if (top.tracer !== 'nop') top.switchTracer('nop');
      top.hash.filter.set([]);
      return;
    }
    const failed = failureOf(() => top.hash.filter.set(functions));
    if (top.tracer === 'nop') top.switchTracer('function');
    if (failed) throw failed;
  }

  /** Whether the top instance's function tracer wants every register of a call, where the model can save them. */
  set savesAllRegisters(on: boolean) {
    if (this.model.entries.length > 1) this.registry.setSaveRegs(this.top.ops, on);
  }

  /** Whether the function at F is traced; false also where there is none. */
  isOn(address: bigint): boolean {
    const each = this.registry.functionAt(address);
    return each !== undefined && this.isTraced(each);
  }

  /**
   * The frame that a hart with this pc and sp has on its stack, while it is in a trampoline, or, for the hart as it stands, in a
   * tracer. The function's own frame then starts at its field sp, its next pc is epc, and its return address ra.
   */
  frameAt(pc: bigint, sp: bigint): LiveFrame | undefined {
    const layout = this.installed.frameAt(pc);
    if (layout) return { address: sp, layout };
    if (pc !== this.machine.pc || !this.isTracer(pc)) return undefined;
    return { address: this.machine.readX(a3), layout: this.registry.layoutAt(this.machine.readX(a0)) };
  }

  /** The return address of a function whose caller is `return_to_handler`, by its sp at its entry. */
  trueReturn(address: bigint, sp: bigint): bigint {
    return address === this.installed.returnToHandler ? (this.fgraph.trueReturn(sp) ?? address) : address;
  }

  private isTracer(pc: bigint): boolean {
    const symbol = this.installed.program.symbols.functionAt(pc);
    return symbol?.address === pc && symbol.size === 4n;
  }

  private isTraced(each: TraceableFunction): boolean {
    const { top } = this;
    if (top.tracer === 'function') return each.ops.includes(top.ops);
    return top.tracer === 'function_graph' && each.ops.includes(this.fgraph.graphOps);
  }

  private functionAt(address: bigint): TraceableFunction {
    const each = this.registry.functionAt(address);
    if (each) return each;
    const refused = this.refused.find((other) => other.address === address);
    const subject = refused?.name ?? `0x${address.toString(16)}`;
    throw new FtraceError('EINVAL', `${subject} cannot be traced: ${refused?.reason ?? 'no function with a call site starts there'}`);
  }
}

function failureOf(action: () => void): FtraceError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof FtraceError) return error;
    throw error;
  }
}
