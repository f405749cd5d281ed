import type { Machine } from '../../emulator/machine';
import { repeatWord } from '../../emulator/recorder/hooks';
import type { CallStacks } from '../call-stacks';
import type { FtraceOps, OpsHit, TraceableFunction } from '../ftrace-ops';
import { noFunctions, type ReadonlyFunctionSet } from '../function-set';
import type { GroupSwitch } from '../native-tracers';
import type { OpsRegistry } from '../ops-registry';
import { recordField, recordSize } from '../record-layout';
import { moreWords } from '../record-tails';
import { functionLength, type LengthByType, type NewRecord, type RecordType, RingBuffer, recordType, stackLength } from '../ring-buffer';
import { withStacks } from '../stack-records';
import { FunctionHash } from './function-hash';
import { selectTracer } from './select-tracer';
import type { ClockName } from './trace-clock';
import { type OptionName, TraceOptions } from './trace-options';

/** Bytes of the kernel's record of calls that were like the last one. */
const repeatsLength = 32;

export type TracerName = 'nop' | 'function' | 'function_graph';

/** A call that the function tracer has recorded: the hart stands in the tracer. */
export interface TraceHit {
  readonly function: TraceableFunction;
  /** The record's number in the ring buffer; undefined where it was not recorded. */
  readonly number: number | undefined;
  readonly frame: bigint;
  readonly hit: OpsHit;
}

export type OnHit = (hit: TraceHit) => 'continue' | 'stop';

/** A tracer that is not the function tracer, as far as an instance switches it. */
export interface PluggedTracer {
  start(instance: TraceInstance): void;
  stop(instance: TraceInstance): void;
  /** What an instance does with calls may have changed. */
  workChanged(): void;
  /** Where the engine has whether an instance that it traces for is switched off. */
  switchOf(instance: TraceInstance): GroupSwitch | undefined;
}

/** One ring buffer with a tracer, filters and options of its own (`struct trace_array`): the top one, or one of `instances`. */
export class TraceInstance {
  readonly buffer: RingBuffer;
  /** What `snapshot` has taken; undefined while none is allocated. */
  snapshot: RingBuffer | undefined;
  readonly hash: FunctionHash;
  readonly options = new TraceOptions();
  readonly ops: FtraceOps;
  private callStacks: CallStacks | undefined;
  private hitCallback: OnHit | undefined;
  /** The functions whose hits it wants; undefined for all. */
  private hitFunctions: ReadonlyFunctionSet | undefined;
  private tracedPids: readonly number[] | undefined;
  private untracedPids: readonly number[] | undefined;
  private isSwitchedOn = true;
  private isHartTraced = true;
  private tracedEventPids: readonly number[] | undefined;
  private untracedEventPids: readonly number[] | undefined;
  bufferPercent = 50;
  /** In microseconds. */
  maxLatency = 0;
  /** The size that was asked for, in KB; undefined until the buffer is used or sized (`7 (expanded: ...)`). */
  kilobytes: number | undefined;

  /** Who may turn it on or off by what is done of records (`RecordStreams.addLate`). */
  readonly switches = new Set<(on: boolean) => boolean>();

  /** What tells the lengths of records that may come into the buffer beside those of its tracer: one for each source in the engine. */
  readonly fillers = new Set<() => readonly number[]>();

  /** When the buffer was last emptied: latencies count from there. */
  startTime = 0n;

  private clockName: ClockName = 'local';
  private tracerName: TracerName = 'nop';
  /** The last call of `func-no-repeats`, how often it came again, and when last: shared with the engine (`repeatWord`). */
  private readonly lastCall: BigUint64Array;

