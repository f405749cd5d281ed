import type { Machine } from '../emulator/machine';
import { withStack, withSwitch } from '../emulator/recorder/hooks';
import { type Halves, halvesOf } from '../emulator/recorder/key-lookup';
import type { NativeHook } from '../emulator/recorder/native-hook';
import { groupAction } from '../emulator/recorder/recorder-layout';
import type { Program, RefusedCallSite } from '../program/program';
import type { FrameLayout } from './frame-layout';
import { FtraceError } from './ftrace-error';
import { FtraceOps, type OpsOptions, passes, type TraceableFunction, type TracerFunction } from './ftrace-ops';
import { FrameReader } from './ftrace-regs';
import { FunctionSet, type ReadonlyFunctionSet } from './function-set';
import { GuestStructs } from './guest-structs';
import { HookTable } from './hook-table';
import type { Model, SiteTarget } from './models/model';
import { nativeOpsTest, nativeTracer, nativeTracerId } from './native-tracers';
import { recordField, recordSize } from './record-layout';
import { RecordStreams } from './record-streams';
import { recordType } from './ring-buffer';
import { TracedSite } from './traced-site';
import type { Trampoline } from './trampoline';

/** Bytes of the guest's struct ftrace_ops, and where in it is what. */
const opsStruct = { size: 0x188, func: 0, next: 8, flags: 16, savedFunc: 32, directCall: 0x180 };

const tracers: readonly TracerFunction[] = [
  'function_trace_call',
  'function_stack_trace_call',
  'function_no_repeats_trace_call',
  'function_stack_no_repeats_trace_call',
  'function_args_trace_call',
  'function_trace_probe_call',
  'ftrace_graph_func',
  'fprobe_ftrace_entry',
  'kprobe_ftrace_handler',
  'stack_trace_call',
];
/** A group of keys or places, and who gets the records that the engine has made there. */
export interface RecordSource {
  /** 0 while there are none. */
  group: number;
  readonly takeRecords: ((bytes: Uint8Array, count: number) => void) | undefined;
  readonly allTaken?: (() => void) | undefined;
}

/** What the engine does at a call by itself, if not to call the callback. */
export type EngineWork = 'record' | 'record with stack' | 'switch' | 'nothing' | 'callback';

/** The ops of the top instance's function tracer, whose records are the hits of functions. */
const globalOps = 'global_ops';
const nobody: readonly FtraceOps[] = [];
const [a0, a1, a2, a3] = [10, 11, 12, 13];

/**
 * The call sites of a program and the ops that want their calls (kernel/trace/ftrace.c): which call site jumps where, which tracer
 * the trampoline calls, and at a hit, whose it is.
 */
export class OpsRegistry {
  /** The functions that can be traced, sorted by address. */
  readonly functions: readonly TraceableFunction[];
  readonly refused: readonly RefusedCallSite[];
  /** How often a call site has been written. */
  patches = 0;
  /** How often every hart had to stand still for it. */
  stops = 0;

  /** Where takers put records for ring buffers. */
  readonly streams = new RecordStreams();
  /** Called when what becomes of records may have changed: an instance was switched, or its options were. */
  readonly workWatchers = new Set<() => void>();
  /** Called when the engine's records have been handed out, or when there is another source of them. */
  readonly settleWatchers = new Set<() => void>();
  /** What the debugger does at addresses of the program. */
  readonly hooks: HookTable;

  private readonly sites: readonly TracedSite[];
  private readonly siteAt = new Map<bigint, TracedSite>();
  private readonly siteOfIp = new Map<bigint, TracedSite>();
  private readonly opsAt = new Map<bigint, FtraceOps>();
  /** The ops whose calls the engine may record, and other sources of its records. */
  private readonly recorded = new Set<RecordSource>();
  /** Newest first, as the kernel's list has them. */
  private list: FtraceOps[] = [];
  private isSettling = false;
  private whenSettled = new Set<() => void>();
  private readonly off: SiteTarget;
  /** What call sites with the same ops jump to. */
  private targets = new WeakMap<readonly FtraceOps[], SiteTarget>();
  private readonly readers: ReadonlyMap<bigint, FrameReader>;
  private readonly structs: GuestStructs;
  private readonly globalOps: Halves;
  private readonly graphOps: Halves;

