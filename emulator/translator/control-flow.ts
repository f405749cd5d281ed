import type { Instruction } from '../../riscv/instruction';
import type { NativeHook } from '../recorder/native-hook';
import type { Effects } from './effects';
import type { Guesses } from './guesses';
import type { RegionExit } from './region-interface';
import type { RegisterSet } from './register-set';

/** An instruction of a region. Offsets are those of the guest's window. */
export interface Step {
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly instruction: Instruction;
  readonly effects: Effects;
  /** What it gives rd, by its operands too. */
  readonly result: Effects['result'];
  readonly read: RegisterSet;
  readonly written: RegisterSet;
  /** The native hook that stands before it, and what registers probably hold there. */
  readonly hook: { readonly native: NativeHook; readonly guesses: Guesses } | undefined;
}

/** Instructions that are executed one after the other, and what follows them. */
export interface Block {
  readonly steps: readonly Step[];
  end: End;
  /** Its place in the control flow that was found last. */
  index: number;
}

export type End =
  /** Falls through or jumps. */
  | { readonly kind: 'goto'; readonly to: Target }
  | { readonly kind: 'branch'; readonly taken: Target; readonly next: Target }
  /** Calls the code at an offset, or where the last step jumps to, and expects it to return to `back`. That step is `by` in a block without any. */
  | { readonly kind: 'call'; readonly callee: number | undefined; readonly back: Target; readonly by?: Step }
  /**
   * Jumps to where the last step says; that is probably `offset`, where the code that is called was put in line. Where it is not, that is
   * called by a block of its own, or the region is left.
   */
  | { readonly kind: 'guess'; readonly offset: number; readonly to: Target; readonly otherwise?: Block }
  /** Jumps to where the last step says; that is expected to be `expected`, where the code that returns was put in line. */
  | { readonly kind: 'return'; readonly expected?: { readonly offset: number; readonly to: Target } }
  /** Jumps to where the last step says, which has been one of `targets` before; where `jumps` are told, to where one of them says that led here. */
  | {
      readonly kind: 'indirect';
      readonly targets: readonly { readonly offset: number; readonly to: Target }[];
      readonly jumps?: readonly Step[];
    }
  /** Begins the region, at that of `targets` where it is entered. No way leads to such a block, which has no steps. */
  | { readonly kind: 'enter'; readonly targets: readonly { readonly offset: number; readonly to: Target }[] }
  /** Leaves for the interpreter, before the instruction at an offset. */
  | { readonly kind: 'leave'; readonly offset: number; readonly why: RegionExit };

/** A block, or an offset outside the region to which the instruction at `from` goes. */
export type Target = Block | { readonly outside: number; readonly from: number };

/** Whether a block only dispatches: where it goes is said by the jump that led to it. */
export function isDispatch(target: Target): boolean {
  return isBlock(target) && target.end.kind === 'indirect' && target.end.jumps !== undefined;
}

/** Whether an end goes to its targets by a table. */
export function isTable(end: End): end is Extract<End, { kind: 'indirect' | 'enter' }> {
  return end.kind === 'indirect' || end.kind === 'enter';
}

export function isBlock(target: Target): target is Block {
  return (target as Partial<Block>).steps !== undefined;
}

/** A block that does the same. */
export function copyOf({ steps, end }: Block): Block {
  return { steps, end, index: 0 };
}

/** The blocks that may follow, each once for each way to it. */
export function successors({ end }: Block): Block[] {
  switch (end.kind) {
    case 'goto':
      return blocksOf(end.to);
    case 'branch':
      return blocksOf(end.taken, end.next);
    case 'call':
      return blocksOf(end.back);
    case 'guess':
      return blocksOf(end.to, end.otherwise);
    case 'return':
      return blocksOf(end.expected?.to);
    case 'indirect':
    case 'enter': {
      const found: Block[] = [];
      for (const { to } of end.targets) if (isBlock(to)) found.push(to);
      return found;
    }
    case 'leave':
      return [];
  }
}

function blocksOf(one?: Target, other?: Target): Block[] {
  const first = one && isBlock(one) ? one : undefined;
  const second = other && isBlock(other) ? other : undefined;
  if (first && second) return [first, second];
  const single = first ?? second;
  return single ? [single] : [];
}

