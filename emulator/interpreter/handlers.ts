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

/** The group of a handler, or undefined for one of the dispatch loop. */
export function groupOf({ meaning }: Handler): OuterGroup | undefined {
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

/** The handlers of all instructions, numbered from `firstHandler`: those of the loop, then one group after the other. */
export const handlers: readonly Handler[] = allHandlers();

/** The numbers of the handlers of each meaning, by `variantOf`. */
const numbers = new Map<BaseMnemonic, number[]>();
handlers.forEach((handler, index) => {
  const ofMeaning = numbers.get(handler.meaning) ?? [];
  ofMeaning[variantOf(handler)] = firstHandler + index;
  numbers.set(handler.meaning, ofMeaning);
});

export function handlerNumber(handler: Handler): number {
  return numbers.get(handler.meaning)![variantOf(handler)]!;
}

function variantOf({ length, reach, csr }: Handler): number {
  return 5 * (length / 2 - 1) + (csr === 'float' ? 4 : { none: 0, forward: 1, backward: 2, far: 3 }[reach]);
}

const relative: ReadonlySet<BaseMnemonic> = new Set(handlers.flatMap(({ meaning, reach }) => (reach === 'none' ? [] : [meaning])));

/** Whether it goes to its pc plus its immediate. */
export function isRelative(meaning: BaseMnemonic): boolean {
  return relative.has(meaning);
}

function allHandlers(): Handler[] {
  const all = new Map<string, Handler>();
  for (const row of instructionTable) {
    const meaning = row.expandsTo ?? (row.mnemonic as BaseMnemonic);
    const length = lengthOf(row);
    for (const variant of variantsOf(meaning)) {
      const handler = { meaning, length, ...variant } as const;
      all.set(keyOf(handler), handler);
    }
  }
  const groups = [undefined, ...outerGroups];
  return groups.flatMap((group) => [...all.values()].filter((handler) => groupOf(handler) === group));
}

function variantsOf(meaning: BaseMnemonic): Pick<Handler, 'reach' | 'csr'>[] {
  const { format } = rowOf(meaning);
  if (format === 'B' || format === 'J') return [{ reach: 'forward' }, { reach: 'backward' }, { reach: 'far' }];
  if (!meaning.startsWith('csrr')) return [{ reach: 'none' }];
  return [
    { reach: 'none', csr: 'counter' },
    { reach: 'none', csr: 'float' },
  ];
}

function keyOf({ meaning, length, reach, csr }: Handler): string {
  return `${meaning} ${length} ${reach} ${csr}`;
}