  constructor(
    private readonly machine: Machine,
    program: Program,
    readonly model: Model,
    readonly trampoline: Trampoline,
  ) {
    const { memory } = machine;
    this.hooks = new HookTable(machine, this.makeRoom);
    this.globalOps = halvesOf(trampoline.addressOf(globalOps));
    this.graphOps = halvesOf(trampoline.addressOf('graph_ops'));
    this.structs = new GuestStructs(memory, trampoline.entries[0]!, opsStruct.size);
    this.off = { trampoline: trampoline.entries[0]!, ops: trampoline.addressOf('ftrace_nop_ops') };
    this.readers = new Map(model.entries.map(({ frame }, index) => [trampoline.entries[index]!, new FrameReader(memory, frame)]));
    const refused = [...program.refusedCallSites];
    const sites: TracedSite[] = [];
    for (const { name, address } of program.callSites) {
      const reason = model.prepare(memory, address, this.off);
      if (reason !== undefined) {
        refused.push({ name, address, reason });
        continue;
      }
      const ip = address + model.ipOffset;
      const site = new TracedSite(name, sites.length, address, ip, () => this.engineHits(site));
      sites.push(site);
      this.siteAt.set(address, site);
      this.siteOfIp.set(ip, site);
    }
    this.functions = this.sites = sites;
    this.refused = refused;
    const layouts = [model.entries[0].frame, model.entries[1]?.frame] as const;
    for (const name of tracers) this.setHook(name, () => this.hit(name), nativeTracer(name, layouts));
    this.setHook('call_direct_funcs', () => this.direct());
    this.setHook('ftrace_ops_test', () => this.test(), nativeOpsTest);
  }

  /** The function whose call site is at F. */
  functionAt(address: bigint): TraceableFunction | undefined {
    return this.siteAt.get(address);
  }

  functionOfIp(ip: bigint): TraceableFunction | undefined {
    return this.siteOfIp.get(ip);
  }

  /** The registered ops, newest first. */
  get registered(): readonly FtraceOps[] {
    return this.list;
  }

  /** The ops with that struct in the guest. */
  opsOf(address: bigint): FtraceOps | undefined {
    return this.opsAt.get(address);
  }

  /** A new ops, not registered. Throws FtraceError (EINVAL) where the model cannot give it the registers it wants. */
  create(options: OpsOptions): FtraceOps {
    if (options.saveRegs && this.model.entries.length < 2) {
      throw new FtraceError('EINVAL', `the model ${this.model.name} saves no full pt_regs (FTRACE_OPS_FL_SAVE_REGS)`);
    }
    const address = options.symbol === undefined ? this.structs.allocate() : this.trampoline.addressOf(options.symbol);
    const isRecorded = nativeTracerId(options.func) !== undefined;
    const ops = new FtraceOps(address, options, isRecorded ? this.machine.recorder.makeGroup() : 0);
    if (isRecorded) this.recorded.add(ops);
    return ops;
  }

  /** Gives the struct of an ops back, which must not be registered. */
  destroy(ops: FtraceOps): void {
    this.settle();
    this.recorded.delete(ops);
    this.machine.recorder.freeGroup(ops.group);
    if (ops.options.symbol === undefined) this.structs.release(ops.address);
  }

  /** `register_ftrace_function`. Throws FtraceError: EBUSY where it is registered, or where two ops want to modify one ip. */
  register(ops: FtraceOps): void {
    if (ops.registered) throw new FtraceError('EBUSY');
    if (this.opsAt.has(ops.address)) throw new FtraceError('EBUSY');
    this.checkModifiers(ops);
    ops.registered = true;
    this.opsAt.set(ops.address, ops);
    this.list = [ops, ...this.list];
    this.writeStruct(ops);
    this.change(() => this.apply(ops, () => false));
    this.settle();
  }