/** An end whose targets are others. */
export function withTargets(end: End, change: (target: Target) => Target): End {
  switch (end.kind) {
    case 'goto':
      return { ...end, to: change(end.to) };
    case 'guess':
      return end.otherwise ? { ...end, to: change(end.to), otherwise: change(end.otherwise) as Block } : { ...end, to: change(end.to) };
    case 'branch':
      return { ...end, taken: change(end.taken), next: change(end.next) };
    case 'call':
      return { ...end, back: change(end.back) };
    case 'indirect':
    case 'enter':
      return { ...end, targets: end.targets.map(({ offset, to }) => ({ offset, to: change(to) })) };
    case 'return':
      return end.expected ? { ...end, expected: { ...end.expected, to: change(end.expected.to) } } : end;
    case 'leave':
      return end;
  }
}

/** The offset of the instruction that a block begins with, or that comes after it where it has none. */
export function startOf({ steps, end }: Block): number {
  if (steps[0]) return steps[0].offset;
  if (end.kind === 'goto') return isBlock(end.to) ? startOf(end.to) : end.to.outside;
  return end.kind === 'leave' ? end.offset : 0;
}

interface Loops {
  /** For each block the first one of the innermost loop that it is in; -1 for none. */
  readonly innermost: readonly number[];
  /** The first blocks of loops that have others in them. */
  readonly outer: ReadonlySet<number>;
  readonly any: boolean;
}

/**
 * The control flow of a region in the order in which it is written, with what that order rests on. Its arrays grow by `push`: those that
 * `map` makes have another kind of elements once the engine has optimised the call, for which it would have to compile all that reads them
 * anew.
 */
export class ControlFlow {
  /** In reverse postorder: the entry first, every block before those it dominates. */
  readonly blocks: readonly Block[];
  readonly #successors: number[][] = [];
  readonly #predecessors: number[][] = [];
  readonly #dominators: readonly number[];
  readonly #dominated: number[][] = [];
  #nextInLoops: readonly number[] | undefined;
  #loops: Loops | undefined;

