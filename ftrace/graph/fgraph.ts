import type { Machine } from '../../emulator/machine';
import { halvesOf } from '../../emulator/recorder/key-lookup';
import { mostUsers } from '../../emulator/recorder/recorder-layout';
import { ruleKey, wordOfRule } from '../../emulator/recorder/stack-walk';
import type { Program } from '../../program/program';
import { writeFrame } from '../frame-layout';
import { FtraceError } from '../ftrace-error';
import { type FtraceOps, type OpsHit, passes, type TraceableFunction } from '../ftrace-ops';
import { noFunctions } from '../function-set';
import { type GroupSwitch, nativeTracerId } from '../native-tracers';
import type { OpsRegistry } from '../ops-registry';
import { recordsOf } from './graph-records';
import type { GraphReturn, GraphUser, GraphWork, Subops } from './graph-user';
import { LeftCalls } from './left-calls';
import { type NativeGraph, nativeGraphEntry, nativeGraphReturn, type ReturnRecorder } from './native-graph';
import { ShadowStack } from './shadow-stack';

/** Bytes that a user may keep of a call. */
const mostKept = 8;
const [a0, sp] = [10, 2];
/** Offsets of ra, a0 and s0, and the size of the frame of return_to_handler: in two eras. */
const returnFrames = {
  ret_regs: { ra: 24, a0: 8, s0: 16, size: 32 },
  ftrace_regs: { ra: 8, a0: 48, s0: 24, size: 112 },
};

/**
 * Graph tracing for all its users (kernel/trace/fgraph.c): at a call the return address in the frame becomes `return_to_handler`, and
 * the true one is kept on the shadow stack until the function returns there.
 */
export class Fgraph {
  private readonly users: (GraphUser | undefined)[] = [];
  private readonly ops: FtraceOps;
  private readonly stack: ShadowStack;
  private readonly leftCalls: LeftCalls;
  private readonly returnFrame: (typeof returnFrames)['ret_regs'];
  private isDead = false;
  /** The user, where there was one when the filter was changed last. */
  private onlyUser: GraphUser | undefined;
  /** What the engine does at calls and returns, and what users have it record there, by their bits. */
  private readonly native: NativeGraph;
  private recorders: ReadonlyMap<number, ReturnRecorder> = new Map();
  /** Records of calls and returns that have been taken and not handed out yet. */
  private taken: { readonly bytes: Uint8Array; readonly count: number } | undefined;

  constructor(
    private readonly machine: Machine,
    program: Program,
    private readonly registry: OpsRegistry,
    /** The kernel's log. */
    private readonly printk: (message: string) => void,
  ) {
    const { trampoline, model } = registry;
    this.ops = registry.create({ symbol: 'graph_ops', func: 'ftrace_graph_func', callback: (hit) => this.call(hit) });
    this.ops.filter = noFunctions;
    this.stack = new ShadowStack(machine.memory, trampoline.returnToHandler);
    const ender = {
      dropReturned: (stackPointer: bigint, returnAddress: bigint) => this.dropReturned(stackPointer, returnAddress),
      trueReturn: (stackPointer: bigint) => this.trueReturn(stackPointer),
      endLeft: (depth: number) => this.endLeft(depth),
    };
    this.leftCalls = new LeftCalls(machine, program, registry, this.stack, ender, printk);
    this.returnFrame = model.name === 'call-ops' ? returnFrames.ftrace_regs : returnFrames.ret_regs;
    this.ops.usersOf = (each) => this.usersOf(each);
    this.ops.marksOf = (each) => this.marksOf(each);
    this.ops.takeRecords = (bytes, count) => {
      this.taken = { bytes, count };
    };
    this.ops.allTaken = () => this.handOut();
    registry.settleWatchers.add(() => {
      for (const user of this.active) user.settled?.();
    });
    this.native = {
      id: nativeTracerId('ftrace_graph_func')!,
      group: this.ops.group,
      layout: model.entries[0].frame,
      returnToHandler: trampoline.returnToHandler,
      returnFrame: this.returnFrame,
      shadow: () => this.stack.address,
    };
    registry.makeNative('ftrace_graph_func', nativeGraphEntry(this.native));
    this.setReturnHook();
  }

