import type { RoutineName } from '../float/routine-types';
import type { CodeAlignment } from '../interpreter/interpreter-emitter';
import { hartAt, type LinearMemory, pageSize } from '../linear-memory';
import { type Expression, type I32, type I64, i32, i64 } from '../wasm/expression';
import { type FunctionBody, get, type Label, type Local } from '../wasm/function-body';
import { AccessPlan, type Check } from './access-plan';
import { type ExpectedAt, writeCheck } from './check-writer';
import { type Block, isBlock, type Step, startOf, type Target } from './control-flow';
import type { Region } from './find-region';
import { HartLocals } from './hart-locals';
import { RegionEmitter } from './region-emitter';
import { missing, openSlots, type RegionExit, regionExit } from './region-interface';
import { noRegisters, numbersIn, type RegisterSet, union, xBit, xBits } from './register-set';
import { RegisterUses } from './register-use';
import { settledRegisters } from './settled-registers';
import { StoredValues } from './stored-values';
import { WordRegisters, wordsAfter } from './words';

/** What writing a region needs to know of the machine. */
export interface Surroundings {
  readonly memory: LinearMemory;
  /**
   * Where the access that is checked at an offset is expected (`Sites.expect`). `isConstant` says that its base has the same value in
   * all of the region, or one near it.
   */
  expect(offset: number, check: Check, isConstant: boolean): ExpectedAt;
  /** The access at an offset must have a check of its own. */
  isNarrow(offset: number): boolean;
  /** The arithmetic at an offset is often not plain. */
  isSoft(offset: number): boolean;
  /** Where the indirect jump at an offset goes is still to be learnt. */
  isLearning(offset: number): boolean;
  /** The routines that the module imports, before its own functions, and which of all these the region is. */
  readonly routines: readonly RoutineName[];
  readonly functionIndex: number;
  readonly alignment: CodeAlignment;
  /** The indices of its tables. */
  readonly tables: { readonly own: number; readonly opened: number };
  /** The place in the module's own table of the region that begins at an offset. */
  placeOf(offset: number): number;
}

/** What is not in linear memory yet at some place of a region's code. */
interface Pending {
  /** Registers. */
  dirty: RegisterSet;
  /** Instructions that have retired and not been taken from the fuel. */
  retired: number;
  /** Registers whose values were just made of words, where only one way leads there. */
  extended?: number;
  /** What memory has of the region's own, where only one way leads there. */
  readonly stored?: StoredValues;
}

/** The end of several ways to the interpreter. */
interface Exit {
  label: Label;
  isUsed: boolean;
}

/** Why most ways lead to the interpreter. */
const usualExit = 'check' satisfies RegionExit;

/** Locals that hold what registers no longer do but memory does: each takes room in frames. */
const mostCopies = 32;

const zero = i32.constant(0);

/** Writes the function of a region. */
export function writeRegion(body: FunctionBody, region: Region, surroundings: Surroundings): void {
  new Writer(body, region, surroundings).write();
}

class Writer {
  readonly #body: FunctionBody;
  readonly #region: Region;
  readonly #around: Surroundings;
  readonly #memory: LinearMemory;
  readonly #hart: HartLocals;
  readonly #uses: RegisterUses;
  readonly #words: WordRegisters;
  readonly #plan: AccessPlan;
  readonly #fuel: Local<'i32'> = { type: 'i32', index: 0 };
  /** Bytes of the host's stack that are left, and those that this region takes: registers and values in between, estimated cautiously. */
  readonly #stack: Local<'i32'> = { type: 'i32', index: 1 };
  /** Registers that are written to linear memory where the region begins, and hold the same from there on. */
  readonly #settled: ReadonlyMap<number, bigint>;
  readonly #frame: number;
  readonly #target: Local<'i64'>;
  /** What calls give back, and the slot they go by: one local for all, so that frames stay small. */
  readonly #result: Local<'i64'>;
  readonly #at: Local<'i32'>;
  /** Registers that the region gives values that are not near those they had. */
  readonly #changed: RegisterSet;
  /** Where blocks that more than one way leads to begin, and the starts of loops. */
  readonly #labels = new Map<number, Label>();
  readonly #loops = new Map<number, Label>();
  /** Where ways to the interpreter meet, by the registers that are dirty on them. */
  readonly #exits = new Map<number | string, Exit>();
  /** Locals that hold what was stored. */
  #copies = 0;
  readonly #emitter: RegionEmitter;
  /** The step that is written, and what is pending before it. */
  #step: Step | undefined;
  #pending: Pending = { dirty: noRegisters, retired: 0 };
  /** On these ways: the difference between why the region is left and `usualExit`. */
  readonly #why: Local<'i32'>;

