import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import type { FrameScope } from './frame-scope';

/** A function at work at an address: one that was called, or one that was inlined into it. */
export interface Activation {
  /** The function, or the inlined call. */
  readonly entry: Entry;
  /** Its entry and those of the blocks of it that have the address, from the outside in. */
  readonly blocks: readonly Entry[];
}

/** The functions at work in a frame, the innermost first; empty where its code is not described. */
export function activationsOf(scope: FrameScope): Activation[] {
  const activations: { entry: Entry; blocks: Entry[] }[] = [];
  for (const block of scope.blocks) {
    if (block.tag === Tag.lexical_block) activations[0]?.blocks.push(block);
    else activations.unshift({ entry: block, blocks: [block] });
  }
  return activations;
}

/**
 * The variables of an activation: its parameters, then those of its blocks from the outside in, as the source declares them. An
 * instance of a function has no entry for what the compiler has removed: then that of the function itself counts.
 */
export function variablesOf({ blocks }: Activation): Entry[] {
  const own = blocks.flatMap(childrenWithInherited);
  const parameters = own.filter(({ tag }) => tag === Tag.formal_parameter);
  return [...parameters, ...own.filter(({ tag }) => tag === Tag.variable)];
}

function childrenWithInherited(block: Entry): readonly Entry[] {
  const abstract = orNothing(() => block.reference(At.abstract_origin));
  if (!abstract) return block.children;
  const present = new Set(block.children.map((each) => orNothing(() => each.reference(At.abstract_origin))));
  const removed = abstract.children.filter((each) => isVariable(each) && !present.has(each));
  return removed.length === 0 ? block.children : [...block.children, ...removed];
}

function isVariable({ tag }: Entry): boolean {
  return tag === Tag.formal_parameter || tag === Tag.variable;
}
