import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { type FrameScope, hasNoCode } from './frame-scope';

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
  const all = blocks.flatMap(childrenWithInherited);
  // What is removed from one place of the function may be in another.
  const present = new Set(all.map((each) => each.reference(At.abstract_origin)));
  const own = all.filter((each) => !present.has(each));
  const parameters = own.filter(({ tag }) => tag === Tag.formal_parameter);
  return [...parameters, ...own.filter(({ tag }) => tag === Tag.variable)];
}

/** Children of a block, and of the blocks in it that have no code of their own, as a compiler leaves them: they have no wrapping. */
function childrenWithInherited(block: Entry): readonly Entry[] {
  const abstract = orNothing(() => block.reference(At.abstract_origin));
  const own = unwrapped(block.children);
  if (!abstract) return own;
  const present = new Set([...block.children, ...own].map((each) => orNothing(() => each.reference(At.abstract_origin))));
  const removed = unwrapped(abstract.children.filter((each) => !present.has(each)));
  return [...own, ...removed.filter((each) => isVariable(each) && !present.has(each))];
}

function unwrapped(children: readonly Entry[]): readonly Entry[] {
  if (!children.some(hasNoCode)) return children;
  return children.flatMap((each) => (hasNoCode(each) ? childrenWithInherited(each) : [each]));
}

function isVariable({ tag }: Entry): boolean {
  return tag === Tag.formal_parameter || tag === Tag.variable;
}
