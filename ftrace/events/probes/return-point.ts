import { halvesOf } from '../../../emulator/recorder/key-lookup';
import type { RecordSource } from '../../ops-registry';
import type { NativeEvent } from './native-fetch';
import { mostWaiting, nativeReturn, nativeReturnCall, waitingCall, waitingWord } from './native-return-point';
import { a0, argumentRegisters, type Fire, type ProbeContext, ra, sp, type TakeEvents } from './probe-point';

/** Return addresses that are watched at once, whether or not somebody is to return there. */
const mostPlaces = 4096;

/**
 * A function whose returns make events: at its entry a call is noted, with where it returns to, and there it is found again by its sp.
 * What is noted is shared with the engine, which does the same by itself where calls are nested.
 */
export class ReturnPoint {
  private fire: Fire | undefined;
  private recorded: NativeEvent | undefined;
  private source: RecordSource = { group: 0, takeRecords: undefined };
  /** The group whose room has the calls that are waited for, and that room; the oldest first. */
  private area = 0;
  private calls: BigUint64Array = new BigUint64Array();
  private state: BigUint64Array = new BigUint64Array();
  /** What is called at a return address. */
  private readonly places = new Map<bigint, () => void>();

  constructor(
    private readonly context: ProbeContext,
    private readonly address: bigint,
  ) {}

  /** The engine passes over none. */
  readonly passedOver = 0;

  activate(fire: Fire, take: TakeEvents): void {
    const { recorder } = this.machine;
    this.fire = fire;
    this.area = recorder.makeGroup();
    this.calls = recorder.roomOf(this.area);
    this.state = recorder.wordsOf(this.area);
    this.source = { group: 0, takeRecords: take };
    this.context.ftrace.registry.addSource(this.source);
    this.context.hooks.add(this.address, this.called);
  }

  deactivate(): void {
    this.record(undefined);
    this.context.ftrace.registry.deleteSource(this.source);
    this.context.hooks.delete(this.address, this.called);
    for (const place of [...this.places.keys()]) this.forget(place);
    this.machine.recorder.freeGroup(this.area);
    this.area = 0;
    this.fire = undefined;
  }

  /** Lets the engine note calls and record events while it is active, or with undefined has each fired. */
  record(event: NativeEvent | undefined): void {
    if (event === this.recorded || !this.fire) return;
    const { recorder } = this.machine;
    const { registry } = this.context.ftrace;
    registry.settle();
    recorder.freeGroup(this.source.group);
    const group = event && this.area !== 0 ? recorder.makeGroup() : 0;
    this.recorded = group === 0 ? undefined : event;
    this.source.group = group;
    const call = group === 0 ? undefined : nativeReturnCall(this.area);
    this.context.hooks.setNative(this.address, this.called, call);
    for (const place of this.places.keys()) this.setNative(place);
  }

  private get machine() {
    return this.context.ftrace.machine;
  }

  private get count(): number {
    return Number(this.state[waitingWord.count]!);
  }

  private readonly called = (): void => {
    const { machine } = this;
    const { count } = this;
    if (count >= mostWaiting) return;
    const stackPointer = machine.readX(sp);
    const ret = this.context.ftrace.trueReturn(machine.readX(ra), stackPointer);
    const args = Array.from({ length: argumentRegisters }, (_, index) => machine.readX(a0 + index));
    this.calls.set([ret, stackPointer, ...args], count * waitingCall.words);
    this.setCount(count + 1);
    this.watch(ret);
  };

  private returned(place: bigint): void {
    const { machine, calls } = this;
    const stackPointer = machine.readX(sp);
    const fired: bigint[][] = [];
    let kept = 0;
    for (let index = 0; index < this.count; index += 1) {
      const call = calls.slice(index * waitingCall.words, (index + 1) * waitingCall.words);
      // Those below have been left by a longjmp.
      const isOver = call[waitingCall.ret] === place && call[waitingCall.sp]! <= stackPointer;
      if (isOver && call[waitingCall.sp] === stackPointer) fired.push([...call.subarray(waitingCall.args)]);
      if (!isOver) calls.set(call, waitingCall.words * kept++);
    }
    this.setCount(kept);
    for (const args of fired) {
      const moment = { memory: machine.memory, args, retval: machine.readX(a0), sp: stackPointer, register: () => undefined };
      this.fire?.(moment, { __probe_func: this.address, __probe_ret_ip: place });
    }
  }

  /** Where calls are not nested, each below the one before, the engine does nothing. */
  private setCount(count: number): void {
    const spOf = (index: number) => this.calls[index * waitingCall.words + waitingCall.sp]!;
    const isNested = Array.from({ length: count }).every((_, index) => index === 0 || spOf(index) < spOf(index - 1));
    this.state[waitingWord.count] = BigInt(count);
    this.state[waitingWord.isOdd] = isNested ? 0n : 1n;
  }

  private watch(place: bigint): void {
    if (this.places.has(place)) return;
    if (this.places.size >= mostPlaces) this.forgetIdle();
    const callback = () => this.returned(place);
    this.places.set(place, callback);
    this.context.hooks.add(place, callback);
    this.setNative(place);
    if (place !== 0n) this.tell(place, 1n);
  }

  private forgetIdle(): void {
    const waiting = new Set(Array.from({ length: this.count }, (_, index) => this.calls[index * waitingCall.words + waitingCall.ret]!));
    for (const place of [...this.places.keys()]) if (!waiting.has(place)) this.forget(place);
  }

  private forget(place: bigint): void {
    this.context.hooks.delete(place, this.places.get(place)!);
    this.places.delete(place);
    if (place !== 0n) this.tell(place, 0n);
  }

  /** Whether the engine may note calls that return there. */
  private tell(place: bigint, word: bigint): void {
    this.machine.recorder.setWord({ first: halvesOf(place), second: halvesOf(waitingCall.key(this.area)) }, word);
  }

  private setNative(place: bigint): void {
    const { recorded, source, area } = this;
    const walkFrom = recorded?.hasStack ? this.context.stacks.ruleAt(place) : undefined;
    const canRecord = recorded && !(recorded.hasStack && walkFrom === undefined);
    const native = canRecord && nativeReturn({ group: source.group, area, event: recorded, place, address: this.address, walkFrom });
    this.context.hooks.setNative(place, this.places.get(place)!, native || undefined);
  }
}
