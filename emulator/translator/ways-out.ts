import { hartAt, type LinearMemory } from '../linear-memory';
import { type Expression, type I32, type I64, i32, i64 } from '../wasm/expression';
import { type FunctionBody, get, type Label, type Local } from '../wasm/function-body';
import type { Step } from './control-flow';
import { lookUpSlot } from './go-on';
import type { HartLocals } from './hart-locals';
import { isHuge, writeHuge } from './huge-region';
import { calledType, jumpsInRow, openSlots, type RegionExit, regionExit } from './region-interface';
import type { RegisterSet } from './register-set';
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

/** The end of several ways to the interpreter. */
interface Exit {
  label: Label;
  isUsed: boolean;
}

/** Why most ways lead to the interpreter. */
const usualExit = 'check' satisfies RegionExit;

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
  /** Where ways to the interpreter meet, by the registers that are dirty on them. */
  readonly #exits = new Map<number | string, Exit>();
  /** On these ways: the difference between why the region is left and `usualExit`. */
  readonly #why: Local<'i32'>;

  constructor(body: FunctionBody, hart: HartLocals, around: Surroundings, frame: number) {
    this.#body = body;
    this.#hart = hart;
    this.#around = around;
    this.#memory = around.memory;
    this.#frame = frame;
    this.target = body.local('i64');
    this.result = body.local('i64');
    this.#at = body.local('i32');
    this.#why = body.local('i32');
  }

  /** Leaves where the region begins, at an offset, unless there is fuel for all of its length and any stack. */
  checkEntry(offset: number, length: number): void {
    const fuelIsLow = i32.ltS(get(this.fuel), i32.constant(length));
    const low = i32.or(i32.sub(get(this.fuel), i32.constant(length)), get(this.#stack));
    this.#body.if(i32.ltS(low, zero), () => {
      // There is never less than none.
      if (isHuge(length)) this.#body.if(i32.ltS(get(this.fuel), zero), () => writeHuge(this.#body, this.fuel));
      this.#body.store(zero, i32.constant(regionExit.fuel), hartAt.regionExit);
      this.#body.return(i64.or(this.address(offset), i64.extendU(fuelIsLow)), get(this.fuel));
    });
  }

  /** Writes what leaves, and behind it the ends of its ways to the interpreter. */
  meet([dirty, ...others]: readonly RegisterSet[], write: () => void): void {
    if (!dirty) {
      write();
      return;
    }
    const exit = { label: { depth: 0 }, isUsed: false };
    this.#body.block((label) => {
      exit.label = label;
      this.#exits.set(keyOf(dirty), exit);
      this.meet(others, write);
    });
    if (!exit.isUsed) return;
    this.#hart.store(dirty);
    this.#body.store(zero, i32.add(get(this.#why), i32.constant(regionExit[usualExit])), hartAt.regionExit);
    this.#body.return(get(this.target), get(this.fuel));
  }

  /** Takes what has retired from the fuel. */
  settle({ retired }: Pending, dirty: RegisterSet): Pending {
    if (retired > 0) this.#body.set(this.fuel, i32.sub(get(this.fuel), i32.constant(retired)));
    return { dirty, retired: 0 };
  }

  /** Goes to where a step jumps: to the region there, or else out, as it does where too many such jumps have followed each other. */
  jumpOn({ offset }: Step, { dirty, retired }: Pending): void {
    this.#hart.store(dirty);
    const isLast = i32.eqz(i32.and(get(this.#stack), i32.constant(jumpsInRow)));
    this.#body.if(isLast, () => this.#leaveForTarget(offset, retired, false));
    this.#callBy(offset, retired, this.#around.isLearning(offset), i32.sub(get(this.#stack), i32.constant(this.#frame + 1)));
    this.#body.return(get(this.result), get(this.fuel));
  }

  /** Calls the region where a step jumps; leaves for there where there is none. */
  callBy(offset: number, retired: number): void {
    this.#callBy(offset, retired, false, this.stackWithin);
  }

  /** The same with the stack that is left; the host may learn of it. */
  #callBy(offset: number, retired: number, isLearning: boolean, stack: I32): void {
    const slot = this.#lookUp(offset, retired, isLearning);
    const called = { table: this.#around.tables.opened, type: calledType.region };
    this.#body.callIndirect([this.result, this.fuel], called, slot, this.fuelLess(retired), stack);
  }

  /** The slot of the region at the target; leaves for there, with all registers stored, where there is none; the host may learn of it. */
  #lookUp(offset: number, retired: number, isLearning: boolean): I32 {
    const at = this.#at;
    this.#body.block((found) => {
      this.#body.block((none) => {
        lookUpSlot(this.#body, this.#memory, this.target, at, none);
        this.#body.branchIf(found, i32.ltU(i32.sub(get(at), i32.constant(1)), i32.constant(openSlots - 1)));
        this.#body.if(get(at), () => this.#leaveToOpen(offset, retired));
      });
      this.#leaveForTarget(offset, retired, isLearning);
    });
    return get(at);
  }

  /** Leaves for where a step jumps, for the host to open the region there to such jumps. */
  #leaveToOpen(offset: number, retired: number): void {
    this.#body.store(zero, i32.constant(offset), hartAt.jumpFrom);
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
    this.#leaveForTarget(from, retired, this.#around.isLearning(from));
  }

  #leaveForTarget(from: number, retired: number, isLearning: boolean): void {
    this.#body.store(zero, i32.constant(from), hartAt.jumpFrom);
    if (isLearning) this.#body.store(zero, i32.constant(regionExit.indirect), hartAt.regionExit);
    this.#body.return(isLearning ? this.#targetToLearn : get(this.target), this.fuelLess(retired));
  }

  jumpOut(from: number, target: I64, { dirty, retired }: Pending): void {
    this.#hart.store(dirty);
    this.#body.store(zero, i32.constant(from), hartAt.jumpFrom);
    this.#body.return(target, this.fuelLess(retired));
  }

  /** Leaves for the interpreter before the instruction at an offset. */
  leave(offset: number, why: RegionExit, pending: Pending): void {
    const { dirty, retired } = pending;
    const exit = this.#exits.get(keyOf(dirty));
    if (exit) {
      exit.isUsed = true;
      this.settle(pending, dirty);
      this.#body.set(this.target, i64.constant(this.#memory.signedAddressOf(offset + 1)));
      if (why !== usualExit) this.#body.set(this.#why, i32.constant(regionExit[why] - regionExit[usualExit]));
      this.#body.branch(exit.label);
      return;
    }
    this.#hart.store(dirty);
    this.#body.store(zero, i32.constant(regionExit[why]), hartAt.regionExit);
    this.#body.return(i64.constant(this.#memory.signedAddressOf(offset + 1)), this.fuelLess(retired));
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

/** What tells sets of registers from each other. */
export function keyOf({ x, f }: RegisterSet): number | string {
  return f === 0 ? x : `${x} ${f}`;
}