  /** Which marks (`limitMark`) a function has for the user with limits. */
  marksOf: (each: TraceableFunction) => number = () => 0;

  /** What limits calls, by `limitWord`. */
  get limits(): BigUint64Array {
    return this.machine.recorder.wordsOf(this.ops.group);
  }

  /** To be called when functions have got other marks. */
  marksChanged(): void {
    if (this.active.length > 0) this.registry.publishAll(this.ops);
  }

  /** A broken frame pointer has stopped graph tracing for good (`ftrace_graph_stop`). */
  get dead(): boolean {
    return this.isDead;
  }

  /** Throws FtraceError: EBUSY where there are too many users, or graph tracing is dead. */
  register(user: GraphUser): void {
    if (this.isDead) throw new FtraceError('EBUSY');
    const free = this.users.indexOf(undefined);
    if (free < 0 && this.users.length >= mostUsers) throw new FtraceError('ENOSPC');
    const stack = this.stack.map();
    this.leftCalls.watch();
    const handler = { first: halvesOf(this.registry.trampoline.returnToHandler), second: halvesOf(ruleKey.returnAddress) };
    this.machine.recorder.setWord(handler, wordOfRule({ kind: 'taken', stack })!);
    this.registry.settle();
    const index = free < 0 ? this.users.length : free;
    user.attach?.(this.machine.recorder.wordsOfUser(index));
    this.users[index] = user;
    this.updateFilter();
  }

  unregister(user: GraphUser): void {
    this.registry.settle();
    const index = this.users.indexOf(user);
    if (index >= 0) this.users[index] = undefined;
    this.updateFilter();
  }

  /** To be called when a user's filter has changed. */
  filterChanged(): void {
    if (this.active.length > 0) this.updateFilter();
  }

  private updateFilter(): void {
    const users = this.active;
    const isOfAll = users.some((user) => user.filter === undefined && user.notrace.size === 0);
    const wanted = () => this.registry.setOf(this.registry.functions.filter(({ index }) => users.some((user) => passes(user, index))));
    this.registry.setFilter(this.ops, isOfAll ? undefined : wanted(), noFunctions);
    if (users.length > 0 && !this.ops.registered) this.registry.register(this.ops);
    if (users.length === 0 && this.ops.registered) this.registry.unregister(this.ops);
    // A function that is new with the only user has been told of already.
    if (users.length > 1 || this.onlyUser !== users[0]) this.registry.publishAll(this.ops);
    this.onlyUser = users.length === 1 ? users[0] : undefined;
    this.updateWork();
  }

  /** To be called when what a user does with calls may have changed. */
  updateWork(): void {
    this.registry.setNative(this.ops, this.isDead ? 'callback' : 'record');
    const works = this.users.map((user) => user && { work: user.work });
    const usersWith = (has: (work: GraphWork | undefined) => boolean) =>
      works.reduce((bits, user, index) => (user && has(user.work) ? bits | (1 << index) : bits), 0);
    this.machine.recorder.setUsers(this.ops.group, {
      wanting: usersWith((work) => work?.wants ?? false),
      entry: usersWith((work) => work?.entry ?? false),
      return: usersWith((work) => work?.return ?? false),
      count: usersWith((work) => work?.counts ?? false),
      callback: usersWith((work) => work === undefined),
      limited: usersWith((work) => work?.limited ?? false),
      off: usersWith((work) => work?.off ?? false),
      bounded: usersWith((work) => work?.bounded ?? false),
      special: usersWith((work) => (work?.off || work?.bounded || work?.limited) ?? false),
    });
    this.updateRecorders(
      new Map(works.flatMap((user, index) => (user?.work?.recorder ? [[1 << index, user.work.recorder] as const] : []))),
    );
    for (const user of this.active) user.settled?.();
  }

