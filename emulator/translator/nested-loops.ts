import { type Block, ControlFlow, successors, withTargets } from './control-flow';

/**
 * Gives outer loops that begin with an inner one a first block of their own. A region begins with its hottest loop, so that the loops
 * around that would come back to the same block, and be one loop with it: too long to be unrolled, and with what only the outer ones
 * change carried round each time. Gives the control flow after that.
 */
export function separateLoops(flow: ControlFlow): ControlFlow {
  const shared = flow.blocks.filter((header, index) => {
    if (!flow.isLoop(index)) return false;
    const latches = latchesOf(flow, index);
    return latches.some((latch) => isAhead(latch, header)) && latches.some((latch) => !isAhead(latch, header));
  });
  if (shared.length === 0) return flow;
  let entry = flow.blocks[0]!;
  for (const header of shared) {
    const outer: Block = { steps: [], end: { kind: 'goto', to: header }, index: 0 };
    for (const from of flow.blocks) {
      const isInner = from.index >= header.index && !isAhead(from, header);
      if (!isInner && successors(from).includes(header)) {
        from.end = withTargets(from.end, (target) => (target === header ? outer : target));
      }
    }
    if (header === entry) entry = outer;
  }
  return new ControlFlow(entry);
}

function latchesOf(flow: ControlFlow, header: number): Block[] {
  return flow
    .predecessors(header)
    .filter((from) => from >= header)
    .map((from) => flow.blocks[from]!);
}

/** Whether a block stands before the first one of a loop in memory, as what prepares the loop does. */
function isAhead(block: Block, header: Block): boolean {
  const [last, first] = [block.steps.at(-1), header.steps[0]];
  return last !== undefined && first !== undefined && last.offset < first.offset;
}