  constructor(entry: Block) {
    const blocks = reversePostorder(entry);
    this.blocks = blocks;
    for (let index = 0; index < blocks.length; index += 1) {
      blocks[index]!.index = index;
      this.#successors.push(none);
      this.#predecessors.push(none);
      this.#dominated.push(none);
    }
    for (let index = 0; index < blocks.length; index += 1) {
      for (const next of successors(blocks[index]!)) {
        add(this.#successors, index, next.index);
        add(this.#predecessors, next.index, index);
      }
    }
    this.#dominators = findDominators(this.#predecessors);
    for (let index = 1; index < blocks.length; index += 1) add(this.#dominated, this.#dominators[index]!, index);
  }

  /** Whether anything in it goes where only a register says. */
  get goesByRegister(): boolean {
    return this.blocks.some(({ end }) => end.kind === 'indirect' || (end.kind === 'call' && end.callee === undefined));
  }

  /** The indices of the blocks that may follow one. */
  successors(index: number): readonly number[] {
    return this.#successors[index]!;
  }

  /** The indices of the blocks from which each way to a block comes. */
  predecessors(index: number): readonly number[] {
    return this.#predecessors[index]!;
  }

  dominates(one: number, other: number): boolean {
    let index = other;
    while (index > one) index = this.#dominators[index]!;
    return index === one;
  }

  /** The last block that is on every way to two others. */
  commonDominator(one: number, other: number): number {
    return commonOf(this.#dominators, one, other);
  }

  isLoop(index: number): boolean {
    for (const from of this.#predecessors[index]!) if (from >= index) return true;
    return false;
  }

  /** More than one way leads to it, not counting those back to a loop, or one of a table: it has to have a label. */
  isMerge(index: number): boolean {
    let ways = 0;
    for (const from of this.#predecessors[index]!) {
      if (from >= index) continue;
      if (ways > 0 || isTable(this.blocks[from]!.end)) return true;
      ways += 1;
    }
    return false;
  }

  /** The blocks of a loop, its first one first. */
  loopAt(header: number): number[] {
    const body = new Set([header]);
    const open = this.predecessors(header).filter((from) => from >= header);
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (body.has(index)) continue;
      body.add(index);
      open.push(...this.predecessors(index));
    }
    return [...body];
  }

  /** The block that comes next in a loop as long as the loop goes on, where no other way leads to it; -1 where there is none. */
  nextInLoop(index: number): number {
    this.#nextInLoops ??= this.#findNextInLoops();
    return this.#nextInLoops[index]!;
  }

  #findNextInLoops(): number[] {
    const { innermost } = this.#foundLoops;
    const found: number[] = [];
    for (let index = 0; index < innermost.length; index += 1) {
      let ways = 0;
      let next = -1;
      for (const to of this.#successors[index]!) {
        if (innermost[index]! < 0 || to <= index || innermost[to] !== innermost[index] || this.#predecessors[to]!.length !== 1) continue;
        ways += 1;
        next = to;
      }
      found.push(ways === 1 ? next : -1);
    }
    return found;
  }

  /** Whether any way leads back. */
  get hasLoops(): boolean {
    return this.#foundLoops.any;
  }

  /** Whether a block is in a loop that has no other loop in it, or only those of the cases of a switch. */
  isInInnermostLoop(index: number): boolean {
    const { innermost, outer } = this.#foundLoops;
    const header = innermost[index]!;
    return header >= 0 && (!outer.has(header) || isDispatch(this.blocks[header]!));
  }

  get #foundLoops(): Loops {
    this.#loops ??= this.#findLoops();
    return this.#loops;
  }

  #findLoops(): Loops {
    const innermost: number[] = [];
    for (let index = 0; index < this.blocks.length; index += 1) innermost.push(-1);
    const outer = new Set<number>();
    let any = false;
    for (let header = 0; header < this.blocks.length; header += 1) {
      if (!this.isLoop(header)) continue;
      any = true;
      const around = innermost[header]!;
      if (around >= 0) outer.add(around);
      for (const index of this.loopAt(header)) innermost[index] = header;
    }
    return { innermost, outer, any };
  }

  /** The blocks that it dominates at once, first in order. */
  dominated(index: number): number[] {
    return this.#dominated[index]!;
  }

  /** Ways back to a block that does not dominate where they come from: they cannot be written as loops. */
  irreducible(): { from: Block; to: Block }[] {
    const found: { from: Block; to: Block }[] = [];
    this.blocks.forEach((to, index) => {
      for (const from of this.#predecessors[index]!) {
        if (from >= index && !this.dominates(index, from)) found.push({ from: this.blocks[from]!, to });
      }
    });
    return found;
  }
}

/** The list of blocks that have none yet: most have one or two, and a list that grows has room for more at once. */
const none: number[] = [];

function add(lists: number[][], index: number, item: number): void {
  const list = lists[index]!;
  if (list === none) lists[index] = [item];
  else list.push(item);
}

/** What blocks have as their index that the last search for them has come to: each search has another number, which is no index. */
let come = 0;

function reversePostorder(entry: Block): Block[] {
  come -= 1;
  entry.index = come;
  const postorder: Block[] = [];
  const blocks = [entry];
  const rests = [successors(entry)];
  while (blocks.length > 0) {
    const next = rests.at(-1)!.pop();
    if (!next) {
      postorder.push(blocks.pop()!);
      rests.pop();
    } else if (next.index !== come) {
      next.index = come;
      blocks.push(next);
      rests.push(successors(next));
    }
  }
  return postorder.reverse();
}

/** For each block the one that dominates it at once (Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm"). */
function findDominators(predecessors: readonly (readonly number[])[]): number[] {
  const dominators = [0];
  while (dominators.length < predecessors.length) dominators.push(-1);
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 1; index < predecessors.length; index += 1) {
      let found = -1;
      for (const from of predecessors[index]!) if (dominators[from]! >= 0) found = found < 0 ? from : commonOf(dominators, found, from);
      if (dominators[index] === found) continue;
      dominators[index] = found;
      changed = true;
    }
  }
  return dominators;
}

function commonOf(dominators: readonly number[], left: number, right: number): number {
  let [one, other] = [left, right];
  while (one !== other) {
    while (one > other) one = dominators[one]!;
    while (other > one) other = dominators[other]!;
  }
  return one;
}
