import { type Block, ControlFlow, copyOf, isBlock, startOf, type Target, withTargets } from './control-flow';

/** Instructions that a region has twice at most so that its loops have one beginning each; a block counts as one more. */
const mostTwice = 100;

/**
 * The control flow from a block as one that can be written with loops: each of them has one first block. What is come to before that, where
 * ways lead into the middle of a loop, is written twice if it is short; else such ways lead out of the region. Each control flow that is
 * tried is `asked`.
 */
export function reducible(entry: Block, asked: (flow: ControlFlow) => ControlFlow): ControlFlow {
  let room = mostTwice;
  for (;;) {
    const flow = asked(new ControlFlow(entry));
    const wrong = flow.irreducible();
    if (wrong.length === 0) return flow;
    let length = 0;
    for (const { from, to } of wrong) {
      length = writeTwice(flow, loopOf(flow, from, to), room);
      if (length > 0) break;
    }
    room -= length;
    if (length === 0) for (const { from, to } of wrong) cut(from, to);
  }
}

/** The blocks of the innermost loop with a way between two, which may be come to at several of them. */
function loopOf(flow: ControlFlow, from: Block, to: Block): ReadonlySet<number> {
  const around = flow.commonDominator(from.index, to.index);
  const behind = closure([to.index], around, (index) => flow.successors(index).filter((next) => flow.dominates(around, next)));
  const before = closure([to.index], around, (index) => flow.predecessors(index));
  return new Set([...behind].filter((index) => before.has(index)));
}

/** What is come to from some places, but not past `end`. */
function closure(starts: readonly number[], end: number, next: (index: number) => readonly number[]): Set<number> {
  const found = new Set<number>();
  const open = [...starts];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (index === end || found.has(index)) continue;
    found.add(index);
    open.push(...next(index));
  }
  return found;
}

/**
 * Writes twice what ways into a loop come to before one of the blocks that others lead to, which so becomes its only first one. Gives how
 * long that is: 0 where it is longer than `most`, and nothing is done.
 */
function writeTwice(flow: ControlFlow, loop: ReadonlySet<number>, most: number): number {
  const isOutside = (index: number) => !loop.has(index);
  const entries = [...loop].filter((index) => flow.predecessors(index).some(isOutside));
  const within = (index: number) => flow.successors(index).filter((next) => loop.has(next));
  const lengthOf = (blocks: ReadonlySet<number>) => [...blocks].reduce((sum, index) => sum + 1 + flow.blocks[index]!.steps.length, 0);
  const [{ twice, length }] = entries
    .map((first) => closure(entries, first, within))
    .map((twice) => ({ twice, length: lengthOf(twice) }))
    .sort((one, other) => one.length - other.length) as [{ twice: Set<number>; length: number }];
  if (length > most) return 0;
  const copies = new Map([...twice].map((index) => [flow.blocks[index]!, copyOf(flow.blocks[index]!)]));
  const ways = new Set([...twice].flatMap((index) => flow.predecessors(index).filter(isOutside)));
  for (const block of [...[...ways].map((index) => flow.blocks[index]!), ...copies.values()]) {
    block.end = withTargets(block.end, (target) => (isBlock(target) ? (copies.get(target) ?? target) : target));
  }
  return length;
}

function cut(from: Block, to: Block): void {
  const last = from.steps.at(-1);
  const offset = startOf(to);
  const outside = { outside: offset, from: last?.offset ?? offset };
  const { end } = from;
  if (end.kind === 'indirect') from.end = { ...end, targets: end.targets.filter((one) => one.to !== to) };
  else from.end = withTargets(end, (target): Target => (target === to ? outside : target));
}
