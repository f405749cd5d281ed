import type { Instruction } from '../../riscv/instruction';
import type { Step } from './control-flow';
import { effectsOf } from './effects';
import { registersRead, registersWritten } from './register-use';

/** Steps that are known at once. */
const mostSteps = 1 << 16;

/** A step that was found, or that there is none, and when that was looked at last. */
interface Known {
  readonly instruction: Instruction | undefined;
  readonly step: Step | undefined;
  time: number;
}

/** The instructions of a machine as steps: code that is looked at again, for another region, is known already. */
export class StepCache {
  readonly #instructionAt: (offset: number) => Instruction | undefined;
  readonly #known = new Map<number, Known>();
  #time = 0;

  /** `instructionAt` gives one instruction for one word, the same each time. */
  constructor(instructionAt: (offset: number) => Instruction | undefined) {
    this.#instructionAt = instructionAt;
  }

  /** From now on code may be other than before; until this is called again it stays. */
  look(): void {
    this.#time += 1;
    if (this.#known.size >= mostSteps) this.#known.clear();
  }

  /** The step at an even offset; undefined where there is no instruction that the engine executes. */
  at(offset: number): Step | undefined {
    const known = this.#known.get(offset);
    if (known?.time === this.#time) return known.step;
    const instruction = this.#instructionAt(offset);
    if (known && known.instruction === instruction) {
      known.time = this.#time;
      return known.step;
    }
    const step = instruction && stepOf(offset, instruction);
    this.#known.set(offset, { instruction, step, time: this.#time });
    return step;
  }
}

function stepOf(offset: number, instruction: Instruction): Step {
  const effects = effectsOf(instruction.meaning);
  const [read, written] = [registersRead(instruction, effects), registersWritten(instruction, effects)];
  return { offset, instruction, effects, read, written };
}