  private updateRecorders(recorders: ReadonlyMap<number, ReturnRecorder>): void {
    const before = this.recorders;
    if (recorders.size === before.size && [...recorders].every(([bit, recorder]) => before.get(bit) === recorder)) return;
    this.recorders = recorders;
    this.setReturnHook();
  }

  private setReturnHook(): void {
    this.registry.setHook('ftrace_return_to_handler', () => this.return(), nativeGraphReturn(this.native, this.recorders));
  }

  /** Where the engine has whether a user is switched off: among the users of a group that are `off`. */
  switchOf(user: GraphUser): GroupSwitch {
    return { group: this.ops.group, users: 1 << this.users.indexOf(user) };
  }

  /** The users that want a function, as `enabled_functions` names them. */
  subopsOf(each: TraceableFunction): readonly Subops[] {
    return this.active.filter((user) => passes(user, each.index)).map(({ subops }) => subops);
  }

  get graphOps(): FtraceOps {
    return this.ops;
  }

  /** Where the function returns to whose return address is `return_to_handler` and whose sp at its entry was `stackPointer`. */
  trueReturn(stackPointer: bigint): bigint | undefined {
    for (let index = this.stack.depth - 1; index >= 0; index--) {
      if (this.stack.spOf(index) === stackPointer) return this.resolve(index);
    }
    return undefined;
  }

  /** A function that was reached by a tail call returns to the handler again, with the caller's entry below. */
  private resolve(index: number): bigint {
    let [ret, below] = [this.stack.returnOf(index), index - 1];
    while (ret === this.registry.trampoline.returnToHandler && below >= 0) ret = this.stack.returnOf(below--);
    return ret;
  }

  private get active(): readonly GraphUser[] {
    return this.users.filter((user) => user !== undefined);
  }

  /** The users that want a function, as bits. */
  private usersOf(each: TraceableFunction): number {
    return this.users.reduce((bits, user, index) => (user && passes(user, each.index) ? bits | (1 << index) : bits), 0);
  }

  /** Hands the engine's records out to those whom they are for. */
  private handOut(): void {
    const { bytes, count } = this.taken ?? { bytes: new Uint8Array(), count: 0 };
    this.taken = undefined;
    this.users.forEach((user, index) => {
      user?.takeRecorded?.();
      if (!user?.take || count === 0) return;
      const [own, ownCount] = this.active.length === 1 ? [bytes, count] : recordsOf(bytes, count, index);
      if (ownCount > 0) user.take(own, ownCount);
    });
  }

  private call(hit: OpsHit): 'continue' {
    if (this.isDead) return 'continue';
    this.registry.settle();
    const words = new BigUint64Array(hit.regs.buffer);
    const stackPointer = words[2]!;
    this.dropReturned(stackPointer, words[1]!);
    const { depth } = this.stack;
    const time = this.machine.instret;
    const parentIp = words[1]! === this.registry.trampoline.returnToHandler ? (this.trueReturn(stackPointer) ?? words[1]!) : words[1]!;
    let wanted = 0;
    let data: bigint[] | undefined;
    this.users.forEach((user, index) => {
      if (!user || !passes(user, hit.function.index)) return;
      const keep = (value: bigint, size: number) => {
        if (size > mostKept) return false;
        data ??= Array.from({ length: mostUsers }, () => 0n);
        data[index] = BigInt.asUintN(8 * size, value);
        return true;
      };
      if (user.entry({ function: hit.function, depth, parentIp, time, regs: hit.regs, hit, keep })) wanted |= 1 << index;
    });
    if (wanted === 0) return 'continue';
    const args = [...words.subarray(5, 13)];
    const frame = {
      ret: words[1]!,
      ip: hit.function.ip,
      fp: words[3]!,
      sp: stackPointer,
      callTime: time,
      users: wanted,
      childTime: 0n,
      args,
      data,
    };
    if (this.stack.push(frame)) {
      writeFrame(this.machine.memory, hit.layout, hit.frame, 'ra', this.registry.trampoline.returnToHandler);
    }
    return 'continue';
  }