  constructor(
    /** Empty for the top one. */
    readonly name: string,
    readonly machine: Machine,
    readonly registry: OpsRegistry,
    private readonly graph: PluggedTracer,
    readonly defaultKilobytes: number,
    /** Called when what it records may have changed: tracer, filter or switch. */
    readonly changed: () => void,
  ) {
    this.buffer = new RingBuffer(defaultKilobytes, machine.recorder);
    // ZEROED_TRACE_FLAGS: only the top instance has it from the start.
    this.options.set('copy_trace_marker', name === '');
    const options = { func: 'function_trace_call' as const, callback: (hit: OpsHit) => this.hit(hit) };
    this.ops = registry.create(name === '' ? { ...options, symbol: 'global_ops' } : options);
    this.lastCall = machine.recorder.wordsOf(this.ops.group);
    this.ops.takeRecords = (bytes, count) => {
      if (!this.options.is('func_stack_trace')) registry.streams.add(this, bytes, count, this.recordLengths);
      else if (this.stacks && this.buffer.overwrite) {
        const stacks = withStacks(bytes, count, this.stacks.head);
        registry.streams.add(this, stacks.bytes, stacks.count, this.lengthByType);
      } else registry.streams.addLate(bytes, count, (words) => this.writeLateCall(words));
    };
    this.buffer.settle = () => registry.settle();
    this.hash = new FunctionHash(registry.functions, () => this.applyFilter());
    this.chooseWork();
  }

  /** Called at each hit of the function tracer, after it is recorded; `stop` makes the machine stop in the tracer. */
  get onHit(): OnHit | undefined {
    return this.hitCallback;
  }
  set onHit(callback: OnHit | undefined) {
    this.hitCallback = callback;
    this.hitFunctions = undefined;
    this.chooseWork();
  }

  /** `onHit` for hits of these functions; it may be called for others. */
  setOnHitOf(functions: ReadonlyFunctionSet, callback: OnHit): void {
    this.hitCallback = callback;
    this.hitFunctions = functions;
    this.chooseWork();
  }

  /** `tracing_on`. */
  get isOn(): boolean {
    this.registry.settle();
    return this.isSwitchedOn;
  }
  set isOn(on: boolean) {
    this.registry.settle();
    this.isSwitchedOn = on;
    this.chooseWork();
  }

  /**
   * Whether it may come to take records without the debugger being asked: it is on, or something that is done of records may turn it on.
   * What is recorded while it is off is dropped then.
   */
  get mayTake(): boolean {
    return this.isOn || this.mayBeSwitched(true);
  }

  /** Whether something that is done of records may turn it on, or off. */
  mayBeSwitched(on: boolean): boolean {
    return [...this.switches].some((mayDo) => mayDo(on));
  }

  /** Where the engine has whether it is switched off; undefined where it need not know. */
  get engineSwitch(): GroupSwitch | undefined {
    return this.tracerName === 'function_graph' ? this.graph.switchOf(this) : undefined;
  }

  /** To be called when `switches` may say something else. */
  switchesChanged(): void {
    this.chooseWork();
  }

  /** Records of its that were not kept. */
  drop(bytes: Uint8Array): void {
    if (this.name === '') this.registry.uncount(bytes);
  }

  /** The pids that are traced, and those that are not; undefined lets all pass. There is one task. */
  get pids(): readonly number[] | undefined {
    return this.tracedPids;
  }
  set pids(pids: readonly number[] | undefined) {
    this.tracedPids = pids;
    this.chooseWork();
  }
  get notracePids(): readonly number[] | undefined {
    return this.untracedPids;
  }
  set notracePids(pids: readonly number[] | undefined) {
    this.untracedPids = pids;
    this.chooseWork();
  }

  /** The same for events. */
  get eventPids(): readonly number[] | undefined {
    return this.tracedEventPids;
  }
  set eventPids(pids: readonly number[] | undefined) {
    this.registry.settle();
    this.tracedEventPids = pids;
    this.chooseWork();
  }
  get eventNotracePids(): readonly number[] | undefined {
    return this.untracedEventPids;
  }
  set eventNotracePids(pids: readonly number[] | undefined) {
    this.registry.settle();
    this.untracedEventPids = pids;
    this.chooseWork();
  }

