import type { Instruction } from '../../riscv/instruction';
import type { NativeHook } from '../recorder/native-hook';
import type { Code } from './code';
import type { Step } from './control-flow';
import { Guesses } from './guesses';
import { canBeIdle, isIdle, mostIdle } from './idle';
import { union, xBit } from './register-set';

/** Instructions of a function that is put in line where it is called. */
const longestInline = 48;
/** Functions of which is known whether they can be put in line. */
const mostKnown = 1 << 14;

/** The instructions that regions can have, with the native hooks before them, and what calls lead to, by offsets in the guest's window. */
export class Callees {
  readonly #code: Code;

  constructor(code: Code) {
    this.#code = code;
  }

  stepAt(offset: number): Step | undefined {
    const { size, stops, steps } = this.#code;
    return offset < 0 || offset >= size || (stops.has(offset) && !this.hookAt(offset)) ? undefined : steps.at(offset);
  }

  isIdle(step: Step): boolean {
    return canBeIdle(step) && isIdle(step, () => this.stepAt(step.end));
  }

  /** The native hook before an instruction that is executed whole behind it: only there can it be part of a region. */
  hookAt(offset: number): NativeHook | undefined {
    const native = this.#code.hookAt(offset);
    const step = native && this.#code.steps.at(offset);
    return step && canFollowHook(step) ? native : undefined;
  }

  /** The same before a jump that links nothing, as tracers end with. */
  #isTracer(offset: number): boolean {
    const instruction = this.hookAt(offset) && this.#code.steps.at(offset)?.instruction;
    return instruction?.meaning === 'jalr' && instruction.rd === 0;
  }

  /** A step with the native hook that stands before it. */
  withHook(step: Step, guesses: Guesses): Step {
    const native = this.hookAt(step.offset);
    if (!native) return step;
    const bits = (registers: readonly number[]) => ({ x: registers.reduce((all, one) => all | xBit(one), 0), f: 0 });
    const hook = { native, guesses: guesses.copy() };
    return { ...step, hook, read: union(step.read, bits(native.reads)), written: union(step.written, bits(native.writes)) };
  }

  /** The offset of the native hook that an indirect jump probably goes to. */
  guessHook({ rs1, immediate }: Instruction, guesses: Guesses): number | undefined {
    const value = guesses.get(rs1);
    const offset = value === undefined ? -1 : this.#code.offsetOf(value + BigInt(immediate));
    return offset >= 0 && this.#isTracer(offset) ? offset : undefined;
  }

  /**
   * The offset of the short function that an indirect call probably goes to. A register that functions preserve is likely to hold then
   * what it holds now: a function that was passed in, to be called in a loop.
   */
  guessCallee({ rs1, rd, immediate }: Instruction): number | undefined {
    if (!isPreserved(rs1) || immediate !== 0) return undefined;
    const offset = this.#code.offsetOf(this.#code.valueOf(rs1));
    return offset >= 0 && offset % 2 === 0 && this.#code.mayHaveCome(offset) && this.canBeInlined(offset, rd, false) ? offset : undefined;
  }

  /** Whether the code at an offset, called with a link in a register, goes straight to a call of a native hook: a trampoline. */
  callsHook(start: number, link: number, returnTo: number): boolean {
    if (!this.#code.hasHooks()) return false;
    const guesses = new Guesses(this.#code, new Map([[link, this.#code.addressOf(returnTo)]]));
    let before: Step | undefined;
    for (let [offset, count] = [start, 0]; count < longestInline; count += 1) {
      const step = this.stepAt(offset);
      if (!step || step.effects.leaves) return false;
      const { goes, writes } = step.effects;
      if (goes !== 'on' && (goes === 'jumps' || writes)) {
        if (step.instruction.rd === 0 || step.instruction.meaning !== 'jalr') return false;
        const target = targetOfPair(before, step.instruction);
        return target === undefined ? this.guessHook(step.instruction, guesses) !== undefined : this.#isTracer(target);
      }
      guesses.execute(step);
      before = step;
      offset = step.end;
    }
    return false;
  }

  /** Whether the code at an offset is short and comes back through a register; only where it is to be recursive may it make calls. */
  canBeInlined(start: number, link: number, isRecursive: boolean): boolean {
    // What hooks do depends on memory, too.
    if (this.#code.hasHooks()) return this.#isShort(start, link, isRecursive);
    const { inlinable } = this.#code;
    const key = (start * 32 + link) * 2 + (isRecursive ? 1 : 0);
    let found = inlinable.get(key);
    if (found === undefined) {
      if (inlinable.size >= mostKnown) inlinable.clear();
      found = this.#isShort(start, link, isRecursive);
      inlinable.set(key, found);
    }
    return found;
  }

  #isShort(start: number, link: number, isRecursive: boolean): boolean {
    const open = [start];
    // So few that they are found soonest one after the other.
    const seen: number[] = [];
    let most = longestInline;
    let comesBack = false;
    for (let offset = open.pop(); offset !== undefined; offset = open.pop()) {
      if (seen.includes(offset)) continue;
      seen.push(offset);
      const step = this.stepAt(offset);
      if (!step || step.effects.leaves) return false;
      if (most < longestInline + mostIdle && this.isIdle(step)) most += 1;
      if (seen.length > most) return false;
      const { rd, rs1, immediate } = step.instruction;
      const { goes, writes, isRelative } = step.effects;
      if (goes === 'on' && writes === 'rd' && rd === link && !isRecursive) return false;
      if (goes !== 'on' && writes && rd !== 0) {
        if (!isRecursive && !this.#isTraced(offset, rd, seen)) return false;
        open.push(step.end);
        continue;
      }
      if (goes === 'jumps') {
        if (rs1 !== link || immediate !== 0) return false;
        comesBack = true;
        continue;
      }
      if (goes === 'branches') open.push(offset + immediate);
      if (goes === 'on' || !writes) open.push(step.end);
      if (isRelative && offset + immediate < 0) return false;
    }
    return comesBack;
  }

  /** Whether the call at an offset is that of a trampoline, by a pair of instructions. */
  #isTraced(offset: number, link: number, seen: readonly number[]): boolean {
    const [before, step] = [this.stepAt(offset - 4), this.stepAt(offset)!];
    const target = seen.includes(offset - 4) ? targetOfPair(before, step.instruction) : undefined;
    return target !== undefined && link !== 1 && this.callsHook(target, link, step.end);
  }
}

/** The offset that `auipc` and `jalr` on the same register go to. */
export function targetOfPair(before: Step | undefined, { meaning, rs1, immediate }: Instruction): number | undefined {
  if (meaning !== 'jalr' || !before || before.instruction.meaning !== 'auipc' || before.instruction.rd !== rs1 || rs1 === 0)
    return undefined;
  const target = before.offset + before.instruction.immediate + immediate;
  return target % 2 === 0 ? target : target - 1;
}

/** Whether an instruction never leaves a region once what is behind a hook has been checked (`RegionWriter`), and is not a loop by itself. */
function canFollowHook({ instruction, effects: { leaves, isRelative } }: Step): boolean {
  return leaves === undefined && !(isRelative && instruction.immediate === 0);
}

/** Whether functions leave a register as it was: s0-s11 (RISC-V ELF psABI, "Integer Register Convention"). */
function isPreserved(register: number): boolean {
  return register === 8 || register === 9 || (register >= 18 && register <= 27);
}
