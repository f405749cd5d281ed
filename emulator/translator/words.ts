import type { ControlFlow, Step } from './control-flow';
import { xBit } from './register-set';

/**
 * Which registers hold words, sign-extended from 32 bits, where the blocks of a region begin: as bits of a number. What is done to the
 * lower halves of such registers alone need not be extended each time, and the engine finds rotations in it.
 */
export class WordRegisters {
  readonly #words: number[];

  constructor(flow: ControlFlow) {
    const { blocks } = flow;
    this.#words = blocks.map(() => all);
    const after = blocks.map(() => all);
    for (let changed = true; changed; ) {
      changed = false;
      for (let index = 0; index < blocks.length; index += 1) {
        const { steps, end } = blocks[index]!;
        let words = index === 0 ? 0 : all;
        for (const from of flow.predecessors(index)) words &= after[from]!;
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
  const others = words & ~step.written.x;
  return !step.hook && givesWord(words, step) ? others | xBit(step.instruction.rd) : others;
}

/** Whether all registers that a step reads hold words. */
export function readsWords(words: number, { read }: Step): boolean {
  return (read.x & ~words) === 0;
}

function givesWord(words: number, step: Step): boolean {
  const { meaning, rs1, rs2, immediate } = step.instruction;
  const { result, writes } = step.effects;
  if (writes !== 'rd') return false;
  if (result === 'word' || (result === 'bits' && readsWords(words, step))) return true;
  switch (meaning) {
    case 'addi':
      return (rs1 === 0 || immediate === 0) && readsWords(words, step);
    case 'add':
      return (rs1 === 0 || rs2 === 0) && readsWords(words, step);
    case 'andi':
      return immediate >= 0;
    case 'srai':
      return immediate >= 32;
    case 'srli':
      return immediate > 32;
    default:
      return false;
  }
}