  /** `unregister_ftrace_function`: when it returns, no call of it is under way that would still count. Throws FtraceError (EINVAL). */
  unregister(ops: FtraceOps): void {
    if (!ops.registered) throw new FtraceError('EINVAL');
    ops.registered = false;
    this.opsAt.delete(ops.address);
    this.list = this.list.filter((each) => each !== ops);
    this.change(() => this.apply(ops, () => true));
  }

  /** Changes what an ops wants, registered or not (`ftrace_set_filter`). Throws FtraceError where a call site cannot be patched. */
  setFilter(ops: FtraceOps, filter: ReadonlyFunctionSet | undefined, notrace: ReadonlyFunctionSet = ops.notrace): void {
    const before = { filter: ops.filter, notrace: ops.notrace };
    ops.filter = filter;
    ops.notrace = notrace;
    if (ops.registered) this.change(() => this.apply(ops, (index) => passes(before, index)));
  }

  /** A set of functions of this program. */
  setOf(functions: Iterable<TraceableFunction> = []): FunctionSet {
    return new FunctionSet(this.sites, functions);
  }

  countHit(each: TraceableFunction): void {
    (each as TracedSite).counted++;
  }

  /**
   * What the engine does by itself at calls that are the ops's alone, without its callback: records them, for its `takeRecords`, or
   * nothing. The callback still gets the calls of `asked`.
   */
  setNative(ops: FtraceOps, what: EngineWork, asked: ReadonlyFunctionSet = ops.asked): void {
    this.settle();
    const id = nativeTracerId(ops.func);
    const recording = id !== undefined && { record: id, 'record with stack': id + withStack, switch: id + withSwitch }[what as string];
    const action = recording || (what === 'nothing' && id !== undefined ? groupAction.nothing : groupAction.callback);
    this.machine.recorder.setAction(ops.group, action);
    const changed = [...ops.asked, ...asked];
    ops.asked = asked;
    for (const { index } of changed) if (this.sites[index]!.ops.includes(ops)) this.publish(this.sites[index]!);
  }

  /** Lets the engine be a tracer by itself. */
  makeNative(name: TracerFunction, native: NativeHook): void {
    this.setHook(name, () => this.hit(name), native);
  }

  /** Puts the debugger behind a function of the trampolines. */
  setHook(name: string, callback: () => 'continue' | 'stop', native?: NativeHook): void {
    const call = native ? () => (this.makeRoom() ? 'again' : callback()) : callback;
    this.machine.setHook(this.trampoline.addressOf(name), call, { native, name });
  }

  /** Takes the engine's records where it may have left for want of room for one, and gives whether there is some now. */
  readonly makeRoom = (): boolean => {
    if (this.isSettling) return false;
    for (const { group } of this.recorded) {
      if (!this.machine.recorder.isNearlyFull(group)) continue;
      this.settle();
      return true;
    }
    return false;
  };

  /** Tells the engine anew whose the calls of an ops are: `usersOf` or `marksOf` of it has changed. */
  publishAll(ops: FtraceOps): void {
    this.settle();
    for (const site of this.sites) if (site.ops.includes(ops)) this.publish(site);
  }

  /** Hands out the records that the engine has made since the last time. To be called by whoever is about to look. */
  settle(): void {
    if (this.isSettling) return;
    this.isSettling = true;
    try {
      for (const source of this.recorded) {
        this.takeFrom(source);
        source.allTaken?.();
      }
      this.streams.flush();
      for (const settled of this.settleWatchers) settled();
    } finally {
      this.isSettling = false;
    }
    const { whenSettled } = this;
    if (whenSettled.size === 0) return;
    this.whenSettled = new Set();
    for (const action of whenSettled) action();
  }

  /** Takes the engine's records of a source, as `settle` does. */
  takeFrom(source: RecordSource): void {
    this.machine.recorder.takeAll(source.group, recordSize, (bytes, count) => source.takeRecords?.(bytes, count));
  }