  /** Whether `tracing_cpumask` has the one hart. */
  get tracesHart(): boolean {
    return this.isHartTraced;
  }
  set tracesHart(traces: boolean) {
    this.registry.settle();
    this.isHartTraced = traces;
    this.chooseWork();
  }

  get tracer(): TracerName {
    return this.tracerName;
  }

  /** `current_tracer`: the buffer is emptied, as the kernel does. */
  setTracer(name: TracerName): void {
    if (name === this.tracerName) return;
    this.reset();
    this.switchTracer(name);
  }

  get clock(): ClockName {
    return this.clockName;
  }

  /** `trace_clock`: timestamps of two clocks cannot be compared, so that what was recorded goes. */
  set clock(name: ClockName) {
    this.clockName = name;
    this.snapshot?.clear();
    this.reset();
  }

  /** Empties the buffer (`tracing_reset_online_cpus`). */
  reset(): void {
    this.buffer.clear();
    this.startTime = this.machine.instret;
  }

  /** The same without emptying the buffer: what the last marker that is taken away does. */
  switchTracer(name: TracerName): void {
    this.stopTracer();
    this.kilobytes ??= this.defaultKilobytes;
    this.tracerName = name;
    try {
      if (name === 'function') this.registry.register(this.ops);
      else if (name === 'function_graph') this.graph.start(this);
    } finally {
      this.chooseWork();
      this.changed();
    }
  }

  /** Appends a record of the guest's present; nothing while tracing is off. True where it was recorded. */
  write(record: Omit<NewRecord, 'timestamp'> & { readonly timestamp?: bigint }): boolean {
    if (!this.isOn) return false;
    this.kilobytes ??= this.defaultKilobytes;
    return this.buffer.append({ timestamp: this.registry.now, ...record });
  }

  /** Whether calls of the task that runs are traced: it has the only pid. */
  get tracesTask(): boolean {
    return this.tracesHart && includesTask(this.pids, this.notracePids);
  }

  /** Whether its events are. */
  get tracesEvents(): boolean {
    return this.tracesHart && includesTask(this.eventPids, this.eventNotracePids);
  }

  /** Exchanges buffer and snapshot (`echo 1 > snapshot`), by copying: readers keep their numbers. */
  takeSnapshot(): void {
    this.snapshot = this.buffer.copy();
  }

  setOption(name: OptionName, on: boolean): void {
    this.registry.settle();
    this.options.set(name, on);
    this.buffer.overwrite = this.options.is('overwrite');
    this.chooseTracer();
  }

  /** Ends it: nothing of it is registered any more. */
  dispose(): void {
    this.stopTracer();
    this.tracerName = 'nop';
    this.registry.destroy(this.ops);
    this.buffer.clear();
  }

  private stopTracer(): void {
    if (this.tracerName === 'function') this.registry.unregister(this.ops);
    else if (this.tracerName === 'function_graph') this.graph.stop(this);
  }

  private applyFilter(): void {
    const { filter, notrace } = this.hash.sets;
    this.registry.setFilter(this.ops, filter, notrace);
    this.changed();
  }

  private chooseTracer(): void {
    const func = selectTracer(this.options);
    if (this.ops.func !== func) this.registry.retarget(this.ops, func);
    this.chooseWork();
  }

  private chooseWork(): void {
    this.registry.choose(this.chooseWorkNow);
  }

  /** Leaves hits to the engine where nothing is to be done but to record them, or nothing at all. */
  private readonly chooseWorkNow = (): void => {
    const asked = this.hitCallback ? this.hitFunctions : noFunctions;
    // What is not recorded while tracing is off is a repeated call all the same.
    const isRecorded = this.tracesTask && (this.mayTake || this.options.is('func-no-repeats'));
    const canRecord = !this.options.is('func_stack_trace') || this.stacks !== undefined;
    const work = !isRecorded ? 'nothing' : canRecord ? 'record' : 'callback';
    this.registry.setNative(this.ops, asked ? work : 'callback', asked);
    this.graph.workChanged();
    for (const changed of this.registry.workWatchers) changed();
  };

