import { type Block, ControlFlow, successors, withTargets } from './control-flow';

/**
 * Gives outer loops that begin with an inner one a first block of their own. A region begins with its hottest loop, so that the loops
 * around that would come back to the same block, and be one loop with it: too long to be unrolled, and with what only the outer ones
 * change carried round each time. Gives the control flow after that.
 */
export function separateLoops(flow: ControlFlow): ControlFlow {
  const shared: Block[] = [];
  for (const header of flow.blocks) if (flow.isLoop(header.index) && isShared(flow, header)) shared.push(header);
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

/** Whether a loop is an inner one and others around it at once. */
function isShared(flow: ControlFlow, header: Block): boolean {
  let inner = false;
  let outer = false;
  for (const from of flow.predecessors(header.index)) {
    if (from < header.index) continue;
    if (isAhead(flow.blocks[from]!, header)) outer = true;
    else inner = true;
  }
  return inner && outer;
}

/** Whether a block stands before the first one of a loop in memory, as what prepares the loop does. */
function isAhead(block: Block, header: Block): boolean {
  const [last, first] = [block.steps.at(-1), header.steps[0]];
  return last !== undefined && first !== undefined && last.offset < first.offset;
}
