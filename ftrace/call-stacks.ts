import type { Machine } from '../emulator/machine';
import { halvesOf } from '../emulator/recorder/key-lookup';
import { mostCallers } from '../emulator/recorder/more-words';
import { ruleKey, type WalkRule, wordOfRule } from '../emulator/recorder/stack-walk';
import type { Program } from '../program/program';
import { type FrameRule, FrameRules } from '../program/unwind/frame-rules';
import { Unwinder, type UnwindFrame } from '../program/unwind/unwinder';
import { xNumber } from '../riscv/registers';
import type { OpsHit } from './ftrace-ops';
import type { Model } from './models/model';
import type { Trampoline } from './trampoline';

/** Frames of the trampolines and tracers that may be within those of the program. */
const mostOwn = 6;
/** Frames of a whole stack. */
export const deepest = 64;
const pageSize = 4096n;
/** Rules that the engine is told. */
const mostRules = 1 << 15;

/** The stacks of the guest: walked where the hart stands, and by the engine itself with the rules that it is told on the way. */
export class CallStacks {
  private readonly links: ReadonlyMap<bigint, number>;
  private readonly programs: readonly Program[];
  private rules: FrameRules;
  /** Called when what rules said may be wrong from now on. */
  onForget: () => void = () => {};
  /** The starts of the program's pages of code that may have changed by now: it made them writable, or took them away. */
  private readonly unsettled = new Set<bigint>();
  /** The pcs whose rules the engine has been told, or which have none. */
  private readonly told = { returnAddress: new Set<bigint>(), pc: new Set<bigint>() };

  constructor(
    private readonly machine: Machine,
    private readonly program: Program,
    private readonly trampoline: Trampoline,
    model: Model,
    /** The return address of a function whose caller is `return_to_handler`, by its sp at its entry. */
    private readonly trueReturn: (address: bigint, sp: bigint) => bigint,
  ) {
    this.links = new Map(model.entries.map(({ symbol }) => [trampoline.addressOf(symbol), xNumber('t0')!]));
    this.programs = [program, trampoline.program];
    this.rules = this.makeRules();
    machine.memory.permissionWatchers.add((address, size) => this.permissionsChanged(address, size));
  }

  /** The pcs of the stack as the hart stands, the innermost first. */
  get pcs(): readonly bigint[] {
    const frames = this.frames();
    this.tell(frames.slice(1));
    return frames.map(({ pc }) => pc);
  }

  /** By what rule the engine finds the caller at a pc where the hart may stand; `none` where there is none, undefined where it cannot. */
  ruleAt(pc: bigint): FrameRule | 'none' | undefined {
    return this.isSettledCode(pc) ? this.rules.ruleAt(pc, true) : undefined;
  }

  /** The frames of the stack as the hart stands, the innermost first. */
  frames(limit = deepest): readonly UnwindFrame[] {
    return [...this.unwinder.walk(this.innermost, limit)];
  }

  /**
   * The stack at a hit as the kernel's frame-pointer unwinder sees it: `ftrace_caller` builds no frame record, so that behind it comes
   * the caller's caller.
   */
  ofHit({ parentIp, function: { address } }: OpsHit): readonly bigint[] {
    const frames = this.frames(deepest + mostOwn);
    const caller = frames.findIndex(({ pc }) => pc === parentIp);
    const callers = caller < 0 ? [] : frames.slice(caller + 1, caller + 1 + mostCallers);
    if (caller >= 0) {
      this.tellRule('pc', address + 8n);
      this.tell(frames.slice(caller));
    }
    return this.withHead(callers.map(({ pc }) => pc));
  }

  /** What the callers that the engine has recorded are shown behind. */
  withHead(callers: readonly bigint[]): readonly bigint[] {
    return [this.head, ...callers];
  }

  /** Where the trampoline goes on behind its call of the tracer. */
  get head(): bigint {
    return (this.trampoline.callPoints[0] ?? this.trampoline.addressOf('ftrace_caller') + 0x5cn) + 8n;
  }

