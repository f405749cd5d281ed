import { evaluateNumber } from '../dwarf/location/evaluate-location';
import { isFloatKeptByCalls, isKeptByCalls, sp } from './abstract-state';
import type { CallFrameRules, FrameAddressRule, RegisterRule } from './call-frame-program';
import type { UnwindMemory } from './instruction-at';
import type { UnwindFrame } from './unwinder';

/** What frame rules make of a frame. */
export interface RestoredCaller {
  /** `none` in the outermost function; undefined where the return address is lost. */
  readonly caller: UnwindFrame | 'none' | undefined;
  /** The canonical frame address. */
  readonly cfa: bigint;
}

/** Applies frame rules; undefined where the frame address cannot be told. */
export function restoreCaller(rules: CallFrameRules, frame: UnwindFrame, memory: UnwindMemory): RestoredCaller | undefined {
  const restoring = new Restoring(rules, frame, memory);
  const cfa = restoring.frameAddress(rules.frameAddress);
  return cfa === undefined ? undefined : { cfa, caller: restoring.caller(cfa) };
}

const firstFloat = 32;

class Restoring {
  constructor(
    private readonly rules: CallFrameRules,
    private readonly frame: UnwindFrame,
    private readonly memory: UnwindMemory,
  ) {}

  frameAddress(rule: FrameAddressRule): bigint | undefined {
    if (rule.kind === 'expression') return this.evaluate(rule.expression);
    const base = this.register(rule.register);
    return base === undefined ? undefined : BigInt.asUintN(64, base + rule.offset);
  }

  caller(cfa: bigint): RestoredCaller['caller'] {
    const { rules, frame } = this;
    if (rules.registers.get(rules.returnColumn)?.kind === 'undefined') return 'none';
    const pc = this.returnAddress(cfa);
    if (pc === undefined) return undefined;
    const x = frame.x.map((_, register) => (register === 0 ? 0n : this.restored(register, cfa)));
    const f = frame.f?.map((_, register) => this.restored(firstFloat + register, cfa));
    return { pc, exact: rules.isSignalFrame, x, f, savedAt: this.savedAt(cfa) };
  }

  /** A leaf function has it where the call put it. */
  private returnAddress(cfa: bigint): bigint | undefined {
    const { returnColumn, registers } = this.rules;
    const rule = registers.get(returnColumn);
    if (rule && rule.kind !== 'same') return this.follow(rule, returnColumn, cfa);
    return this.frame.exact ? this.register(returnColumn) : undefined;
  }

  private restored(register: number, cfa: bigint): bigint | undefined {
    const rule = this.rules.registers.get(register);
    if (rule) return this.follow(rule, register, cfa);
    if (register === sp) return cfa;
    const kept = register < firstFloat ? isKeptByCalls(register) : isFloatKeptByCalls(register - firstFloat);
    return kept || this.rules.isSignalFrame ? this.register(register) : undefined;
  }

  private follow(rule: RegisterRule, register: number, cfa: bigint): bigint | undefined {
    switch (rule.kind) {
      case 'undefined':
        return undefined;
      case 'same':
        return this.register(register);
      case 'saved':
        return this.memory.load(BigInt.asUintN(64, cfa + rule.offset), 8);
      case 'address':
        return BigInt.asUintN(64, cfa + rule.offset);
      case 'register':
        return this.register(rule.register);
      case 'expression': {
        const value = this.evaluate(rule.expression, [cfa]);
        return value === undefined || rule.isValue ? value : this.memory.load(value, 8);
      }
    }
  }

  /** Registers of the caller that are on the stack: saved here, or by a function that was called from here. */
  private savedAt(cfa: bigint): ReadonlyMap<number, bigint> {
    const places = new Map(this.frame.savedAt);
    for (const [register, rule] of this.rules.registers) {
      if (rule.kind === 'saved') places.set(register, BigInt.asUintN(64, cfa + rule.offset));
      else if (rule.kind !== 'same') places.delete(register);
    }
    return places;
  }

  private register(register: number): bigint | undefined {
    return register < firstFloat ? this.frame.x[register] : this.frame.f?.[register - firstFloat];
  }

  private evaluate(expression: Uint8Array, initial: readonly bigint[] = []): bigint | undefined {
    const context = {
      register: (register: number) => this.register(register),
      load: (address: bigint, size: 1 | 2 | 4 | 8) => this.memory.load(address, size),
    };
    return evaluateNumber(expression, context, initial);
  }
}