  /** Bytes of a function's record in the kernel's buffer. */
  private get recordLength(): number {
    return functionLength + (this.options.is('func-args') ? 48 : 0);
  }

  /** The same by type, where there are records of other types among them. */
  private get recordLengths(): number | LengthByType {
    return this.options.is('func-no-repeats') ? this.lengthByType : this.recordLength;
  }

  private get lengthByType(): LengthByType {
    return { [recordType.function]: this.recordLength, [recordType.repeats]: repeatsLength };
  }

  private hit(hit: OpsHit): 'continue' | 'stop' {
    const number = this.tracesTask ? this.record(hit) : undefined;
    return this.onHit ? this.onHit({ function: hit.function, number, frame: hit.frame, hit }) : 'continue';
  }

  private record(hit: OpsHit): number | undefined {
    const { ip } = hit.function;
    const { parentIp } = hit;
    const number = this.buffer.written;
    if (this.options.is('func-no-repeats') && this.isRepeat(ip, parentIp)) return undefined;
    if (!this.write({ type: recordType.function, ip, parentIp, regs: hit.regs, length: this.recordLength })) return undefined;
    if (this.name === '') this.registry.countHit(hit.function);
    if (this.options.is('func_stack_trace')) this.writeStack(hit);
    return number;
  }

  /** Who walks the guest's stack; set where somebody can. */
  get stacks(): CallStacks | undefined {
    return this.callStacks;
  }
  set stacks(stacks: CallStacks | undefined) {
    this.callStacks = stacks;
    this.chooseWork();
  }

  writeStack(hit: OpsHit): void {
    this.writeFrames(hit.function.ip, hit.parentIp, this.stacks?.ofHit(hit) ?? []);
  }

  /** The same of what the engine has recorded: a call, and the callers in the words behind its record. */
  writeLateStack(words: BigUint64Array): void {
    const frames = this.stacks?.withHead(moreWords(words)) ?? [];
    this.writeFrames(words[recordField.ip / 8]!, words[recordField.parentIp / 8]!, frames);
  }

  private writeFrames(ip: bigint, parentIp: bigint, frames: readonly bigint[]): void {
    this.write({ type: recordType.stack, ip, parentIp, payload: frames, length: stackLength(frames.length) });
  }

  private writeLateCall(words: BigUint64Array): void {
    const bytes = new Uint8Array(words.buffer, words.byteOffset, recordSize);
    const [ip, parentIp] = [words[recordField.ip / 8]!, words[recordField.parentIp / 8]!];
    const regs = bytes.subarray(recordField.regs);
    const type = Number(BigInt.asUintN(32, words[recordField.type / 8]!)) as RecordType;
    if (type === recordType.repeats) this.write({ type, ip, parentIp, regs, length: repeatsLength });
    else if (this.write({ type, ip, parentIp, regs, length: this.recordLength })) this.writeLateStack(words);
    else this.drop(bytes);
  }

  private isRepeat(ip: bigint, parentIp: bigint): boolean {
    const last = this.lastCall;
    const { first, second, count, time } = repeatWord;
    const timestamp = this.machine.instret;
    if (last[first] === ip && last[second] === parentIp) {
      last[count]! += 1n;
      last[time] = timestamp;
      return true;
    }
    if (last[count]! > 0n) {
      const regs = new Uint8Array(last.slice(count, time + 1).buffer);
      this.write({ type: recordType.repeats, ip: last[first]!, parentIp: last[second]!, regs, length: repeatsLength });
    }
    last.set([ip, parentIp, 0n, timestamp]);
    return false;
  }
}

/** A program is the only task of its machine. */
export const taskPid = 1;

function includesTask(pids: readonly number[] | undefined, notrace: readonly number[] | undefined): boolean {
  return (pids?.includes(taskPid) ?? true) && !(notrace?.includes(taskPid) ?? false);
}
