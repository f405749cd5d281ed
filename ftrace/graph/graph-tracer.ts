import type { TraceableFunction } from '../ftrace-ops';
import type { ReadonlyFunctionSet } from '../function-set';
import { type LengthByType, recordType } from '../ring-buffer';
import { FunctionList } from '../tracing/function-hash';
import type { PluggedTracer, TraceInstance } from '../tracing/trace-instance';
import type { Fgraph, GraphCall, GraphReturn, GraphUser, GraphWork } from './fgraph';
import { cleanRecords } from './graph-records';

/** Bytes of the kernel's records (kernel/trace/trace_entries.h, 6.12 and 7.2). */
const entryLength = 24;
const exitLength = 40;
const lengths: LengthByType = { [recordType.graphEntry]: entryLength, [recordType.graphExit]: exitLength };

/** What `set_graph_function`, `set_graph_notrace` and `max_graph_depth` say: for all instances, as in the kernel. */
export class GraphSettings {
  readonly functions: FunctionList;
  readonly notrace: FunctionList;
  /** Called when one of them has changed. */
  changed: () => void = () => {};
  private mostDepth = 0;
  private leastTime = 0;

  constructor(all: readonly TraceableFunction[]) {
    this.functions = new FunctionList(all, () => this.changed());
    this.notrace = new FunctionList(all, () => this.changed());
  }

  /** 0: no limit. */
  get maxDepth(): number {
    return this.mostDepth;
  }
  set maxDepth(depth: number) {
    this.mostDepth = depth;
    this.changed();
  }

  /** `tracing_thresh`, in microseconds: 0, or only returns of calls that took longer are recorded. */
  get threshold(): number {
    return this.leastTime;
  }
  set threshold(microseconds: number) {
    this.leastTime = microseconds;
    this.changed();
  }

  /** Whether every call is treated like every other. */
  get areNone(): boolean {
    return this.functions.functions.size === 0 && this.notrace.functions.size === 0 && this.mostDepth === 0 && this.leastTime === 0;
  }
}

/** The function graph tracer (kernel/trace/trace_functions_graph.c): records of calls and returns in an instance's buffer. */
export class GraphTracer implements PluggedTracer {
  private readonly users = new Map<TraceInstance, InstanceUser>();

  constructor(
    private readonly fgraph: Fgraph,
    private readonly settings: GraphSettings,
  ) {
    settings.changed = () => this.workChanged();
  }

  start(instance: TraceInstance): void {
    const user = new InstanceUser(instance, this.settings);
    this.fgraph.register(user);
    this.users.set(instance, user);
  }

  stop(instance: TraceInstance): void {
    const user = this.users.get(instance);
    if (!user) return;
    this.users.delete(instance);
    this.fgraph.unregister(user);
  }

  workChanged(): void {
    if (this.users.size > 0) this.fgraph.updateWork();
  }
}

class InstanceUser implements GraphUser {
  readonly subops = { entry: 'trace_graph_entry', return: 'trace_graph_return' } as const;
  /** The depth of the call of a function of `set_graph_function` under which all is traced; undefined outside. */
  private graphDepth: number | undefined;
  /** The depth of a call of `set_graph_notrace` under which nothing is traced. */
  private notraceDepth: number | undefined;

  constructor(
    private readonly instance: TraceInstance,
    private readonly settings: GraphSettings,
  ) {}

  get filter(): ReadonlyFunctionSet | undefined {
    return this.instance.hash.sets.filter;
  }

  get notrace(): ReadonlyFunctionSet {
    return this.instance.hash.sets.notrace;
  }

  /** The engine can do without asking where no call is treated otherwise than the one before, and none can be dropped. */
  get work(): GraphWork | undefined {
    const { instance, settings } = this;
    if (this.notraceDepth !== undefined || !settings.areNone || !instance.buffer.overwrite) return undefined;
    return { records: instance.tracesTask && instance.isOn, counts: instance.tracesTask && instance.name === '' };
  }

  take(bytes: Uint8Array, count: number): void {
    cleanRecords(bytes, count);
    this.instance.buffer.appendAll(bytes, count, lengths);
  }

  /** `trace_graph_entry`. */
  entry({ function: each, depth, parentIp, regs }: GraphCall): boolean {
    const { settings, instance } = this;
    this.leaveLost(depth);
    if (this.notraceDepth !== undefined) return false;
    if (settings.notrace.functions.has(each)) {
      this.notraceDepth = depth;
      return true;
    }
    if (!instance.tracesTask || this.ignores(each, depth)) return false;
    if (settings.threshold > 0) return true;
    if (instance.name === '') instance.registry.countHit(each);
    return instance.write({ type: recordType.graphEntry, ip: each.ip, parentIp, depth, regs, length: entryLength });
  }

  /** `trace_graph_return`. */
  return(call: GraphReturn): void {
    if (this.graphDepth === call.depth) this.graphDepth = undefined;
    if (this.notraceDepth !== undefined) {
      if (this.notraceDepth !== call.depth) return;
      this.notraceDepth = undefined;
      if (this.settings.areNone) this.settings.changed();
      return;
    }
    const { callTime, returnTime, retval, overrun, depth, ret } = call;
    if (returnTime - callTime < BigInt(this.settings.threshold) * 1000n) return;
    const regs = new Uint8Array(new BigUint64Array([callTime, returnTime, retval, BigInt(overrun)]).buffer);
    const { ip } = call.function;
    this.instance.write({ type: recordType.graphExit, timestamp: returnTime, ip, parentIp: ret, depth, regs, length: exitLength });
  }

  /** `ftrace_graph_ignore_func`. */
  private ignores(each: TraceableFunction, depth: number): boolean {
    const { functions, maxDepth } = this.settings;
    if (this.graphDepth === undefined && functions.functions.size > 0) {
      if (!functions.functions.has(each)) return true;
      this.graphDepth = depth;
    }
    const ignored = maxDepth > 0 && depth >= maxDepth;
    if (ignored && this.graphDepth === depth) this.graphDepth = undefined;
    return ignored;
  }

  /** A longjmp leaves calls without a return: what holds below them ends when a call comes that is not nested in them. */
  private leaveLost(depth: number): void {
    if (this.graphDepth !== undefined && depth <= this.graphDepth) this.graphDepth = undefined;
    if (this.notraceDepth !== undefined && depth <= this.notraceDepth) this.notraceDepth = undefined;
  }
}
