import { dynamicRounding } from '../../riscv/rounding';
import { flag, type RoutineName, rounding, routineNames, signatureOf } from '../float/routine-types';
import { cacheControl, hartAt, hotCounters, type LinearMemory, permissionBits, recordSize } from '../linear-memory';
import type { AccessSize, CacheControl, Emitter, FloatSource, Leaving } from '../semantics/emitter';
import { semantics } from '../semantics/semantics';
import {
  callIndirect,
  type Expression,
  type F32,
  type F64,
  f32,
  f64,
  type I32,
  type I64,
  i32,
  i64,
  select,
  type ValueType,
} from '../wasm/expression';
import { type FunctionBody, get, type Label, type Local } from '../wasm/function-body';
import type { Handler } from './handlers';
import { atomicAccess, blockAccess, exit, recordField } from './record';
import { noteJump, noteNotPlain } from './seen';

/** Bytes that the addresses of instructions are multiples of: 4 without compressed code. */
export type CodeAlignment = 2 | 4;

/** The variables of the dispatch loop and the places that a handler ends at. */
export interface Loop {
  /** The record of the instruction that is executed. */
  readonly record: Local<'i32'>;
  /** The pc less an eighth of the record's address: the same for all records of a page. */
  readonly pcBias: Local<'i64'>;
  /** The address that `jump` goes to. */
  readonly target: Local<'i64'>;
  /** Instructions that may still be executed after this one. */
  readonly fuel: Local<'i32'>;
  readonly exit: Local<'i32'>;
  /** 1 where the target of `jump` may become hot by it. */
  readonly counted: Local<'i32'>;
  /** Executes `record`. */
  readonly next: Label;
  /** Goes to the instruction at `target`. */
  readonly jump: Label;
  /** Gives `exit` back to the host, before this instruction. */
  readonly leave: Label;
}

const zero = i32.constant(0);
/** Of how many jumps to cases one counts. */
const seldom = 16;
/** The bits in which the places of x1 and x5 differ. */
const returnRegisters = 8 * (1 ^ 5);
/** The NaN that operations give in single precision. */
const canonicalSingle = 0x7fc0_0000;

/** Writes one handler: the operands are read from the record at run time, registers are in linear memory. */
export class InterpreterEmitter implements Emitter {
  readonly #body: FunctionBody;
  readonly #loop: Loop;
  readonly #memory: LinearMemory;
  readonly #handler: Handler;
  readonly #alignment: CodeAlignment;
  /** What is written is done where arithmetic is not plain. */
  #isOtherwise = false;

  constructor(body: FunctionBody, loop: Loop, memory: LinearMemory, handler: Handler, alignment: CodeAlignment) {
    this.#body = body;
    this.#loop = loop;
    this.#memory = memory;
    this.#handler = handler;
    this.#alignment = alignment;
  }

