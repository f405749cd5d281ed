import type { BaseMnemonic } from '../../riscv/instruction-table';
import type { RoutineName } from '../float/routine-types';
import { isRelative } from '../interpreter/handlers';
import { permissionBits } from '../linear-memory';
import type { AccessSize, Emitter, FloatSource, Leaving, Semantics } from '../semantics/emitter';
import { semantics } from '../semantics/semantics';
import { type Expression, type F32, type F64, f32, f64, type I32, type I64, i32, i64, type ValueType } from '../wasm/expression';
import { bitwiseOperands, isWord } from '../wasm/words';
import type { RegionExit } from './region-interface';

/** What the semantics of an instruction do to the hart, as far as it does not depend on its operands. */
export interface Effects {
  readonly semantics: Semantics;
  readonly reads: ReadonlySet<'rs1' | 'rs2' | FloatSource>;
  readonly writes: 'rd' | 'frd' | undefined;
  /** What it gives rd: a word, sign-extended from 32 bits; a word where all registers that it reads hold words; or anything. */
  readonly result: 'word' | 'bits' | 'wide';
  readonly access: Access | undefined;
  /** Why the instruction cannot be part of a region. */
  readonly leaves: RegionExit | undefined;
  readonly goes: 'on' | 'branches' | 'jumps';
  /** It goes to its pc plus its immediate. */
  readonly isRelative: boolean;
  /** It asks whether it is plain (`Emitter.isPlain`). */
  readonly asksPlain: boolean;
  readonly usesCsr: boolean;
  /** The routines of the software arithmetic that it may call. */
  readonly routines: ReadonlySet<RoutineName>;
}

/** The memory that an instruction accesses: rs1, plus the immediate where it is displaced. */
export interface Access {
  readonly size: AccessSize;
  /** The permissions that it needs, of `permissionBits`. */
  readonly bits: number;
  readonly displaced: boolean;
}

/** The effects of an instruction, found by running its semantics on an emitter that only watches. */
export function effectsOf(meaning: BaseMnemonic): Effects {
  let effects = known.get(meaning);
  if (!effects) {
    const watcher = new Watcher();
    const does = semantics[meaning];
    does(watcher);
    effects = watcher.effects(does, isRelative(meaning));
    known.set(meaning, effects);
  }
  return effects;
}

const known = new Map<BaseMnemonic, Effects>();

const leaving = {
  'environment-call': 'environmentCall',
  breakpoint: 'breakpoint',
  'fence.i': 'fenceI',
  privileged: 'instruction',
} as const satisfies Record<Leaving, RegionExit>;

/** A value of 64 bits, and one of 32, sign-extended, of which nothing else is known. */
const unknown = i64.load(i32.constant(0));
const someWord = i64.extendS(i32.constant(0));

function leastCertain(one: Effects['result'], other: Effects['result']): Effects['result'] {
  if (one === 'wide' || other === 'wide') return 'wide';
  return one === 'bits' ? one : other;
}

class Watcher implements Emitter {
  readonly pc = unknown;
  readonly nextPc = unknown;
  readonly reservation = unknown;
  readonly immediate = i64.constant(0n);
  readonly #rs1 = i64.constant(0n);
  readonly #rs2 = i64.constant(0n);
  readonly #reads = new Set<'rs1' | 'rs2' | FloatSource>();
  #writes: Effects['writes'];
  #result: Effects['result'] = 'word';
  #access: Access | undefined;
  #leaves: Effects['leaves'];
  #goes: Effects['goes'] = 'on';
  #asksPlain = false;
  #usesCsr = false;
  readonly #routines = new Set<RoutineName>();

  effects(does: Semantics, isRelative: boolean): Effects {
    return {
      semantics: does,
      reads: this.#reads,
      writes: this.#writes,
      result: this.#result,
      access: this.#access,
      leaves: this.#leaves,
      goes: this.#goes,
      isRelative,
      asksPlain: this.#asksPlain,
      usesCsr: this.#usesCsr,
      routines: this.#routines,
    };
  }

  get rs1(): I64 {
    this.#reads.add('rs1');
    return this.#rs1;
  }

  get rs2(): I64 {
    this.#reads.add('rs2');
    return this.#rs2;
  }

  get csr(): I64 {
    this.#usesCsr = true;
    return unknown;
  }

  setCsr(): void {
    this.#usesCsr = true;
  }

  hold<T extends ValueType>(value: Expression<T>): Expression<T> {
    return value;
  }

  set(value: I64): void {
    this.#writes = 'rd';
    this.#result = leastCertain(this.#result, this.#resultOf(value));
  }

  if(_condition: I32, then: () => void, otherwise: () => void): void {
    then();
    otherwise();
  }

  load(address: I64, size: AccessSize, extension: 'signed' | 'unsigned'): I64 {
    this.#note(address, size, permissionBits.read);
    return size < 4 || (size === 4 && extension === 'signed') ? someWord : unknown;
  }

  store(address: I64, size: AccessSize): void {
    this.#note(address, size, permissionBits.write);
  }

  checkAtomic(address: I64, size: 4 | 8, access: 'load' | 'store'): void {
    this.#note(address, size, access === 'load' ? permissionBits.read : permissionBits.read | permissionBits.write);
  }

  checkTarget(): void {}

  checkCacheControl(): void {
    this.#leaves = 'instruction';
  }

  checkBlock(): void {
    this.#leaves = 'instruction';
  }

  reserve(): void {}

  branch(): void {
    this.#goes = 'branches';
  }

  jump(): void {
    this.#goes = 'jumps';
  }

  bits(source: FloatSource): I64 {
    this.#reads.add(source);
    return unknown;
  }

  double(source: FloatSource): F64 {
    this.#reads.add(source);
    return f64.constant(0);
  }

  single(source: FloatSource): F32 {
    this.#reads.add(source);
    return f32.constant(0);
  }

  setBits(): void {
    this.#writes = 'frd';
  }

  setDouble(): void {
    this.#writes = 'frd';
  }

  setSingle(): void {
    this.#writes = 'frd';
  }

  get isPlain(): I32 {
    this.#asksPlain = true;
    return i32.constant(0);
  }

  roundingMode(): I32 {
    return i32.constant(0);
  }

  raise(): void {}

  routine(name: RoutineName): I64 {
    this.#routines.add(name);
    return unknown;
  }

  leave(why: Leaving): void {
    this.#leaves = leaving[why];
  }

  #resultOf(value: I64): Effects['result'] {
    if (value === this.#rs1 || value === this.#rs2 || value === this.immediate) return 'bits';
    if (isWord(value)) return 'word';
    const operands = bitwiseOperands(value);
    return operands ? leastCertain(this.#resultOf(operands[0]), this.#resultOf(operands[1])) : 'wide';
  }

  #note(address: I64, size: AccessSize, bits: number): void {
    const displaced = address.first === this.#rs1 && address.second === this.immediate;
    if (!displaced && address !== this.#rs1) this.#leaves = 'instruction';
    this.#access = { size, bits: bits | (this.#access?.bits ?? 0), displaced };
  }
}
