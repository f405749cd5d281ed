import type { Instruction } from '../../riscv/instruction';
import type { Step } from './control-flow';
import { effectsOf } from './effects';
import { registersRead, registersWritten } from './register-use';

/** Steps that are known at once. */
const mostSteps = 1 << 16;

/** The instructions of a machine as steps: code that is looked at again, for another region, is known already. */
export class StepCache {
  readonly #instructionAt: (offset: number) => Instruction | undefined;
  readonly #known = new Map<number, Step>();

  /** `instructionAt` gives one instruction for one word, the same each time. */
  constructor(instructionAt: (offset: number) => Instruction | undefined) {
    this.#instructionAt = instructionAt;
  }

  /** The step at an even offset; undefined where there is no instruction that the engine executes. */
  at(offset: number): Step | undefined {
    const instruction = this.#instructionAt(offset);
    if (!instruction) return undefined;
    const known = this.#known.get(offset);
    if (known?.instruction === instruction) return known;
    const effects = effectsOf(instruction.meaning);
    const step = {
      offset,
      instruction,
      effects,
      read: registersRead(instruction, effects),
      written: registersWritten(instruction, effects),
    };
    if (this.#known.size >= mostSteps) this.#known.clear();
    this.#known.set(offset, step);
    return step;
  }
}
