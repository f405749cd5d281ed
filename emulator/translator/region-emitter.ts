import { dynamicRounding } from '../../riscv/rounding';
import { flag, type RoutineName, rounding } from '../float/routine-types';
import type { CodeAlignment } from '../interpreter/interpreter-emitter';
import { hartAt, type LinearMemory } from '../linear-memory';
import { floatCsrs } from '../semantics/csr-file';
import type { AccessSize, Emitter, FloatSource } from '../semantics/emitter';
import {
  asDouble,
  type Expression,
  type F32,
  type F64,
  f32,
  type I32,
  type I64,
  i32,
  i64,
  reinterpreted,
  select,
  type ValueType,
} from '../wasm/expression';
import type { FunctionBody } from '../wasm/function-body';
import { bitwiseOperands, comparedAsWords, isExtended, lowerHalf } from '../wasm/words';
import type { Step } from './control-flow';
import type { HartLocals } from './hart-locals';
import type { RegionExit } from './region-interface';
import type { Found } from './stored-values';
import { readsWords } from './words';

/** Where the hart goes after a step, as its semantics say. */
export type Going =
  | { readonly kind: 'on' }
  | { readonly kind: 'branch'; readonly condition: I32 | undefined }
  | { readonly kind: 'jump'; readonly target: I64 };

const zero = i32.constant(0);
const on: Going = { kind: 'on' };

/** What the steps of a region are written with. */
export interface Writing {
  readonly body: FunctionBody;
  readonly hart: HartLocals;
  readonly memory: LinearMemory;
  readonly alignment: CodeAlignment;
  /** Leaves the region for the interpreter before the step that is written. */
  leave(why: RegionExit): void;
  /** The fuel before that step. */
  fuel(): I32;
  /** The arithmetic at an offset is often not plain. */
  isSoft(offset: number): boolean;
  /** The result of a routine. */
  callRoutine(name: RoutineName, operands: readonly Expression[]): I64;
}

/** Writes the steps of a region, one after the other: operands are constants and locals. Accesses have been checked before. */
export class RegionEmitter implements Emitter {
  going: Going = on;
  /** The result of the step is made wider when it is written. */
  extends = false;
  #step!: Step;
  /** What the step loads, where that is known. */
  #stored: Found | undefined;
  /** Registers that hold words before the step, and those of them that were made wider when they were written. */
  #words = 0;
  #extended = 0;
  #isOtherwise = false;
  readonly #writing: Writing;
  readonly #body: FunctionBody;
  readonly #hart: HartLocals;
  readonly #memory: LinearMemory;

  constructor(writing: Writing) {
    this.#writing = writing;
    this.#body = writing.body;
    this.#hart = writing.hart;
    this.#memory = writing.memory;
  }

  /** Writes a step, of which it is known what it loads, and which registers hold words and were made wider. */
  write(step: Step, stored: Found | undefined, words: number, extended: number): void {
    this.going = on;
    this.extends = false;
    this.#step = step;
    this.#stored = stored;
    this.#words = words;
    this.#extended = extended;
    step.effects.semantics(this);
  }

