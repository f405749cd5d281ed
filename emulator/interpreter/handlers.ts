import { lengthOf } from '../../riscv/instruction-row';
import { type BaseMnemonic, instructionTable, rowOf } from '../../riscv/instruction-table';
import { specialHandler } from './record';

/** What the code of a handler has built in; everything else is in the record. */
export interface Handler {
  readonly meaning: BaseMnemonic;
  /** Bytes of the instruction. */
  readonly length: 2 | 4;
  /** Where a branch or jump leads: on or back within its page, or to another page; `none` for what is no branch or jump. */
  readonly reach: Reach;
  /** Of a Zicsr instruction: where its CSR is. */
  readonly csr?: 'counter' | 'float' | undefined;
}

export type Reach = 'none' | 'forward' | 'backward' | 'far';

/**
 * Handlers outside the dispatch loop, each group in a function of its own: the engine compiles and optimises only those that a program
 * needs. The loop keeps RV64IM; no other instruction branches.
 */
export const outerGroups = ['floatAccess', 'single', 'double', 'moreFloat', 'atomic', 'bits', 'other'] as const;

export type OuterGroup = (typeof outerGroups)[number];

/** The group of an instruction's handlers, or undefined where they are in the dispatch loop. */
export function groupOf(meaning: BaseMnemonic): OuterGroup | undefined {
  const { extension } = rowOf(meaning);
  if (extension === 'I' || extension === 'M') return undefined;
  if (floatAccesses.has(meaning)) return 'floatAccess';
  if (extension === 'F') return 'single';
  if (extension === 'D') return 'double';
  if (extension === 'A') return 'atomic';
  if (extension.startsWith('Zf')) return 'moreFloat';
  return extension.startsWith('Zb') ? 'bits' : 'other';
}

/** Programs without any arithmetic of theirs save the registers of floating point, as setjmp does. */
const floatAccesses: ReadonlySet<BaseMnemonic> = new Set(['flw', 'fsw', 'fld', 'fsd']);

export const firstHandler = Object.keys(specialHandler).length;

/**
 * The handlers that programs come to most: meaning, length, reach, and how many of a thousand instructions that is, of what fourteen
 * programs in C and C++ execute in their own code and that of their libraries. With more of them short loops take longer.
 */
export const frequentHandlers = [
  ['ld', 2, 'none', 95],
  ['add', 2, 'none', 90],
  ['addi', 2, 'none', 86],
  ['sd', 2, 'none', 60],
  ['lw', 4, 'none', 58],
  ['bge', 4, 'forward', 41],
  ['addi', 4, 'none', 33],
  ['ld', 4, 'none', 30],
  ['lbu', 4, 'none', 30],
  ['jalr', 2, 'none', 30],
  ['beq', 2, 'forward', 22],
  ['addiw', 2, 'none', 22],
  ['beq', 4, 'forward', 22],
  ['lw', 2, 'none', 21],
  ['add', 4, 'none', 18],
  ['blt', 4, 'forward', 16],
] as const satisfies readonly (readonly [BaseMnemonic, Handler['length'], Reach, number])[];

/**
 * The handlers of all instructions, numbered from `firstHandler`: those of the loop, the most frequent first, then one group after the
 * other.
 */
export const handlers: readonly Handler[] = allHandlers();

/** The numbers of the handlers of each meaning, by `variantOf`. */
const numbers = new Map<BaseMnemonic, number[]>();
handlers.forEach(({ meaning, length, reach, csr }, index) => {
  let ofMeaning = numbers.get(meaning);
  if (!ofMeaning) {
    ofMeaning = [];
    numbers.set(meaning, ofMeaning);
  }
  ofMeaning[variantOf(length, reach, csr)] = firstHandler + index;
});

export function handlerNumber(meaning: BaseMnemonic, length: Handler['length'], reach: Reach, csr?: Handler['csr']): number {
  return numbers.get(meaning)![variantOf(length, reach, csr)]!;
}

function variantOf(length: Handler['length'], reach: Reach, csr: Handler['csr']): number {
  const way = reach === 'none' ? 0 : reach === 'forward' ? 1 : reach === 'backward' ? 2 : 3;
  return 5 * (length / 2 - 1) + (csr === 'float' ? 4 : way);
}

/** Whether it goes to its pc plus its immediate. */
export function isRelative(meaning: BaseMnemonic): boolean {
  const { format } = rowOf(meaning);
  return format === 'B' || format === 'J';
}

function allHandlers(): Handler[] {
  const seen = new Set<string>();
  const byGroup = new Map<OuterGroup | undefined, Handler[]>([undefined, ...outerGroups].map((group) => [group, []]));
  for (const row of instructionTable) {
    const meaning = row.expandsTo ?? (row.mnemonic as BaseMnemonic);
    const length = lengthOf(row);
    const key = `${meaning} ${length}`;
    if (seen.has(key)) continue;
    seen.add(key);
    byGroup.get(groupOf(meaning))!.push(...variantsOf(meaning).map((variant): Handler => ({ meaning, length, ...variant })));
  }
  const rank = ({ meaning, length, reach }: Handler): number => {
    const found = frequentHandlers.findIndex((one) => one[0] === meaning && one[1] === length && one[2] === reach);
    return found < 0 ? frequentHandlers.length : found;
  };
  byGroup.get(undefined)!.sort((one, other) => rank(one) - rank(other));
  return [...byGroup.values()].flat();
}

function variantsOf(meaning: BaseMnemonic): Pick<Handler, 'reach' | 'csr'>[] {
  if (isRelative(meaning)) return [{ reach: 'forward' }, { reach: 'backward' }, { reach: 'far' }];
  if (!meaning.startsWith('csrr')) return [{ reach: 'none' }];
  return [
    { reach: 'none', csr: 'counter' },
    { reach: 'none', csr: 'float' },
  ];
}