  /** Does now, or once when all records are handed out, what chooses the engine's work. */
  choose(action: () => void): void {
    if (this.isSettling) this.whenSettled.add(action);
    else action();
  }

  /** The guest's clock: that of the present, or of the record that something is done of. */
  get now(): bigint {
    return this.streams.time ?? this.machine.instret;
  }

  /** Takes calls that the engine has recorded back from the hits of their functions: they were not kept. */
  uncount(records: Uint8Array): void {
    const view = new DataView(records.buffer, records.byteOffset, records.length);
    for (let at = 0; at < records.length; at += recordSize) {
      if (view.getUint32(at + recordField.type, true) !== recordType.function) continue;
      this.siteOfIp.get(view.getBigUint64(at + recordField.ip, true))!.counted--;
    }
  }

  /** Lets the engine make records elsewhere than at calls: they are taken with the others. */
  addSource(source: RecordSource): void {
    this.recorded.add(source);
    this.settle();
  }

  deleteSource(source: RecordSource): void {
    this.settle();
    this.recorded.delete(source);
  }

  /** The frame that a call of the function with that ip saves. */
  layoutAt(ip: bigint): FrameLayout {
    const site = this.siteOfIp.get(ip);
    return (site?.target && this.readers.get(site.target.trampoline)?.layout) ?? this.model.entries[0].frame;
  }

  /** Sets or clears FTRACE_OPS_FL_SAVE_REGS: its functions then go through the other trampoline. */
  setSaveRegs(ops: FtraceOps, on: boolean): void {
    if ((ops.options.saveRegs ?? false) === on) return;
    (ops.options as { saveRegs: boolean }).saveRegs = on;
    this.targets = new WeakMap();
    if (!ops.registered) return;
    this.writeStruct(ops);
    this.change(() => {
      for (const site of this.sites) {
        if (!site.ops.includes(ops)) continue;
        this.sync(site);
        this.publish(site);
      }
    });
  }

  /** `rec->flags` as `enabled_functions` shows them. */
  flagsOf(each: TraceableFunction) {
    const site = each as TracedSite;
    return {
      regs: site.target !== undefined && site.target.trampoline === this.trampoline.entries[1],
      ipModify: site.ops.some(({ options }) => options.ipModify ?? options.direct !== undefined),
      direct: site.ops.find(({ options }) => options.direct !== undefined)?.options.direct,
      ops: this.model.lead > 0 && site.ops.length === 1 ? site.ops[0] : undefined,
    };
  }

  /**
   * Gives an ops the call sites that it wants now and did not before, and takes from it those that it wants no more. What goes wrong
   * at some must not keep the others from being patched: the first failure is thrown at the end.
   */
  private apply(ops: FtraceOps, wanted: (index: number) => boolean): void {
    const alone = [ops];
    let failure: FtraceError | undefined;
    for (const site of this.sites) {
      const wants = ops.registered && passes(ops, site.index);
      if (wants === wanted(site.index) || wants === site.ops.includes(ops)) continue;
      try {
        if (wants) this.add(site, site.ops.length === 0 ? alone : [...site.ops, ops]);
        else this.remove(site, ops);
      } catch (error) {
        if (!(error instanceof FtraceError)) throw error;
        failure ??= error;
      }
    }
    if (failure) throw failure;
  }

  private add(site: TracedSite, all: readonly FtraceOps[]): void {
    const before = site.ops;
    site.ops = all;
    try {
      this.sync(site);
    } catch (error) {
      site.ops = before;
      throw error;
    }
    this.publish(site);
  }

  private remove(site: TracedSite, ops: FtraceOps): void {
    site.ops = site.ops.length === 1 ? nobody : site.ops.filter((each) => each !== ops);
    this.machine.recorder.clearKey({ first: site.key, second: ops.key });
    this.sync(site);
    this.publish(site);
  }

