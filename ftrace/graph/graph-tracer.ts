import type { TraceableFunction } from '../ftrace-ops';
import { recordType } from '../ring-buffer';
import { FunctionList } from '../tracing/function-hash';
import type { PluggedTracer, TraceInstance } from '../tracing/trace-instance';
import type { Fgraph, GraphCall, GraphReturn, GraphUser } from './fgraph';

/** Bytes of the kernel's records (kernel/trace/trace_entries.h, 6.12 and 7.2). */
const entryLength = 24;
const exitLength = 40;

/** What `set_graph_function`, `set_graph_notrace` and `max_graph_depth` say: for all instances, as in the kernel. */
export class GraphSettings {
  readonly functions: FunctionList;
  readonly notrace: FunctionList;
  /** 0: no limit. */
  maxDepth = 0;
  /** `tracing_thresh`, in microseconds: 0, or only returns of calls that took longer are recorded. */
  threshold = 0;

  constructor(all: readonly TraceableFunction[]) {
    this.functions = new FunctionList(all, () => {});
    this.notrace = new FunctionList(all, () => {});
  }
}

/** The function graph tracer (kernel/trace/trace_functions_graph.c): records of calls and returns in an instance's buffer. */
export class GraphTracer implements PluggedTracer {
  private readonly users = new Map<TraceInstance, InstanceUser>();

  constructor(
    private readonly fgraph: Fgraph,
    private readonly settings: GraphSettings,
  ) {}

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

  filterChanged(): void {
    if (this.users.size > 0) this.fgraph.updateFilter();
  }
}

class InstanceUser implements GraphUser {
  readonly subops = 'ent:trace_graph_entry ret:trace_graph_return';
  /** The depth of the call of a function of `set_graph_function` under which all is traced; undefined outside. */
  private graphDepth: number | undefined;
  /** The depth of a call of `set_graph_notrace` under which nothing is traced. */
  private notraceDepth: number | undefined;

  constructor(
    private readonly instance: TraceInstance,
    private readonly settings: GraphSettings,
  ) {}

  get filter(): ReadonlySet<TraceableFunction> | undefined {
    return this.instance.hash.sets.filter;
  }

  get notrace(): ReadonlySet<TraceableFunction> {
    return this.instance.hash.sets.notrace;
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
      if (this.notraceDepth === call.depth) this.notraceDepth = undefined;
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
