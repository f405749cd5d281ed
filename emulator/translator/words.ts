import type { Instruction } from '../../riscv/instruction';
import type { ControlFlow, Step } from './control-flow';
import type { Effects } from './effects';

/**
 * Which registers hold words, sign-extended from 32 bits, where the blocks of a region begin: as bits of a number. What is done to the
 * lower halves of such registers alone need not be extended each time, and the engine finds rotations in it.
 */
export class WordRegisters {
  readonly #words: number[] = [];

  constructor(flow: ControlFlow) {
    const { blocks } = flow;
    const after: number[] = [];
    const isKnown: boolean[] = [];
    while (after.length < blocks.length) {
      this.#words.push(all);
      after.push(all);
      isKnown.push(false);
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (let index = 0; index < blocks.length; index += 1) {
        const { steps, end } = blocks[index]!;
        let words = index === 0 ? 0 : all;
        for (const from of flow.predecessors(index)) words &= after[from]!;
        if (words === this.#words[index] && isKnown[index]) continue;
        isKnown[index] = true;
        this.#words[index] = words;
        let last = words;
        if (end.kind === 'call') last = 0;
        else for (const step of steps) last = wordsAfter(last, step);
        if (last === after[index]) continue;
        after[index] = last;
        changed = true;
      }
    }
  }

  at(index: number): number {
    return this.#words[index]!;
  }
}

const all = -1;

/** The registers that hold words behind a step, by those that do before it. */
export function wordsAfter(words: number, step: Step): number {
  const { written, result, hook } = step;
  const isWord = !hook && (result === 'word' || (result === 'bits' && readsWords(words, step)));
  return isWord ? words | written.x : words & ~written.x;
}

/** Whether all registers that a step reads hold words. */
export function readsWords(words: number, { read }: Step): boolean {
  return (read.x & ~words) === 0;
}

/** What an instruction gives rd: more is known by its operands than `effects` says. */
export function resultOf({ meaning, rs1, rs2, immediate }: Instruction, { result, writes }: Effects): Effects['result'] {
  if (writes !== 'rd') return 'wide';
  switch (meaning) {
    case 'addi':
      return rs1 === 0 || immediate === 0 ? 'bits' : result;
    case 'add':
      return rs1 === 0 || rs2 === 0 ? 'bits' : result;
    case 'andi':
      return immediate >= 0 ? 'word' : result;
    case 'srai':
      return immediate >= 32 ? 'word' : result;
    case 'srli':
      return immediate > 32 ? 'word' : result;
    default:
      return result;
  }
}