  constructor(body: FunctionBody, region: Region, surroundings: Surroundings) {
    this.#body = body;
    this.#region = region;
    this.#around = surroundings;
    this.#memory = surroundings.memory;
    this.#hart = new HartLocals(body);
    this.#settled = settledRegisters(region, (offset) => this.#memory.addressOf(offset));
    this.#uses = new RegisterUses(region.flow, xBits(this.#settled.keys()));
    this.#words = new WordRegisters(region.flow);
    this.#plan = new AccessPlan(region.flow, surroundings.isNarrow);
    this.#emitter = new RegionEmitter({
      ...{ body, hart: this.#hart, memory: this.#memory, alignment: surroundings.alignment },
      leave: (why) => this.#leave(this.#step!.offset, why, this.#pending),
      fuel: () => this.#fuelLess(this.#pending.retired),
      isSoft: (offset) => surroundings.isSoft(offset),
      routineIndex: (name) => surroundings.routines.indexOf(name),
    });
    this.#target = body.local('i64');
    this.#result = body.local('i64');
    this.#at = body.local('i32');
    this.#why = body.local('i32');
    const { used, changed } = summaryOf(region);
    this.#changed = changed;
    this.#frame = 200 + 16 * (numbersIn(used.x).length + numbersIn(used.f).length) + 2 * region.length;
  }

  write(): void {
    const { offset, length } = this.#region;
    const fuelIsLow = i32.ltS(get(this.#fuel), i32.constant(length));
    const low = i32.or(i32.sub(get(this.#fuel), i32.constant(length)), get(this.#stack));
    this.#body.if(i32.ltS(low, zero), () => {
      this.#body.store(zero, i32.constant(regionExit.fuel), hartAt.regionExit);
      this.#body.return(i64.or(this.#address(offset), i64.extendU(fuelIsLow)), get(this.#fuel));
    });
    for (const [register, value] of this.#settled) this.#body.store64(zero, i64.constant(value), hartAt.x + register * 8);
    this.#writeExits(this.#setsAtExits(), () => {
      this.#hart.load(union(this.#uses.at(0).live, this.#uses.always));
      this.#writeTree(0, { dirty: noRegisters, retired: 0 });
    });
    this.#body.unreachable();
  }

  /** The sets of dirty registers that several ways to the interpreter have in common. */
  #setsAtExits(): RegisterSet[] {
    const counts = new Map<number | string, { readonly set: RegisterSet; ways: number }>();
    this.#region.flow.blocks.forEach(({ steps }, index) => {
      let { dirty } = this.#uses.at(index);
      for (const [place, step] of steps.entries()) {
        if (this.#plan.before(index, place) || step.effects.asksPlain) {
          const key = keyOf(dirty);
          const known = counts.get(key);
          if (known) known.ways += 1;
          else counts.set(key, { set: dirty, ways: 1 });
        }
        dirty = this.#dirtyAfter(dirty, step);
      }
    });
    return [...counts.values()].filter(({ ways }) => ways > 1).map(({ set }) => set);
  }

  #dirtyAfter(dirty: RegisterSet, { written }: Step): RegisterSet {
    const { settled } = this.#uses;
    const x = dirty.x | (written.x & ~settled.x);
    const f = dirty.f | (written.f & ~settled.f);
    return x === dirty.x && f === dirty.f ? dirty : { x, f };
  }

  /** Writes what leaves, and behind it the ends of its ways to the interpreter. */
  #writeExits([dirty, ...others]: readonly RegisterSet[], write: () => void): void {
    if (!dirty) {
      write();
      return;
    }
    const exit = { label: { depth: 0 }, isUsed: false };
    this.#body.block((label) => {
      exit.label = label;
      this.#exits.set(keyOf(dirty), exit);
      this.#writeExits(others, write);
    });
    if (!exit.isUsed) return;
    this.#hart.store(dirty);
    this.#body.store(zero, i32.add(get(this.#why), i32.constant(regionExit[usualExit])), hartAt.regionExit);
    this.#body.return(get(this.#target), get(this.#fuel));
  }

  /** Writes a block and all that it dominates (Ramsey, "Beyond Relooper"). */
  #writeTree(index: number, pending: Pending): void {
    const { flow } = this.#region;
    const merges = flow.dominated(index).filter((child) => flow.isMerge(child));
    if (!flow.isLoop(index)) {
      this.#writeWithin(index, merges, pending);
      return;
    }
    const start = this.#settle(pending, this.#uses.at(index).dirty);
    this.#body.loop((label) => {
      this.#loops.set(index, label);
      this.#writeWithin(index, merges, start);
    });
  }

  #writeWithin(index: number, merges: readonly number[], pending: Pending): void {
    const last = merges.at(-1);
    if (last === undefined) {
      this.#writeBlock(index, pending);
      return;
    }
    this.#body.block((label) => {
      this.#labels.set(last, label);
      this.#writeWithin(index, merges.slice(0, -1), pending);
    });
    this.#writeTree(last, { dirty: this.#uses.at(last).dirty, retired: 0 });
  }

  #writeBlock(index: number, start: Pending): void {
    const block = this.#region.flow.blocks[index]!;
    const stored = start.stored?.copy() ?? new StoredValues(this.#hart, this.#copy);
    const pending = { dirty: start.dirty, retired: start.retired, stored, extended: start.extended ?? 0 };
    this.#pending = pending;
    let words = this.#words.at(index);
    const last = block.steps.length - 1;
    for (let place = 0; place <= last; place += 1) {
      const step = block.steps[place]!;
      this.#step = step;
      const found = step.hook ? undefined : stored.load(step);
      stored.before(step);
      this.#body.enterScope();
      const check = this.#plan.before(index, place);
      if (check) this.#writeCheck(step, check, pending);
      if (step.hook) this.#writeHook(step, step.hook, pending, stored);
      this.#emitter.write(step, found, step.hook ? 0 : words, pending.extended);
      words = wordsAfter(words, step);
      if (place === last) this.#keep(this.#emitter);
      this.#body.leaveScope();
      stored.after(step);
      pending.dirty = this.#dirtyAfter(pending.dirty, step);
      pending.retired += 1;
      pending.extended = (pending.extended & ~step.written.x) | (this.#emitter.extends ? xBit(step.instruction.rd) : 0);
    }
    this.#writeEnd(block, index, pending);
  }

  /** Does what a native hook says; where that settles nothing, leaves for the callback, before anything is done. */
  #writeHook({ offset, instruction }: Step, { native, guesses }: NonNullable<Step['hook']>, pending: Pending, stored: StoredValues): void {
    const body = this.#body;
    body.block((settled) => {
      body.block((unsettled) => {
        if (this.#around.alignment === 4 && instruction.meaning === 'jalr') {
          const target = i32.add(i32.wrap(this.#hart.x(instruction.rs1)), i32.constant(instruction.immediate));
          body.branchIf(unsettled, i32.and(target, i32.constant(2)));
        }
        native.write({
          body,
          memory: this.#memory,
          x: (register) => this.#hart.x(register),
          setX: (register, value) => this.#hart.setX(register, value),
          retired: i64.sub(i64.load(zero, hartAt.end), i64.extendU(this.#fuelLess(pending.retired))),
          guess: (register) => guesses.get(register),
          stored: (register, offset) => stored.find(register, offset),
          leave: () => body.branch(unsettled),
        });
        body.branch(settled);
      });
      this.#leave(offset, 'hook', pending);
    });
  }

  /** A value in a local of its own, as long as there are few. */
  readonly #copy = (value: I64): I64 | undefined => {
    if (this.#copies >= mostCopies) return undefined;
    this.#copies += 1;
    const local = this.#body.local('i64');
    this.#body.set(local, value);
    return get(local);
  };

  #condition: I32 | undefined;

  /** Keeps where the last step of a block goes, past the scope of its held values. */
  #keep({ going }: RegionEmitter): void {
    this.#condition = going.kind === 'branch' ? going.condition : undefined;
    if (going.kind === 'jump') this.#body.set(this.#target, going.target);
  }

  #writeEnd({ steps, end }: Block, index: number, pending: Pending): void {
    const last = steps.at(-1);
    switch (end.kind) {
      case 'goto':
        this.#goTo(end.to, index, pending);
        return;
      case 'branch':
        this.#body.if(
          this.#condition!,
          () => this.#goTo(end.taken, index, pending),
          () => this.#goTo(end.next, index, pending),
        );
        return;
      case 'call':
        this.#call(last!, end.callee, end.back, index, pending);
        return;
      case 'guess':
        this.#body.if(i64.ne(get(this.#target), this.#address(end.offset)), () => this.#jumpElsewhere(last!.offset, pending));
        this.#goTo(end.to, index, pending);
        return;
      case 'return': {
        const { expected } = end;
        if (!expected) {
          this.#jumpOut(last!.offset, get(this.#target), pending);
          return;
        }
        const other = i64.ne(get(this.#target), this.#address(expected.offset));
        this.#body.if(other, () => this.#jumpOut(last!.offset, get(this.#target), pending));
        this.#goTo(expected.to, index, pending);
        return;
      }
      case 'indirect':
        this.#jumpBy(last!, end.targets, index, pending);
        return;
      case 'leave':
        this.#leave(end.offset, end.why, pending);
    }
  }

  #goTo(target: Target, from: number, pending: Pending): void {
    if (!isBlock(target)) {
      this.#jumpOut(target.from, this.#address(target.outside), pending);
      return;
    }
    const { flow } = this.#region;
    const to = target.index;
    if (to <= from) {
      const { dirty } = this.#settle(pending, pending.dirty);
      this.#checkFuel(startOf(target), dirty);
      this.#body.branch(this.#loops.get(to)!);
    } else if (flow.isMerge(to)) {
      this.#settle(pending, pending.dirty);
      this.#body.branch(this.#labels.get(to)!);
    } else {
      this.#writeTree(to, pending);
    }
  }

  /** Takes what has retired from the fuel. */
  #settle({ retired }: Pending, dirty: RegisterSet): Pending {
    if (retired > 0) this.#body.set(this.#fuel, i32.sub(get(this.#fuel), i32.constant(retired)));
    return { dirty, retired: 0 };
  }

  #checkFuel(offset: number, dirty: RegisterSet): void {
    const isLow = i32.ltS(get(this.#fuel), i32.constant(this.#region.length));
    this.#body.if(isLow, () => this.#leave(offset, 'fuel', { dirty, retired: 0 }));
  }

  /** Calls the region at the callee, and goes on where it returns to the instruction after the call. */
  #call({ offset, instruction }: Step, callee: number | undefined, back: Target, index: number, pending: Pending): void {
    const returnTo = offset + instruction.length;
    const target = callee === undefined ? get(this.#target) : this.#address(callee);
    this.#hart.store(pending.dirty);
    const result = this.#result;
    const stack = this.#stackWithin;
    if (callee === this.#region.offset) {
      this.#body.call([result, this.#fuel], this.#around.functionIndex, this.#fuelLess(pending.retired), stack);
    } else if (callee === undefined) {
      this.#jumpToSlot(this.#lookUp(offset, pending.retired), pending.retired);
    } else {
      const place = i32.constant(this.#around.placeOf(callee));
      this.#body.callIndirect([result, this.#fuel], this.#around.tables.own, place, this.#fuelLess(pending.retired), stack);
    }
    const elsewhere = i64.ne(get(result), this.#address(returnTo));
    this.#body.if(elsewhere, () => {
      this.#body.if(i64.eq(get(result), i64.constant(missing)), () => {
        this.#body.store(zero, i32.constant(offset), hartAt.jumpFrom);
        this.#body.return(target, get(this.#fuel));
      });
      this.#body.return(get(result), get(this.#fuel));
    });
    this.#checkFuel(returnTo, noRegisters);
    const loaded = isBlock(back) ? this.#uses.at(back.index).live : noRegisters;
    this.#hart.load(union(loaded, this.#uses.always));
    this.#goTo(back, index, { dirty: noRegisters, retired: 0 });
  }

  /** Goes to where a step jumps: to one of the targets, or else on. */
  #jumpBy(step: Step, targets: readonly { readonly offset: number; readonly to: Target }[], index: number, pending: Pending): void {
    const known = targets.flatMap(({ offset, to }) => (isBlock(to) ? [{ offset, to }] : []));
    if (known.length === 0) {
      this.#jumpOn(step, pending);
      return;
    }
    this.#settle(pending, pending.dirty);
    const settled = { dirty: pending.dirty, retired: 0 };
    const lowest = Math.min(...known.map(({ offset }) => offset));
    const count = (Math.max(...known.map(({ offset }) => offset)) - lowest) / 2 + 1;
    const back = known.filter(({ to }) => to.index <= index);
    this.#body.block((elsewhere) => {
      const backLabels = new Map<Block, Label>();
      const writeTable = (): void => {
        const labels = Array.from({ length: count }, () => elsewhere);
        for (const { offset, to } of known) {
          labels[(offset - lowest) / 2] = backLabels.get(to) ?? this.#labels.get(to.index)!;
        }
        const distance = this.#body.hold(i64.sub(get(this.#target), this.#address(lowest)));
        this.#body.branchIf(elsewhere, i64.geU(distance, i64.constant(BigInt(2 * count))));
        this.#body.branchTable(labels, elsewhere, i32.shrU(i32.wrap(distance), i32.constant(1)));
      };
      const nest = ([one, ...others]: typeof back): void => {
        if (!one) {
          this.#body.scope(writeTable);
          return;
        }
        this.#body.block((label) => {
          backLabels.set(one.to, label);
          nest(others);
        });
        this.#checkFuel(one.offset, pending.dirty);
        this.#body.branch(this.#loops.get(one.to.index)!);
      };
      nest(back);
    });
    this.#jumpOn(step, settled);
  }

  /** Goes to where a step jumps: to the region there, or else out. */
  #jumpOn({ offset }: Step, { dirty, retired }: Pending): void {
    this.#hart.store(dirty);
    this.#jumpToSlot(this.#lookUp(offset, retired, this.#around.isLearning(offset)), retired);
    this.#body.return(get(this.#result), get(this.#fuel));
  }

  #jumpToSlot(slot: I32, retired: number): void {
    this.#body.callIndirect([this.#result, this.#fuel], this.#around.tables.opened, slot, this.#fuelLess(retired), this.#stackWithin);
  }

  /** The slot of the region at the target; leaves for there, with all registers stored, where there is none; the host may learn of it. */
  #lookUp(offset: number, retired: number, isLearning = false): I32 {
    const { base, size, pageTableAt, slotsAt, poolAt } = this.#memory;
    const at = this.#at;
    this.#body.block((found) => {
      this.#body.block((none) => {
        const wide = i64.sub(get(this.#target), i64.constant(base));
        this.#body.branchIf(none, i64.geU(wide, i64.constant(BigInt(size))));
        this.#body.set(at, i32.wrap(wide));
        const inPage = i32.and(get(at), i32.constant(pageSize - 1));
        const records = i32.load(i32.shl(i32.shrU(get(at), i32.constant(12)), i32.constant(2)), pageTableAt);
        this.#body.scope(() => {
          const held = this.#body.hold(records);
          this.#body.branchIf(none, i32.eqz(held));
          const place = i32.add(i32.shrU(i32.sub(held, i32.constant(poolAt)), i32.constant(3)), inPage);
          this.#body.set(at, i32.load16U(place, slotsAt));
        });
        this.#body.branchIf(found, i32.ltU(i32.sub(get(at), i32.constant(1)), i32.constant(openSlots - 1)));
        this.#body.if(get(at), () => this.#leaveToOpen(offset, retired));
      });
      this.#body.store(zero, i32.constant(offset), hartAt.jumpFrom);
      if (isLearning) this.#body.store(zero, i32.constant(regionExit.indirect), hartAt.regionExit);
      const target = isLearning ? this.#targetToLearn : get(this.#target);
      this.#body.return(target, this.#fuelLess(retired));
    });
    return get(at);
  }

  /** Leaves for where a step jumps, for the host to open the region there to such jumps. */
  #leaveToOpen(offset: number, retired: number): void {
    this.#body.store(zero, i32.constant(offset), hartAt.jumpFrom);
    this.#body.store(zero, i32.constant(regionExit.indirect), hartAt.regionExit);
    this.#body.return(i64.or(get(this.#target), i64.constant(1)), this.#fuelLess(retired));
  }

  /** Where a step jumps, for the host to learn of it: nothing is to be learnt of what is outside the window, and one such is `missing`. */
  get #targetToLearn(): I64 {
    const { base, size } = this.#memory;
    const isWithin = i64.ltU(i64.sub(get(this.#target), i64.constant(base)), i64.constant(BigInt(size)));
    return i64.or(get(this.#target), i64.extendU(isWithin));
  }

  /** Leaves for where a step jumps, which is not where that was guessed; the host may learn of it, and guess again. */
  #jumpElsewhere(from: number, { dirty, retired }: Pending): void {
    this.#hart.store(dirty);
    this.#body.store(zero, i32.constant(from), hartAt.jumpFrom);
    const isLearning = this.#around.isLearning(from);
    if (isLearning) this.#body.store(zero, i32.constant(regionExit.indirect), hartAt.regionExit);
    const target = isLearning ? this.#targetToLearn : get(this.#target);
    this.#body.return(target, this.#fuelLess(retired));
  }

  #jumpOut(from: number, target: I64, { dirty, retired }: Pending): void {
    this.#hart.store(dirty);
    this.#body.store(zero, i32.constant(from), hartAt.jumpFrom);
    this.#body.return(target, this.#fuelLess(retired));
  }

  /** Leaves for the interpreter before the instruction at an offset. */
  #leave(offset: number, why: RegionExit, pending: Pending): void {
    const { dirty, retired } = pending;
    const exit = this.#exits.get(keyOf(dirty));
    if (exit) {
      exit.isUsed = true;
      this.#settle(pending, dirty);
      this.#body.set(this.#target, i64.constant(this.#memory.signedAddressOf(offset + 1)));
      if (why !== usualExit) this.#body.set(this.#why, i32.constant(regionExit[why] - regionExit[usualExit]));
      this.#body.branch(exit.label);
      return;
    }
    this.#hart.store(dirty);
    this.#body.store(zero, i32.constant(regionExit[why]), hartAt.regionExit);
    this.#body.return(i64.constant(this.#memory.signedAddressOf(offset + 1)), this.#fuelLess(retired));
  }

  /** Leaves unless all bytes that the check covers may be accessed. */
  #writeCheck({ offset }: Step, check: Check, pending: Pending): void {
    const where = this.#around.expect(offset, check, !((this.#changed.x >>> check.base) & 1));
    writeCheck(this.#body, this.#memory, where, check, this.#hart.x(check.base), () => this.#leave(offset, 'check', pending));
  }

  #address(offset: number): I64 {
    return i64.constant(this.#memory.signedAddressOf(offset));
  }

  get #stackWithin(): I32 {
    return i32.sub(get(this.#stack), i32.constant(this.#frame));
  }

  #fuelLess(retired: number): Expression<'i32'> {
    return retired === 0 ? get(this.#fuel) : i32.sub(get(this.#fuel), i32.constant(retired));
  }
}

function keyOf({ x, f }: RegisterSet): number | string {
  return f === 0 ? x : `${x} ${f}`;
}

/** The registers that a region has to do with, and those that it gives values that are not near those they had. */
function summaryOf({ flow }: Region): { used: RegisterSet; changed: RegisterSet } {
  const used = { x: 0, f: 0 };
  const changed = { x: 0, f: 0 };
  for (const { steps } of flow.blocks) {
    for (const step of steps) {
      used.x |= step.read.x | step.written.x;
      used.f |= step.read.f | step.written.f;
      if (isIncrement(step)) continue;
      changed.x |= step.written.x;
      changed.f |= step.written.f;
    }
  }
  return { used, changed };
}

function isIncrement({ instruction: { meaning, rd, rs1 } }: Step): boolean {
  return meaning === 'addi' && rd === rs1;
}
