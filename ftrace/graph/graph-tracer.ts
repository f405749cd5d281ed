import { userWords } from '../../emulator/recorder/recorder-layout';
import type { TraceableFunction } from '../ftrace-ops';
import type { ReadonlyFunctionSet } from '../function-set';
import type { GroupSwitch } from '../native-tracers';
import { mostUntaken } from '../record-layout';
import { type LengthByType, recordType } from '../ring-buffer';
import { FunctionList } from '../tracing/function-hash';
import type { PluggedTracer, TraceInstance } from '../tracing/trace-instance';
import { limitMark, limitWord, noDepth, noRoom, userWord } from './call-limits';
import type { Fgraph } from './fgraph';
import { cleanRecords } from './graph-records';
import type { GraphCall, GraphReturn, GraphUser, GraphWork } from './graph-user';

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
  /** Called when functions have come or gone, before that. */
  functionsChanged: () => void = () => {};
  private mostDepth = 0;
  private leastTime = 0;

  constructor(all: readonly TraceableFunction[]) {
    const changed = () => {
      this.functionsChanged();
      this.changed();
    };
    this.functions = new FunctionList(all, changed);
    this.notrace = new FunctionList(all, changed);
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
    settings.functionsChanged = () => fgraph.marksChanged();
    fgraph.marksOf = (each) =>
      (settings.functions.functions.has(each) ? limitMark.function : 0) | (settings.notrace.functions.has(each) ? limitMark.notrace : 0);
  }

  start(instance: TraceInstance): void {
    const user = new InstanceUser(instance, this.settings);
    this.writeLimits();
    this.fgraph.register(user);
    this.users.set(instance, user);
  }

  stop(instance: TraceInstance): void {
    const user = this.users.get(instance);
    if (!user) return;
    this.users.delete(instance);
    this.fgraph.unregister(user);
    user.detach();
  }

  workChanged(): void {
    if (this.users.size === 0) return;
    this.writeLimits();
    this.fgraph.updateWork();
  }

  switchOf(instance: TraceInstance): GroupSwitch | undefined {
    const user = this.users.get(instance);
    return user && this.fgraph.switchOf(user);
  }

  private writeLimits(): void {
    const { maxDepth, threshold, functions } = this.settings;
    const { limits } = this.fgraph;
    limits[limitWord.maxDepth] = maxDepth > 0 ? BigInt(maxDepth) : noDepth;
    limits[limitWord.threshold] = BigInt(threshold) * 1000n;
    limits[limitWord.needsFunction] = functions.functions.size > 0 ? 1n : 0n;
  }
}

/** The depths of calls that settings hold under; undefined while the hart is in none. Shared with the engine. */
class LimitDepths {
  constructor(private readonly words: BigUint64Array) {}

  /** The depth of the call of a function of `set_graph_function` under which all is traced. */
  get function(): number | undefined {
    return this.read(userWord.functionDepth);
  }
  set function(depth: number | undefined) {
    this.words[userWord.functionDepth] = depth === undefined ? noDepth : BigInt(depth);
  }

  /** The depth of a call of `set_graph_notrace` under which nothing is traced. */
  get notrace(): number | undefined {
    return this.read(userWord.notraceDepth);
  }
  set notrace(depth: number | undefined) {
    this.words[userWord.notraceDepth] = depth === undefined ? noDepth : BigInt(depth);
  }

  private read(index: number): number | undefined {
    const word = this.words[index]!;
    return word === noDepth ? undefined : Number(word);
  }
}

class InstanceUser implements GraphUser {
  readonly subops = { entry: 'trace_graph_entry', return: 'trace_graph_return' } as const;
  private words: BigUint64Array = new BigUint64Array(userWords);
  private depths = new LimitDepths(this.words);

  constructor(
    private readonly instance: TraceInstance,
    private readonly settings: GraphSettings,
  ) {
    instance.buffer.onRoom = () => this.updateRoom();
  }

  attach(words: BigUint64Array): void {
    words.set([noDepth, noDepth, 0n, 0n]);
    this.words = words;
    this.depths = new LimitDepths(words);
  }

