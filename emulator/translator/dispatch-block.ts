import { type Block, isBlock } from './control-flow';

/**
 * Has indirect jumps of a region, which these blocks end with, go by one block without instructions that dispatches to any of their
 * targets, and begins the region with it: so it can be entered at each of them, and threaded code, where each of many jumps leads to all
 * others, is one loop. `start` is the offset of the region's first block so far, `isShared` tells whether a target is the same for all
 * jumps. Gives the block; undefined where no jump has such a target elsewhere.
 */
export function dispatchBlock(
  entry: Block,
  start: number,
  jumps: readonly Block[],
  isShared: (offset: number, to: Block) => boolean,
): Block | undefined {
  const shared = new Map<number, Block>([[start, entry]]);
  const sharing: Block[] = [];
  for (const block of jumps) {
    if (block.end.kind !== 'indirect') continue;
    const before = sharing.length;
    for (const { offset, to } of block.end.targets) {
      if (!isBlock(to) || !canBeEntered(to) || !isShared(offset, to)) continue;
      shared.set(offset, to);
      sharing[before] = block;
    }
  }
  // There is nothing to dispatch where all go to where the region begins anyway.
  if (shared.size === 1) return undefined;
  const targets = [...shared].map(([offset, to]) => ({ offset, to }));
  const dispatch: Block = { steps: [], end: { kind: 'indirect', targets, jumps: sharing.map(({ steps }) => steps.at(-1)!) }, index: 0 };
  for (const block of sharing) block.end = { kind: 'goto', to: dispatch };
  return dispatch;
}

/** A hook is not passed over for want of fuel: only a region of its instruction alone, which always has it, begins there. */
export function canBeEntered({ steps }: Block): boolean {
  return steps[0] !== undefined && !steps[0].hook;
}
