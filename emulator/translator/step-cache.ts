import type { Instruction } from '../../riscv/instruction';
import { pageSize } from '../linear-memory';
import type { Step } from './control-flow';
import { effectsOf } from './effects';
import { registersRead, registersWritten } from './register-use';
import { resultOf } from './words';

/** Pages whose steps are known at once. */
const mostPages = 512;

/** What finding steps needs of the machine. */
export interface Fetching {
  /** The instruction word at an even offset; -1 where a byte of it cannot be fetched. */
  fetchWord(offset: number): number;
  /** The instruction of a word, where it is one that the engine executes. */
  instructionOf(word: number): Instruction | undefined;
}

/** A step that was found, or that there is none, by its word, and when that was looked at last. */
interface Known {
  readonly word: number;
  readonly step: Step | undefined;
  time: number;
}

/** The instructions of a machine as steps: code that is looked at again, for another region, is known already. */
export class StepCache {
  readonly #fetching: Fetching;
  /** By page, and halfword in it. */
  readonly #pages = new Map<number, (Known | undefined)[]>();
  #page = -1;
  #inPage: (Known | undefined)[] = [];
  #time = 0;

  constructor(fetching: Fetching) {
    this.#fetching = fetching;
  }

  /** Words may mean something else than before. */
  forget(): void {
    this.#pages.clear();
    this.#page = -1;
  }

  /** From now on code may be other than before; until this is called again it stays. */
  look(): void {
    this.#time += 1;
    if (this.#pages.size >= mostPages) this.forget();
  }

  /** The step at an even offset; undefined where there is no instruction that the engine executes. */
  at(offset: number): Step | undefined {
    const page = Math.floor(offset / pageSize);
    if (page !== this.#page) this.#goToPage(page);
    const place = (offset % pageSize) >> 1;
    const known = this.#inPage[place];
    if (known?.time === this.#time) return known.step;
    const word = this.#fetching.fetchWord(offset);
    if (known?.word === word) {
      known.time = this.#time;
      return known.step;
    }
    const instruction = this.#fetching.instructionOf(word);
    const step = instruction && stepOf(offset, instruction);
    this.#inPage[place] = { word, step, time: this.#time };
    return step;
  }

  #goToPage(page: number): void {
    let known = this.#pages.get(page);
    if (!known) {
      known = new Array<Known | undefined>(pageSize / 2);
      this.#pages.set(page, known);
    }
    this.#page = page;
    this.#inPage = known;
  }
}

function stepOf(offset: number, instruction: Instruction): Step {
  const effects = effectsOf(instruction.meaning);
  const [read, written] = [registersRead(instruction, effects), registersWritten(instruction, effects)];
  return { offset, instruction, effects, result: resultOf(instruction, effects), read, written };
}