  private get innermost(): UnwindFrame {
    const { machine } = this;
    return { pc: machine.pc, exact: true, x: Array.from({ length: 32 }, (_, number) => machine.readX(number)) };
  }

  private get unwinder(): Unwinder {
    return new Unwinder(this.programs, this.machine.memory, { links: this.links, returnAddress: this.trueReturn });
  }

  /** Tells the engine the rules of frames that wait for calls, as far as there are any. */
  private tell(frames: readonly UnwindFrame[]): void {
    for (const { pc, exact } of frames) this.tellRule(exact ? 'pc' : 'returnAddress', pc);
    const last = frames.at(-1);
    const rule = !last || last.exact ? undefined : this.rules.ruleAt(last.pc, false);
    if (!last || rule === undefined || rule === 'none') return;
    const base = last.x[xNumber(rule.base)!];
    if (base === undefined || rule.returnAddress === undefined) return;
    const beyond = this.machine.memory.load(BigInt.asUintN(64, base + rule.distance + rule.returnAddress), 8);
    if (beyond !== undefined && !this.isCode(beyond)) this.put('returnAddress', beyond, { kind: 'foreign' });
  }

  private tellRule(kind: keyof typeof ruleKey, pc: bigint): void {
    if (this.told[kind].has(pc) || !this.isSettledCode(pc)) return;
    const rule = this.rules.ruleAt(pc, kind === 'pc');
    if (rule === 'none') this.put(kind, pc, { kind: 'last' });
    else if (rule) this.put(kind, pc, { kind: 'caller', ...rule });
    else this.told[kind].add(pc);
  }

  private put(kind: keyof typeof ruleKey, pc: bigint, rule: WalkRule): void {
    const { told } = this;
    if (told[kind].has(pc) || pc === 0n || told.pc.size + told.returnAddress.size >= mostRules) return;
    told[kind].add(pc);
    const word = wordOfRule(rule);
    if (word !== undefined) this.machine.recorder.setWord({ first: halvesOf(pc), second: halvesOf(ruleKey[kind]) }, word);
  }

  private makeRules(): FrameRules {
    return new FrameRules(this.programs, this.machine.memory, { links: this.links });
  }

  /** What is known of code ends when it can be written, and again when it cannot: it may be another then. */
  private permissionsChanged(address: bigint, size: bigint): void {
    const end = address + size;
    let isCode = false;
    for (const segment of this.program.segments) {
      if (!segment.permissions.execute) continue;
      const last = segment.address + segment.size < end ? segment.address + segment.size : end;
      for (let page = pageOf(segment.address > address ? segment.address : address); page < last; page += pageSize) {
        isCode = true;
        if (this.isWritableOrGone(page)) this.unsettled.add(page);
        else this.unsettled.delete(page);
      }
    }
    if (isCode) this.forget();
  }

  private isWritableOrGone(page: bigint): boolean {
    const region = this.machine.memory.regions.find(({ address, size }) => page >= address && page < address + size);
    return region === undefined || region.permissions.write;
  }

  private forget(): void {
    const { told } = this;
    for (const kind of ['returnAddress', 'pc'] as const) {
      for (const pc of told[kind]) this.machine.recorder.setWord({ first: halvesOf(pc), second: halvesOf(ruleKey[kind]) }, 0n);
      told[kind].clear();
    }
    this.rules = this.makeRules();
    this.onForget();
  }

  /** Code of the program that it cannot write to, so that what is known of it stays true. */
  private isSettledCode(pc: bigint): boolean {
    if (this.unsettled.has(pageOf(pc))) return false;
    return this.program.segments.some(
      ({ address, size, permissions }) => permissions.execute && !permissions.write && pc >= address && pc < address + size,
    );
  }

  private isCode(pc: bigint): boolean {
    return this.programs.some(({ segments }) =>
      segments.some(({ address, size, permissions }) => permissions.execute && pc >= address && pc < address + size),
    );
  }
}

function pageOf(address: bigint): bigint {
  return address - (address % pageSize);
}