  /** Tells the engine whose calls these are. A tracer with users knows the frame of the first trampoline alone; the others are told which it is. */
  private publish(site: TracedSite): void {
    const frame = site.target ? this.trampoline.entries.indexOf(site.target.trampoline) : -1;
    for (const ops of site.ops) {
      const isKnown = ops.usersOf ? frame === 0 : frame >= 0;
      const group = isKnown && !ops.asked.has(site) ? ops.group : 0;
      const users = ops.usersOf?.(site) ?? Math.max(frame, 0);
      this.machine.recorder.setKey({ first: site.key, second: ops.key }, group, users, ops.marksOf?.(site));
    }
  }

  /** Calls that the engine has recorded for the top instance, whether or not its buffer had room. */
  private engineHits(site: TracedSite): number {
    this.settle();
    const { recorder } = this.machine;
    const hitsFor = (second: Halves) => recorder.hitsOf({ first: site.key, second });
    return hitsFor(this.globalOps) + hitsFor(this.graphOps);
  }

  /** Patches a call site to what its ops want of it. */
  private sync(site: TracedSite): void {
    const { memory } = this.machine;
    const target = this.targetOf(site);
    const was = site.target;
    if (was === target) return;
    if (was && target && was.trampoline === target.trampoline && was.ops === target.ops) return;
    if (was === undefined) this.model.makeCall(memory, site.address, target!);
    else if (target === undefined) this.model.makeNop(memory, site.address, was, this.off);
    else this.model.modifyCall(memory, site.address, was, target);
    this.patches++;
    site.target = target;
    site.enabled = target !== undefined;
    site.touched ||= site.enabled;
  }

  private targetOf({ ops }: TracedSite): SiteTarget | undefined {
    if (ops.length === 0) return undefined;
    const known = this.targets.get(ops);
    if (known) return known;
    const wantsRegs = ops.some(({ options }) => options.saveRegs ?? options.direct !== undefined);
    const [plain, regs] = this.trampoline.entries;
    const only = ops.length === 1 ? ops[0]!.address : this.trampoline.addressOf('ftrace_list_ops');
    const target = { trampoline: wantsRegs ? (regs ?? plain!) : plain!, ops: this.model.lead > 0 ? only : 0n };
    this.targets.set(ops, target);
    return target;
  }

  /** Runs a change of call sites as the kernel does: with every hart standing still where the model needs that. */
  private change(action: () => void): void {
    if (this.model.stopsMachine) {
      this.stops++;
      this.leave((pc) => this.siteAt.has(pc - 4n));
    }
    this.writeList();
    try {
      action();
    } finally {
      this.updateCallee();
    }
  }

  /**
   * Lets the hart go on until it stands at no place of that kind: between two instructions of which both are about to be written. A
   * kernel without preemption never stops a task there.
   */
  private leave(isBetween: (pc: bigint) => boolean): void {
    for (let steps = 0; steps < 16 && isBetween(this.machine.pc); steps++) this.machine.step();
  }

  /** Which tracer the trampolines that are not told by the call site call (`update_ftrace_function`). */
  private updateCallee(): void {
    const users = this.list.filter((ops) => this.isUsed(ops));
    const only = users.length === 1 ? users[0]! : undefined;
    const callee = only ? this.calleeOf(only) : this.trampoline.addressOf(users.length === 0 ? 'ftrace_stub' : 'arch_ftrace_ops_list_func');
    const points = this.trampoline.callPoints;
    if (points.length > 0) this.leave((pc) => points.includes(pc - 4n));
    this.trampoline.trace(callee, only?.address ?? this.trampoline.addressOf('ftrace_list_end'));
  }

  /** A registered ops without any function is in the list, but the kernel too keeps the stub for a filter of nothing. */
  private isUsed(ops: FtraceOps): boolean {
    return this.sites.some(({ index }) => passes(ops, index));
  }

  private calleeOf(ops: FtraceOps): bigint {
    return ops.options.recursion ? this.trampoline.addressOf('ftrace_ops_assist_func') : this.funcOf(ops);
  }

  private funcOf({ func, options }: FtraceOps): bigint {
    if (options.direct !== undefined) return this.trampoline.addressOf('call_direct_funcs');
    return typeof func === 'bigint' ? func : this.trampoline.addressOf(func);
  }