  get pc(): I64 {
    return i64.constant(this.#memory.signedAddressOf(this.#step.offset));
  }

  get nextPc(): I64 {
    return i64.constant(this.#memory.signedAddressOf(this.#step.end));
  }

  get immediate(): I64 {
    return i64.constant(this.#step.instruction.immediate);
  }

  get rs1(): I64 {
    return this.#hart.x(this.#step.instruction.rs1);
  }

  get rs2(): I64 {
    return this.#hart.x(this.#step.instruction.rs2);
  }

  get reservation(): I64 {
    return i64.load(zero, hartAt.reservation);
  }

  get csr(): I64 {
    const inFloat = this.#floatCsr;
    if (inFloat) return i64.extendU(i32.and(i32.shrU(this.#fcsr, i32.constant(inFloat.shift)), i32.constant(inFloat.mask)));
    return i64.sub(i64.load(zero, hartAt.end), i64.extendU(this.#writing.fuel()));
  }

  /** A counter is read-only: an instruction that would write one is illegal. */
  setCsr(value: I64): void {
    const inFloat = this.#floatCsr;
    if (!inFloat) return;
    const { shift, mask } = inFloat;
    const others = i32.and(this.#fcsr, i32.constant(~(mask << shift)));
    const bits = i32.shl(i32.and(i32.wrap(value), i32.constant(mask)), i32.constant(shift));
    this.#body.store(zero, i32.or(others, bits), hartAt.fcsr);
  }

  get isPlain(): I32 {
    const { roundingMode } = this.#step.instruction;
    if (roundingMode !== dynamicRounding && roundingMode !== rounding.nearestEven) return i32.constant(0);
    const asked = flag.inexact | (roundingMode === dynamicRounding ? 0xe0 : 0);
    return i32.eq(i32.and(this.#fcsr, i32.constant(asked)), i32.constant(flag.inexact));
  }

  bits(source: FloatSource): I64 {
    return i64.reinterpret(this.double(source));
  }

  double(source: FloatSource): F64 {
    return this.#hart.f(this.#step.instruction[source]);
  }

  single(source: FloatSource): F32 {
    const bits = this.#body.hold(this.bits(source));
    const isBoxed = i64.geU(bits, i64.constant(boxed));
    return f32.reinterpret(select(isBoxed, i32.wrap(bits), i32.constant(canonicalSingle)));
  }

  setBits(value: I64): void {
    this.setDouble(asDouble(value));
  }

  setDouble(value: F64): void {
    this.#hart.setF(this.#step.instruction.frd, value);
  }

  setSingle(value: F32): void {
    this.setBits(i64.or(i64.extendU(i32.reinterpret(value)), i64.constant(boxed)));
  }

  roundingMode(): I32 {
    const { roundingMode } = this.#step.instruction;
    if (roundingMode !== dynamicRounding) return i32.constant(roundingMode);
    const mode = this.#body.hold(i32.shrU(this.#fcsr, i32.constant(5)));
    this.#body.if(i32.gtU(mode, i32.constant(rounding.nearestMaximum)), () => this.#writing.leave('rounding'));
    return mode;
  }

  raise(flags: I32): void {
    this.#body.store(zero, i32.or(this.#fcsr, flags), hartAt.fcsr);
  }

  /**
   * Calls a routine. Where one is called only when the engine's own operation does not do, and that is rare, the interpreter calls it:
   * a call makes all values around it expensive to keep.
   */
  routine(name: RoutineName, ...operands: readonly Expression[]): I64 {
    // It is called here and now, since what it raises counts also where the result goes to x0.
    if (!this.#isOtherwise || this.#writing.isSoft(this.#step.offset)) return this.hold(this.#writing.callRoutine(name, operands));
    this.#writing.leave('float');
    return i64.constant(0n);
  }

  get #fcsr(): I32 {
    return i32.load(zero, hartAt.fcsr);
  }

  get #floatCsr() {
    return floatCsrs.get(this.#step.instruction.csr);
  }

  hold<T extends ValueType>(value: Expression<T>): Expression<T> {
    return this.#body.hold(value);
  }

  set(value: I64): void {
    const isBitwise = this.#step.effects.result === 'bits' && bitwiseOperands(value);
    const written = isBitwise && this.#isBetterAsWords ? i64.extendS(lowerHalf(value)) : value;
    this.extends = isExtended(written);
    this.#hart.setX(this.#step.instruction.rd, written);
  }

  /** All registers that it reads hold words, of which one was made wider for nothing where only the lower half is used. */
  get #isBetterAsWords(): boolean {
    return (this.#step.read.x & this.#extended) !== 0 && readsWords(this.#words, this.#step);
  }

  if(condition: I32, then: () => void, otherwise: () => void): void {
    this.#body.if(condition, then, () => {
      const outer = this.#isOtherwise;
      this.#isOtherwise = true;
      otherwise();
      this.#isOtherwise = outer;
    });
  }

  load(address: I64, size: AccessSize, extension: 'signed' | 'unsigned'): I64 {
    const stored = this.#stored;
    if (stored && !stored.where) return stored.value;
    const { index, displacement } = this.#place();
    const loaded = loads[extension][size](index, displacement);
    return stored?.where ? this.#body.choose(i64.eq(address, stored.where), stored.value, loaded) : loaded;
  }

  store(_address: I64, size: AccessSize, value: I64): void {
    const { index, displacement } = this.#place();
    const double = reinterpreted(value);
    if (size === 8 && double) {
      this.#body.storeF64(index, double, displacement);
      return;
    }
    this.#body.storeLow(size, index, value, displacement);
  }

  checkAtomic(address: I64, size: 4 | 8): void {
    const misaligned = i64.ne(i64.and(address, i64.constant(BigInt(size - 1))), i64.constant(0n));
    this.#body.if(misaligned, () => this.#writing.leave('misaligned'));
  }

  /** What goes astray by its immediate is in no region. */
  checkTarget(target: I64): void {
    if (this.#writing.alignment === 2 || this.#step.effects.goes !== 'jumps') return;
    this.#body.if(i32.wrap(i64.and(target, i64.constant(2n))), () => this.#writing.leave('misaligned'));
  }

  checkCacheControl(): void {
    cannotBeHere();
  }

  reserve(value: I64): void {
    this.#body.store64(zero, value, hartAt.reservation);
  }

  branch(condition?: I32): void {
    const asWords = condition && this.#isBetterAsWords ? comparedAsWords(condition) : undefined;
    this.going = { kind: 'branch', condition: asWords ?? condition };
  }

  jump(target: I64): void {
    this.going = { kind: 'jump', target };
  }

  checkBlock(): void {
    cannotBeHere();
  }

  leave(): void {
    cannotBeHere();
  }

  /** The address of the step's access in linear memory. */
  #place(): { index: I32; displacement: number } {
    const { effects, instruction } = this.#step;
    const { windowAt, isLow, fromBase } = this.#memory;
    const displacement = (effects.access!.displaced ? instruction.immediate : 0) + fromBase;
    const address = i32.wrap(this.rs1);
    if (isLow) return { index: address, displacement: (windowAt + displacement) >>> 0 };
    return { index: i32.add(address, i32.constant(displacement)), displacement: windowAt };
  }
}

/** The upper bits of a register that holds a single. */
const boxed = -1n << 32n;
/** The NaN that operations give in single precision. */
const canonicalSingle = 0x7fc0_0000;

function cannotBeHere(): never {
  throw new Error('an instruction that no region can have is in one');
}

const loads = {
  signed: { 1: i64.load8S, 2: i64.load16S, 4: i64.load32S, 8: i64.load },
  unsigned: { 1: i64.load8U, 2: i64.load16U, 4: i64.load32U, 8: i64.load },
} as const;