  /**
   * Frames that a longjmp has left behind, known by their sp: the hart is above them. The kernel, where nothing jumps so, has no such
   * frames. A tail call is made with the sp of the function that makes it, and then its return address is the handler.
   */
  private dropReturned(stackPointer: bigint, ra: bigint): void {
    let { depth } = this.stack;
    const isTailCall = ra === this.registry.trampoline.returnToHandler;
    while (depth > 0) {
      const top = this.stack.spOf(depth - 1);
      if (top > stackPointer || (top === stackPointer && isTailCall)) break;
      depth--;
    }
    if (depth !== this.stack.depth) this.stack.truncate(depth);
  }

  /** `ftrace_return_to_handler`: takes the frame off, tells its users, and gives the true return address. */
  private return(): 'continue' {
    const { machine, stack } = this;
    this.registry.settle();
    const handlerFrame = machine.readX(a0);
    const load = (offset: number) => machine.memory.load(handlerFrame + BigInt(offset), 8) ?? 0n;
    const stackPointer = handlerFrame + BigInt(this.returnFrame.size);
    const fp = load(this.returnFrame.s0);
    if (stack.depth === 0 || machine.readX(sp) !== handlerFrame) {
      this.stop('return_to_handler without a traced call');
      machine.writeX(a0, 0n);
      return 'continue';
    }
    const top = stack.frame(stack.depth - 1)!;
    if (!this.isDead && top.fp !== fp) {
      this.stop(
        `Bad frame pointer: expected ${hex(top.fp)}, received ${hex(fp)}\n  from func ${this.nameOf(top.ip)} return to ${hex(top.ret)}`,
      );
    }
    const index = this.indexOf(stackPointer);
    const { ret } = stack.frame(index)!;
    this.end(index, { returnTime: machine.instret, retval: load(this.returnFrame.a0), isLeft: false });
    machine.writeX(a0, ret);
    return 'continue';
  }

  /** Ends calls that do not return, from that depth on. */
  private endLeft(depth: number): void {
    this.registry.settle();
    const returnTime = this.machine.instret;
    for (let index = this.stack.depth - 1; index >= depth; index--) this.end(index, { returnTime, retval: 0n, isLeft: true });
  }

  /** Takes the frame at an index off, and all that are above it, and tells its users that the call has ended. */
  private end(index: number, ending: Pick<GraphReturn, 'returnTime' | 'retval' | 'isLeft'>): void {
    const { stack } = this;
    const frame = stack.frame(index)!;
    stack.truncate(index + 1);
    stack.addChildTime(index - 1, ending.returnTime - frame.callTime);
    const traced = this.registry.functionOfIp(frame.ip);
    if (!this.isDead && traced) {
      const call = { ...frame, ...ending, function: traced, depth: index, overrun: stack.overrun, kept: 0n };
      this.users.forEach((user, bit) => {
        if (user && frame.users & (1 << bit)) user.return(frame.data ? { ...call, kept: frame.data[bit]! } : call);
      });
    }
    // Those who look at the stack see the function return, as in the kernel.
    stack.truncate(index);
  }

  /** The innermost frame with the sp that the function had at its entry; the kernel takes the top one, and frames of a longjmp are above it. */
  private indexOf(stackPointer: bigint): number {
    for (let index = this.stack.depth - 1; index >= 0; index--) if (this.stack.spOf(index) === stackPointer) return index;
    return this.stack.depth - 1;
  }

  /** `ftrace_graph_stop` with the kernel's warning. */
  private stop(warning: string): void {
    if (this.isDead) return;
    this.isDead = true;
    this.updateWork();
    this.printk(`------------[ cut here ]------------\n${warning}\n---[ end trace 0000000000000000 ]---`);
  }

  private nameOf(ip: bigint): string {
    return this.registry.functionOfIp(ip)?.name ?? hex(ip);
  }
}

function hex(value: bigint): string {
  return value.toString(16);
}
