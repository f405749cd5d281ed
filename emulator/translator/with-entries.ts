import { type Block, ControlFlow, isBlock } from './control-flow';
import { canBeEntered } from './dispatch-block';

/** Instructions that a region has at least to be entered elsewhere: shorter ones are as well made again from there. */
const shortest = 128;

/**
 * The control flow of a long region as one that can be entered at places where other code is likely to come to it, so that this ends there
 * and does not have all of the rest once more: where several ways meet, where loops begin, and where calls come back to, as the region has
 * nothing in locals there. Only outside of loops, which have one beginning each. `start` is the offset of the first block, `isShared` tells
 * whether a block is what is at an offset for all that comes from elsewhere. Gives the same where there is no such place.
 */
export function withEntries(flow: ControlFlow, start: number, isShared: (offset: number, block: Block) => boolean): ControlFlow {
  const { blocks } = flow;
  if (blocks.reduce((sum, { steps }) => sum + steps.length, 0) < shortest) return flow;
  const depths = depthsIn(flow);
  const backs = new Set<Block>();
  for (const { end } of blocks) if (end.kind === 'call' && isBlock(end.back)) backs.add(end.back);
  const targets = new Map<number, Block>([[start, blocks[0]!]]);
  for (let index = 1; index < blocks.length; index += 1) {
    const block = blocks[index]!;
    const beginsLoop = flow.isLoop(index);
    if (depths[index]! > (beginsLoop ? 1 : 0) || !canBeEntered(block)) continue;
    const { offset } = block.steps[0]!;
    if (!beginsLoop && flow.predecessors(index).length < 2 && !backs.has(block)) continue;
    if (!targets.has(offset) && isShared(offset, block)) targets.set(offset, block);
  }
  if (targets.size === 1) return flow;
  return new ControlFlow({ steps: [], end: { kind: 'enter', targets: [...targets].map(([offset, to]) => ({ offset, to })) }, index: 0 });
}

/** How many loops each block is in. */
function depthsIn(flow: ControlFlow): number[] {
  const depths: number[] = [];
  for (let index = 0; index < flow.blocks.length; index += 1) depths.push(0);
  for (let header = 0; header < depths.length; header += 1) {
    if (flow.isLoop(header)) for (const index of flow.loopAt(header)) depths[index]! += 1;
  }
  return depths;
}