  private writeStruct(ops: FtraceOps): void {
    const { address, options } = ops;
    const flags = (options.saveRegs ? 4n : 0n) | (options.recursion ? 16n : 0n) | (options.ipModify ? 8192n : 0n);
    this.writeWord(address + BigInt(opsStruct.func), this.calleeOf(ops));
    this.writeWord(address + BigInt(opsStruct.flags), flags);
    this.writeWord(address + BigInt(opsStruct.savedFunc), this.funcOf(ops));
    this.writeWord(address + BigInt(opsStruct.directCall), options.direct ?? 0n);
  }

  /** Rewrites `struct ftrace_ops`'s func after a change of the tracer (options of the function tracer choose another). */
  retarget(ops: FtraceOps, func: TracerFunction): void {
    (ops.options as { func: TracerFunction }).func = func;
    if (!ops.registered) return;
    this.writeStruct(ops);
    this.updateCallee();
  }

  /** Links the list in the guest. An ops that left keeps its next, for a hart that is at it. */
  private writeList(): void {
    const end = this.trampoline.addressOf('ftrace_list_end');
    let next = end;
    for (const ops of [...this.list].reverse()) {
      this.writeWord(ops.address + BigInt(opsStruct.next), next);
      next = ops.address;
    }
    this.trampoline.writeWord('ftrace_ops_list', next);
  }

  private writeWord(address: bigint, value: bigint): void {
    this.machine.memory.write(address, new Uint8Array(new BigUint64Array([value]).buffer));
  }

  private checkModifiers(ops: FtraceOps): void {
    const modifies = (each: FtraceOps) => each.options.ipModify || each.options.direct !== undefined;
    if (!modifies(ops)) return;
    for (const other of this.list.filter(modifies)) {
      if (this.sites.some(({ index }) => passes(ops, index) && passes(other, index))) throw new FtraceError('EBUSY');
    }
  }

  /** The hart is about to execute the instruction at a tracer: the call's record is made, and its ops asked. */
  private hit(name: TracerFunction): 'continue' | 'stop' {
    const { machine } = this;
    const site = this.siteOfIp.get(machine.readX(a0));
    const ops = this.opsOfHit(machine.readX(a2), name);
    // A program may also jump here on its own, with anything in its registers; and a call may have been in the trampoline when
    // its function was turned off.
    if (!site || !ops?.options.callback || !site.ops.includes(ops)) return 'continue';
    const frame = machine.readX(a3);
    const reader = this.readers.get(site.target?.trampoline ?? 0n);
    if (!reader?.read(frame)) return 'continue';
    return ops.options.callback({ function: site, parentIp: machine.readX(a1), frame, layout: reader.layout, regs: reader.bytes, ops });
  }

  /** The trampoline may have read the op before it was changed to the one that is the only one now. */
  private opsOfHit(address: bigint, name: TracerFunction): FtraceOps | undefined {
    const told = this.opsAt.get(address);
    if (told?.func === name) return told;
    return this.model.lead === 0 ? this.list.find((each) => each.func === name && this.isUsed(each)) : undefined;
  }

  /** `call_direct_funcs`: asks the trampoline for a jump, in the frame's t1 (`arch_ftrace_set_direct_caller`). */
  private direct(): 'continue' {
    const { machine } = this;
    const site = this.siteOfIp.get(machine.readX(a0));
    const direct = site?.ops.find(({ options }) => options.direct !== undefined)?.options.direct;
    const t1 = site?.target && this.readers.get(site.target.trampoline)?.layout.field('t1');
    if (direct !== undefined && t1) this.writeWord(machine.readX(a3) + BigInt(t1.offset), direct);
    return 'continue';
  }

  private test(): 'continue' {
    const { machine } = this;
    const ops = this.opsAt.get(machine.readX(a0));
    const site = this.siteOfIp.get(machine.readX(a1));
    machine.writeX(a0, ops && site?.ops.includes(ops) ? 1n : 0n);
    return 'continue';
  }
}
