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
  /** Whether the program can write to the page of an offset. */
  isWritable(offset: number): boolean;
}

/** What is known of a page's code, by halfwords in it. */
interface Page {
  /** The step that was found, or that there is none. */
  readonly steps: (Step | 'none' | undefined)[];
  /** When that was looked at last, where the program can write to the page, or to the next one, which its last instruction may go on in. */
  readonly times: number[] | undefined;
}

/**
 * The instructions of a machine as steps: code that is looked at again, for another region, is known already. What the program cannot
 * write to stays as it is until `changed` is called.
 */
export class StepCache {
  readonly #fetching: Fetching;
  readonly #pages = new Map<number, Page>();
  #number = -1;
  #page: Page | undefined;
  #time = 0;

  constructor(fetching: Fetching) {
    this.#fetching = fetching;
  }

  /** Words may mean something else than before. */
  forget(): void {
    this.#pages.clear();
    this.#number = -1;
  }

  /** Bytes [start, end) or their permissions have changed. */
  changed(start: number, end: number): void {
    // The last instruction of a page may go on in the next one.
    const [first, last] = [pageOf(start - 2), pageOf(end - 1)];
    if (last - first < this.#pages.size) {
      for (let page = first; page <= last; page += 1) this.#pages.delete(page);
    } else {
      for (const page of this.#pages.keys()) if (first <= page && page <= last) this.#pages.delete(page);
    }
    this.#number = -1;
  }

  /** From now on the program may have changed code that it can write to; until this is called again it stays. */
  look(): void {
    this.#time += 1;
    this.#number = -1;
    if (this.#pages.size >= mostPages) this.#pages.clear();
  }

  /** The step at an even offset; undefined where there is no instruction that the engine executes. */
  at(offset: number): Step | undefined {
    const number = pageOf(offset);
    if (number !== this.#number) {
      this.#page = this.#pageAt(number);
      this.#number = number;
    }
    const { steps, times } = this.#page!;
    const place = (offset % pageSize) >> 1;
    const known = steps[place];
    if (known && (!times || times[place] === this.#time)) return known === 'none' ? undefined : known;
    if (times) times[place] = this.#time;
    const word = this.#fetching.fetchWord(offset);
    if (known && known !== 'none' && known.instruction.word === word) return known;
    const instruction = this.#fetching.instructionOf(word);
    const step = instruction && stepOf(offset, instruction);
    steps[place] = step ?? 'none';
    return step;
  }

  #pageAt(number: number): Page {
    let page = this.#pages.get(number);
    if (!page) {
      const start = number * pageSize;
      const isWritable = this.#fetching.isWritable(start) || this.#fetching.isWritable(start + pageSize);
      page = { steps: new Array<Step | undefined>(pageSize / 2), times: isWritable ? new Array<number>(pageSize / 2) : undefined };
      this.#pages.set(number, page);
    }
    return page;
  }
}

function pageOf(offset: number): number {
  return Math.floor(offset / pageSize);
}

function stepOf(offset: number, instruction: Instruction): Step {
  const effects = effectsOf(instruction.meaning);
  const [read, written] = [registersRead(instruction, effects), registersWritten(instruction, effects)];
  const end = offset + instruction.length;
  return { offset, end, instruction, effects, result: resultOf(instruction, effects), read, written, hook: undefined };
}