  detach(): void {
    this.instance.buffer.onRoom = () => {};
  }

  settled(): void {
    const { words } = this;
    this.instance.buffer.addDropped(Number(words[userWord.dropped]));
    words[userWord.dropped] = 0n;
    this.updateRoom();
  }

  get filter(): ReadonlyFunctionSet | undefined {
    return this.instance.hash.sets.filter;
  }

  get notrace(): ReadonlyFunctionSet {
    return this.instance.hash.sets.notrace;
  }

  get work(): GraphWork {
    const { instance, settings, depths } = this;
    const { tracesTask, isOn, buffer } = instance;
    const limited = !settings.areNone || depths.function !== undefined || depths.notrace !== undefined;
    const isTimed = settings.threshold > 0;
    return {
      wants: tracesTask,
      entry: tracesTask && !isTimed,
      return: true,
      counts: tracesTask && instance.name === '' && !isTimed,
      limited,
      off: !isOn,
      bounded: !buffer.overwrite,
    };
  }

  /** Tells the engine how many records it may make without asking, whatever else there is to be recorded meanwhile. */
  private updateRoom(): void {
    const { buffer, fillers } = this.instance;
    if (buffer.overwrite) return;
    const others = [...fillers].flatMap((lengths) => lengths());
    this.words[userWord.room] = buffer.hasRoomFor(entryLength) ? BigInt(buffer.surelyFits(exitLength, mostUntaken, others)) : noRoom;
  }

  take(bytes: Uint8Array, count: number): void {
    cleanRecords(bytes, count);
    this.instance.registry.streams.add(this.instance, bytes, count, lengths);
  }

  /** `trace_graph_entry`. */
  entry({ function: each, depth, parentIp, regs }: GraphCall): boolean {
    const { settings, instance } = this;
    this.leaveLost(depth);
    if (this.depths.notrace !== undefined) return false;
    if (settings.notrace.functions.has(each)) {
      this.depths.notrace = depth;
      return true;
    }
    if (!instance.tracesTask || this.ignores(each, depth)) return false;
    if (settings.threshold > 0) return true;
    if (instance.name === '') instance.registry.countHit(each);
    return instance.write({ type: recordType.graphEntry, ip: each.ip, parentIp, depth, regs, length: entryLength });
  }

  /** `trace_graph_return`. */
  return(call: GraphReturn): void {
    if (this.depths.function === call.depth) this.depths.function = undefined;
    if (this.depths.notrace !== undefined) {
      if (this.depths.notrace !== call.depth) return;
      this.depths.notrace = undefined;
      if (this.settings.areNone) this.settings.changed();
      return;
    }
    const { callTime, returnTime, retval, overrun, depth, ret, isLeft } = call;
    if (returnTime - callTime < BigInt(this.settings.threshold) * 1000n) return;
    const regs = new Uint8Array(new BigUint64Array([callTime, returnTime, retval, BigInt(overrun), 0n, isLeft ? 1n : 0n]).buffer);
    const { ip } = call.function;
    this.instance.write({ type: recordType.graphExit, timestamp: returnTime, ip, parentIp: ret, depth, regs, length: exitLength });
  }

  /** `ftrace_graph_ignore_func`. */
  private ignores(each: TraceableFunction, depth: number): boolean {
    const { functions, maxDepth } = this.settings;
    if (this.depths.function === undefined && functions.functions.size > 0) {
      if (!functions.functions.has(each)) return true;
      this.depths.function = depth;
    }
    const ignored = maxDepth > 0 && depth >= maxDepth;
    if (ignored && this.depths.function === depth) this.depths.function = undefined;
    return ignored;
  }

  /** A longjmp leaves calls without a return: what holds below them ends when a call comes that is not nested in them. */
  private leaveLost(depth: number): void {
    if (this.depths.function !== undefined && depth <= this.depths.function) this.depths.function = undefined;
    if (this.depths.notrace !== undefined && depth <= this.depths.notrace) this.depths.notrace = undefined;
  }
}
