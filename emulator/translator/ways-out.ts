import { hartAt, type LinearMemory } from '../linear-memory';
import { type Expression, type I32, type I64, i32, i64 } from '../wasm/expression';
import { type FunctionBody, get, type Label, type Local } from '../wasm/function-body';
import { isDispatch, type Step } from './control-flow';
import type { Region } from './find-region';
import { lookUpSlot } from './go-on';
import type { HartLocals } from './hart-locals';
import { writeHuge } from './huge-region';
import { calledType, jumpsInRow, openSlots, type RegionExit, regionExit } from './region-interface';
import { keyOf, noRegisters, type RegisterSet } from './register-set';
import type { StoredValues } from './stored-values';
import type { Surroundings } from './surroundings';

/** What is not in linear memory yet at some place of a region's code. */
export interface Pending {
  /** Registers. */
  dirty: RegisterSet;
  /** Instructions that have retired and not been taken from the fuel. */
  retired: number;
  /** Registers whose values were just made of words, where only one way leads there. */
  extended?: number;
  /** What memory has of the region's own, where only one way leads there. */
  readonly stored?: StoredValues;
}

/** Why most ways lead to the interpreter. */
const usualExit = 'check' satisfies RegionExit;

/** Ways out that a region has at least for them to have numbers. */
const fewestWays = 4;

/**
 * A way that has one of 64 bits has little more, and the engine one value to keep. Lowest are the instructions that have retired, in as
 * many bits as the region's length has; then how far it goes from an instruction, in bytes and as a branch can, or 1 for the interpreter
 * to go on there; then half of how far that instruction is from where the region begins.
 */
const bitsOfReach = 14;
const reach = 2 ** (bitsOfReach - 1);
/** Bytes between a region's beginning and its instructions whose ways are told so. */
const farthest = 2 ** 24;

/** On ways with numbers what leads to other regions by tail calls has the place of that after this, instead of why the region is left. */
const afterReasons = 16;

const zero = i32.constant(0);

/** Writes the ways out of a region: to the interpreter, and to where it jumps. Registers are in linear memory then. */
export class WaysOut {
  readonly fuel: Local<'i32'> = { type: 'i32', index: 0 };
  /** Where a step jumps, and what calls give back: one local for all, so that frames stay small. */
  readonly target: Local<'i64'>;
  readonly result: Local<'i64'>;
  readonly #body: FunctionBody;
  readonly #hart: HartLocals;
  readonly #around: Surroundings;
  readonly #memory: LinearMemory;
  /** Bytes of the host's stack that are left, and those that this region takes. */
  readonly #stack: Local<'i32'> = { type: 'i32', index: 1 };
  readonly #frame: number;
  /** The slot that a jump goes by. */
  readonly #at: Local<'i32'>;
  /** The offset of the jump that led to the block that dispatches, where the region has one. */
  readonly #jumped: Local<'i32'> | undefined;
  /** Where ways with numbers meet, by the registers that are dirty on them. */
  readonly #exits = new Map<number | string, Label>();
  /** On these ways: which it is, and the difference between why the region is left for the interpreter and `usualExit`. */
  readonly #way: Local<'i64'>;
  readonly #why: Local<'i32'>;
  /** Whether any of them goes on by a tail call. */
  #goesOn = false;
  /** Where the region begins, and the bits of a way's number that tell what has retired. */
  readonly #start: number;
  readonly #bitsOfRetired: number;

  constructor(body: FunctionBody, hart: HartLocals, around: Surroundings, region: Region, frame: number) {
    const { flow, offset, length } = region;
    this.#body = body;
    this.#hart = hart;
    this.#around = around;
    this.#memory = around.memory;
    this.#frame = frame;
    const hasEntries = region.entries.length > 0;
    this.target = hasEntries ? { type: 'i64', index: 2 } : body.local('i64');
    this.#jumped = isDispatch(flow.blocks[0]!) ? body.local('i32') : undefined;
    this.result = body.local('i64');
    this.#at = body.local('i32');
    this.#way = this.target;
    this.#why = body.local('i32');
    this.#start = offset;
    this.#bitsOfRetired = 32 - Math.clz32(length);
  }

  /** Leaves where the region begins, at an offset or at the target, unless there is fuel for all of its length and any stack. */
  checkEntry(offset: number | undefined, length: number, isHuge: boolean): void {
    const fuelIsLow = i32.ltS(get(this.fuel), i32.constant(length));
    const low = i32.or(i32.sub(get(this.fuel), i32.constant(length)), get(this.#stack));
    this.#body.if(i32.ltS(low, zero), () => {
      // There is never less than none.
      if (isHuge) this.#body.if(i32.ltS(get(this.fuel), zero), () => writeHuge(this.#body, this.fuel));
      this.#body.store(zero, i32.constant(regionExit.fuel), hartAt.regionExit);
      const at = offset === undefined ? get(this.target) : this.address(offset);
      this.#body.return(i64.or(at, i64.extendU(fuelIsLow)), get(this.fuel));
    });
  }