  get rs1(): I64 {
    return i64.load(i32.load16U(get(this.#loop.record), recordField.rs1));
  }

  get rs2(): I64 {
    return i64.load(i32.load16U(get(this.#loop.record), recordField.rs2));
  }

  get immediate(): I64 {
    return i64.load32S(get(this.#loop.record), recordField.immediate);
  }

  get pc(): I64 {
    return pcOf(this.#loop);
  }

  get nextPc(): I64 {
    return i64.add(this.pc, i64.constant(BigInt(this.#handler.length)));
  }

  get reservation(): I64 {
    return i64.load(zero, hartAt.reservation);
  }

  get csr(): I64 {
    const shift = i32.load8U(get(this.#loop.record), recordField.csrShift);
    const mask = i32.load8U(get(this.#loop.record), recordField.csrMask);
    return this.#handler.csr === 'float' ? i64.extendU(i32.and(i32.shrU(this.#fcsr, shift), mask)) : this.#counter;
  }

  /** A counter is read-only: an instruction that would write one has been decoded as illegal. */
  setCsr(value: I64): void {
    if (this.#handler.csr !== 'float') return;
    const { record } = this.#loop;
    const shift = this.#body.hold(i32.load8U(get(record), recordField.csrShift));
    const mask = this.#body.hold(i32.load8U(get(record), recordField.csrMask));
    const bits = i32.shl(i32.and(i32.wrap(value), mask), shift);
    const others = i32.and(this.#fcsr, i32.xor(i32.shl(mask, shift), i32.constant(-1)));
    this.#body.store(zero, i32.or(others, bits), hartAt.fcsr);
  }

  get isPlain(): I32 {
    return i32.eq(i32.and(this.#fcsr, i32.load8U(get(this.#loop.record), recordField.plainMask)), i32.constant(flag.inexact));
  }

  bits(source: FloatSource): I64 {
    return i64.load(this.#placeOf(source));
  }

  double(source: FloatSource): F64 {
    return f64.load(this.#placeOf(source));
  }

  single(source: FloatSource): F32 {
    const place = this.#body.hold(this.#placeOf(source));
    const isBoxed = i32.eq(i32.load(place, 4), i32.constant(-1));
    return f32.reinterpret(select(isBoxed, i32.load(place), i32.constant(canonicalSingle)));
  }

  setBits(value: I64): void {
    this.set(value);
  }

  setDouble(value: F64): void {
    this.#body.storeF64(this.#destination, value);
  }

  setSingle(value: F32): void {
    this.set(i64.or(i64.extendU(i32.reinterpret(value)), i64.constant(-1n << 32n)));
  }

  roundingMode(): I32 {
    const inInstruction = this.#body.hold(i32.load8U(get(this.#loop.record), recordField.roundingMode));
    const isDynamic = i32.eq(inInstruction, i32.constant(dynamicRounding));
    const mode = this.#body.hold(select(isDynamic, i32.shrU(this.#fcsr, i32.constant(5)), inInstruction));
    this.#body.if(i32.gtU(mode, i32.constant(rounding.nearestMaximum)), () => this.#leave(exit.reservedRounding));
    return mode;
  }

  raise(flags: I32): void {
    this.#body.store(zero, i32.or(this.#fcsr, flags), hartAt.fcsr);
  }

  routine(name: RoutineName, ...operands: readonly Expression[]): I64 {
    if (this.#isOtherwise) noteNotPlain(this.#body, this.#memory, this.pc);
    const called = { table: 1, type: 1 + signatureOf(name) };
    return callIndirect('i64', called, i32.constant(routineNames.indexOf(name)), ...operands);
  }

  /** Retired instructions; this one has not retired, but its fuel is spent. */
  get #counter(): I64 {
    return i64.sub(i64.sub(i64.load(zero, hartAt.end), i64.extendU(get(this.#loop.fuel))), i64.constant(1n));
  }

  get #fcsr(): I32 {
    return i32.load(zero, hartAt.fcsr);
  }

  get #destination(): I32 {
    return i32.load16U(get(this.#loop.record), recordField.rd);
  }

  #placeOf(source: FloatSource): I32 {
    return i32.load16U(get(this.#loop.record), { frs1: recordField.rs1, frs2: recordField.rs2, frs3: recordField.rs3 }[source]);
  }

  hold<T extends ValueType>(value: Expression<T>): Expression<T> {
    return this.#body.hold(value);
  }

  set(value: I64): void {
    this.#body.store64(this.#destination, value);
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
    const offset = this.#check(address, size, permissionBits.read, exit.loadFault);
    const { windowAt } = this.#memory;
    const operation = loads[extension][size];
    return operation(offset, windowAt);
  }

  store(address: I64, size: AccessSize, value: I64): void {
    const offset = this.#check(address, size, permissionBits.write, exit.storeFault);
    this.#noteWritten(offset, size);
    this.#body.storeLow(size, offset, value, this.#memory.windowAt);
  }

  /** Notes the pages that are written, two where the bytes are in two. */
  #noteWritten(offset: I32, size: AccessSize): void {
    const { writtenAt } = this.#memory;
    if (writtenAt === undefined) return;
    for (const last of new Set([0, size - 1])) {
      this.#body.storeLow(1, i32.shrU(i32.add(offset, i32.constant(last)), i32.constant(12)), i64.constant(1n), writtenAt);
    }
  }

  checkAtomic(address: I64, size: 4 | 8, access: 'load' | 'store'): void {
    const fault = atomicAccess | (access === 'load' ? exit.loadFault : exit.storeFault);
    const held = this.#body.hold(address);
    const misaligned = i64.ne(i64.and(held, i64.constant(BigInt(size - 1))), i64.constant(0n));
    this.#body.if(misaligned, () => this.#fault(fault, held, size));
    const permissions = access === 'load' ? permissionBits.read : permissionBits.read | permissionBits.write;
    this.#check(held, size, permissions, fault);
  }

  checkBlock(address: I64): void {
    const { read, write } = permissionBits;
    this.#check(address, 1, read | write, blockAccess | exit.storeFault, 'any');
  }

  checkCacheControl(kind: CacheControl): void {
    const forbidden = i32.and(i32.load(zero, hartAt.forbidden), i32.constant(cacheControl[kind]));
    this.#body.if(forbidden, () => this.#leave(exit.privileged));
  }

  reserve(value: I64): void {
    this.#body.store64(zero, value, hartAt.reservation);
  }

  /** What goes on within its page goes to an instruction: the record says so only where there can be one. */
  checkTarget(target: I64): void {
    const { reach } = this.#handler;
    if (this.#alignment === 2 || reach === 'forward' || reach === 'backward') return;
    const held = this.#body.hold(target);
    this.#body.if(i32.wrap(i64.and(held, i64.constant(2n))), () => {
      this.#body.store64(zero, held, hartAt.faultValue);
      this.#leave(exit.misalignedTarget);
    });
  }

  branch(condition?: I32): void {
    if (!condition) this.#go();
    else {
      this.#body.if(condition, () => {
        this.checkTarget(i64.add(this.pc, this.immediate));
        this.#noteWay(recordField.taken);
        this.#go();
      });
      this.#noteWay(recordField.passed);
    }
  }

  /** The branch goes this way now. */
  #noteWay(field: typeof recordField.taken | typeof recordField.passed): void {
    this.#body.storeLow(2, get(this.#loop.record), i64.load32U(zero, hartAt.looks), field);
  }

  jump(target: I64): void {
    const { record, fuel } = this.#loop;
    const isCall = this.#body.hold(i32.ne(i32.load16U(get(record), recordField.rd), i32.constant(hartAt.scratch)));
    const by = i32.or(i32.load16U(get(record), recordField.rs1), i32.constant(returnRegisters));
    const isReturn = i32.eq(by, i32.constant(hartAt.x + 8 * 5));
    this.#body.if(i32.or(isCall, isReturn), () => this.#jump(target, isCall));
    // By another register than ra or t0 it goes to a case of a switch, whose loop should become hot before it, or on in an interpreter,
    // which has no other hot place: it counts seldom.
    noteJump(this.#body, this.#memory, this.pc, target);
    this.#jump(target, i32.eqz(i32.and(get(fuel), i32.constant(seldom - 1))));
  }

  leave(why: Leaving): void {
    this.#leave(exits[why]);
  }

  #go(): void {
    const { record, next, fuel } = this.#loop;
    const { reach } = this.#handler;
    if (reach === 'far') {
      this.#jump(i64.add(this.pc, this.immediate), i32.constant(1));
      return;
    }
    this.#body.set(record, i32.add(get(record), i32.load(get(record), recordField.immediate)));
    if (reach === 'backward') {
      countHot(this.#body, this.#memory, record, () => {
        // The branch has been executed, what it leads to has not.
        this.#body.set(fuel, i32.sub(get(fuel), i32.constant(1)));
        this.#leave(exit.hot);
      });
    }
    this.#body.branch(next);
  }

  #jump(target: I64, counted: I32): void {
    this.#body.set(this.#loop.target, target);
    this.#body.set(this.#loop.counted, counted);
    this.#body.branch(this.#loop.jump);
  }

  /**
   * Leaves with a fault unless all bytes may be accessed, with all of the permissions or any of them, and gives the offset of the
   * first in the window.
   */
  #check(address: I64, size: AccessSize, permissions: number, fault: number, wanted: 'all' | 'any' = 'all'): I32 {
    const { base, size: windowSize, permissionsAt } = this.#memory;
    const held = this.#body.hold(address);
    const wide = this.#body.hold(i64.sub(held, i64.constant(base)));
    const outside = i64.geU(wide, i64.constant(BigInt(windowSize)));
    this.#body.if(outside, () => this.#fault(fault, held, size));
    const offset = this.#body.hold(i32.wrap(wide));
    const permissionsOf = (place: I32) => i32.load8U(i32.shrU(place, i32.constant(12)), permissionsAt);
    const first = permissionsOf(offset);
    const granted = size === 1 ? first : i32.and(first, permissionsOf(i32.add(offset, i32.constant(size - 1))));
    const asked = i32.and(granted, i32.constant(permissions));
    const denied = wanted === 'any' ? i32.eqz(asked) : i32.ne(asked, i32.constant(permissions));
    this.#body.if(denied, () => this.#fault(fault, held, size));
    return offset;
  }

  #fault(fault: number, address: I64, size: AccessSize): void {
    this.#body.store64(zero, address, hartAt.faultValue);
    this.#leave(fault | (size << 8));
  }

  #leave(code: number): void {
    this.#body.set(this.#loop.exit, i32.constant(code));
    this.#body.branch(this.#loop.leave);
  }
}

/** Counts that the hart comes to `record`, and does `whenHot` when it has come there often. */
export function countHot(body: FunctionBody, { hotCountersAt }: LinearMemory, record: Local<'i32'>, whenHot: () => void): void {
  const counter = body.hold(i32.and(i32.shrU(get(record), i32.constant(2)), i32.constant(hotCounters * 4 - 4)));
  const left = body.hold(i32.sub(i32.load(counter, hotCountersAt), i32.constant(1)));
  body.store(counter, left, hotCountersAt);
  body.if(i32.eqz(left), whenHot);
}

/** The address of the instruction that is executed. */
export function pcOf({ record, pcBias }: Pick<Loop, 'record' | 'pcBias'>): I64 {
  return i64.add(i64.extendU(i32.shrU(get(record), i32.constant(3))), get(pcBias));
}

const exits = {
  'environment-call': exit.environmentCall,
  breakpoint: exit.breakpoint,
  'fence.i': exit.fenceI,
  privileged: exit.privileged,
} as const satisfies Record<Leaving, number>;

const loads = {
  signed: { 1: i64.load8S, 2: i64.load16S, 4: i64.load32S, 8: i64.load },
  unsigned: { 1: i64.load8U, 2: i64.load16U, 4: i64.load32U, 8: i64.load },
} as const;

/** Writes a handler, which ends with the next instruction's. */
export function writeHandler(body: FunctionBody, memory: LinearMemory, loop: Loop, handler: Handler, alignment: CodeAlignment): void {
  semantics[handler.meaning](new InterpreterEmitter(body, loop, memory, handler, alignment));
  body.set(loop.record, i32.add(get(loop.record), i32.constant((handler.length / 2) * recordSize)));
  body.branch(loop.next);
}