  /** Writes what leaves, and behind it what its ways have in common: where many have, as ways with a number; the sets are of several each. */
  meet(sets: readonly RegisterSet[], ways: number, write: () => void): void {
    if (ways < fewestWays) {
      write();
      return;
    }
    const end = this.#body.enterBlock();
    this.#exits.set(keyOf(noRegisters), end);
    for (const dirty of sets) this.#exits.set(keyOf(dirty), this.#body.enterBlock());
    write();
    for (let index = sets.length - 1; index >= 0; index -= 1) {
      this.#body.leaveBlock();
      this.#hart.store(sets[index]!);
      this.#body.branch(end);
    }
    this.#body.leaveBlock();
    this.#body.scope(() => this.#goOut());
  }

  /** Goes where the number of a way says. */
  #goOut(): void {
    const body = this.#body;
    const { tables } = this.#around.linkage;
    const way = get(this.#way);
    const place = i64.shrS(way, i64.constant(this.#bitsOfRetired));
    const from = body.hold(i64.shl(i64.shrS(place, i64.constant(bitsOfReach)), i64.constant(1)));
    const distance = i64.sub(i64.and(place, i64.constant(2 * reach - 1)), i64.constant(reach));
    const retired = i32.and(i32.wrap(way), i32.constant(2 ** this.#bitsOfRetired - 1));
    const to = i64.add(i64.add(from, distance), this.address(this.#start));
    const fuel = i32.sub(get(this.fuel), retired);
    body.store(zero, i32.add(i32.wrap(from), i32.constant(this.#start)), hartAt.jumpFrom);
    if (this.#goesOn) {
      const place = i32.sub(get(this.#why), i32.constant(afterReasons));
      body.if(i32.geS(place, zero), () => this.#goOn(tables.own, place, to, fuel));
    }
    body.store(zero, i32.add(get(this.#why), i32.constant(regionExit[usualExit])), hartAt.regionExit);
    body.return(to, fuel);
  }

  /** Goes on at an address by a tail call of what is in that place of a table. */
  #goOn(table: number, place: I32, to: I64, fuel: I32): void {
    this.#body.store64(zero, to, hartAt.pc);
    this.#body.tailCallIndirect({ table, type: calledType.region }, place, fuel, get(this.#stack));
  }

  /**
   * Leaves the instruction at `from` by a way with a number, for `to` or one below it; for `to` by a tail call where `why` is a place of the
   * module's table. False where there can be none.
   */
  #leaveBy(from: number, to: number, why: RegionExit | number, { dirty, retired }: Pending): boolean {
    const end = this.#exits.get(keyOf(noRegisters));
    const distance = to - from;
    const fromStart = from - this.#start;
    if (!end || Math.abs(distance) >= reach || Math.abs(fromStart) >= farthest) return false;
    const exit = this.#exits.get(keyOf(dirty));
    if (!exit) this.#hart.store(dirty);
    const place = (fromStart / 2) * 2 ** bitsOfReach + distance + reach;
    this.#body.set(this.#way, i64.constant(place * 2 ** this.#bitsOfRetired + retired));
    if (typeof why === 'number') {
      this.#body.set(this.#why, i32.constant(afterReasons + why));
      this.#goesOn = true;
    } else if (why !== usualExit) this.#body.set(this.#why, i32.constant(regionExit[why] - regionExit[usualExit]));
    this.#body.branch(exit ?? end);
    return true;
  }

  /** Takes what has retired from the fuel. */
  settle({ retired }: Pending, dirty: RegisterSet): Pending {
    this.take(retired);
    return { dirty, retired: 0 };
  }

  /** Takes so many instructions from the fuel, or gives them back where they are less than none. */
  take(retired: number): void {
    if (retired !== 0) this.#body.set(this.fuel, i32.sub(get(this.fuel), i32.constant(retired)));
  }

  /** The block that dispatches is led to by the jump at an offset. */
  noteJump(offset: number): void {
    this.#body.set(this.#jumped!, i32.constant(offset));
  }

  /**
   * Goes to where a step jumps, or that which led to the block that dispatches, where there are several: to the region there, or else out,
   * as it does without tail calls where too many such jumps have followed each other.
   */
  jumpOn(jumps: readonly Step[], isDispatch: boolean, { dirty, retired }: Pending): void {
    const from = isDispatch ? get(this.#jumped!) : i32.constant(jumps[0]!.offset);
    const isLearning = jumps.some(({ offset }) => this.#around.isLearning(offset));
    this.#hart.store(dirty);
    const { tables, tailCalls } = this.#around.linkage;
    if (tailCalls) {
      const slot = this.#lookUp(from, retired, isLearning);
      this.#goOn(tables.opened, slot, get(this.target), this.fuelLess(retired));
      return;
    }
    const isLast = i32.eqz(i32.and(get(this.#stack), i32.constant(jumpsInRow)));
    this.#body.if(isLast, () => this.#leaveForTarget(from, retired, false));
    this.#callBy(from, retired, isLearning, i32.sub(get(this.#stack), i32.constant(this.#frame + 1)));
    this.#body.return(get(this.result), get(this.fuel));
  }

  /** Calls the region where a step jumps; leaves for there where there is none. */
  callBy(offset: number, retired: number): void {
    this.#callBy(i32.constant(offset), retired, false, this.stackWithin);
  }

  /** The same with the stack that is left; the host may learn of it. */
  #callBy(from: I32, retired: number, isLearning: boolean, stack: I32): void {
    const slot = this.#lookUp(from, retired, isLearning);
    const called = { table: this.#around.linkage.tables.opened, type: calledType.region };
    this.#body.store64(zero, get(this.target), hartAt.pc);
    this.#body.callIndirect([this.result, this.fuel], called, slot, this.fuelLess(retired), stack);
  }

  /** The slot of the region at the target; leaves for there, with all registers stored, where there is none; the host may learn of it. */
  #lookUp(from: I32, retired: number, isLearning: boolean): I32 {
    const at = this.#at;
    this.#body.block((found) => {
      this.#body.block((none) => {
        lookUpSlot(this.#body, this.#memory, this.target, at, none);
        this.#body.branchIf(found, i32.ltU(i32.sub(get(at), i32.constant(1)), i32.constant(openSlots - 1)));
        this.#body.if(get(at), () => this.#leaveToOpen(from, retired));
      });
      this.#leaveForTarget(from, retired, isLearning);
    });
    return get(at);
  }

  /** Leaves for where a step jumps, for the host to open the region there to such jumps. */
  #leaveToOpen(from: I32, retired: number): void {
    this.#body.store(zero, from, hartAt.jumpFrom);
    this.#body.store(zero, i32.constant(regionExit.indirect), hartAt.regionExit);
    this.#body.return(i64.or(get(this.target), i64.constant(1)), this.fuelLess(retired));
  }

  /** Where a step jumps, for the host to learn of it: nothing is to be learnt of what is outside the window, and one such is `missing`. */
  get #targetToLearn(): I64 {
    const { base, size } = this.#memory;
    const isWithin = i64.ltU(i64.sub(get(this.target), i64.constant(base)), i64.constant(BigInt(size)));
    return i64.or(get(this.target), i64.extendU(isWithin));
  }

  /** Leaves for where a step jumps, which is not where that was guessed; the host may learn of it, and guess again. */
  jumpElsewhere(from: number, { dirty, retired }: Pending): void {
    this.#hart.store(dirty);
    this.#leaveForTarget(i32.constant(from), retired, this.#around.isLearning(from));
  }

  #leaveForTarget(from: I32, retired: number, isLearning: boolean): void {
    this.#body.store(zero, from, hartAt.jumpFrom);
    if (isLearning) this.#body.store(zero, i32.constant(regionExit.indirect), hartAt.regionExit);
    this.#body.return(isLearning ? this.#targetToLearn : get(this.target), this.fuelLess(retired));
  }

  /** Goes from an instruction to an offset outside of the region. */
  goOutside(from: number, to: number, pending: Pending): void {
    const place = this.#around.linkage.placeToGoOn(to);
    if (this.#leaveBy(from, to, place ?? usualExit, pending)) return;
    if (place === undefined) {
      this.jumpOut(from, this.address(to), pending);
      return;
    }
    this.#hart.store(pending.dirty);
    this.#body.store(zero, i32.constant(from), hartAt.jumpFrom);
    const { own } = this.#around.linkage.tables;
    this.#goOn(own, i32.constant(place), this.address(to), this.fuelLess(pending.retired));
  }

  jumpOut(from: number, target: I64, { dirty, retired }: Pending): void {
    this.#hart.store(dirty);
    this.#body.store(zero, i32.constant(from), hartAt.jumpFrom);
    this.#body.return(target, this.fuelLess(retired));
  }

  /** Leaves for the interpreter before the instruction at an offset. */
  leave(offset: number, why: RegionExit, pending: Pending): void {
    if (this.#leaveBy(offset, offset + 1, why, pending)) return;
    const { dirty, retired } = pending;
    this.#hart.store(dirty);
    this.#body.store(zero, i32.constant(regionExit[why]), hartAt.regionExit);
    this.#body.return(i64.constant(this.#memory.signedAddressOf(offset + 1)), this.fuelLess(retired));
  }

  /** Leaves for the interpreter at the target of the jump that led to the block that dispatches. */
  leaveAtTarget(why: RegionExit, dirty: RegisterSet): void {
    this.#hart.store(dirty);
    this.#body.store(zero, get(this.#jumped!), hartAt.jumpFrom);
    this.#body.store(zero, i32.constant(regionExit[why]), hartAt.regionExit);
    this.#body.return(i64.or(get(this.target), i64.constant(1)), get(this.fuel));
  }

  address(offset: number): I64 {
    return i64.constant(this.#memory.signedAddressOf(offset));
  }

  get stackWithin(): I32 {
    return i32.sub(get(this.#stack), i32.constant(this.#frame));
  }

  fuelLess(retired: number): Expression<'i32'> {
    return retired === 0 ? get(this.fuel) : i32.sub(get(this.fuel), i32.constant(retired));
  }
}
