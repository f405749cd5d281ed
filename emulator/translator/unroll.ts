import { type Block, ControlFlow, copyOf, isBlock, startOf, type Target, withTargets } from './control-flow';
import { isIdle } from './idle';

/** Instructions that an unrolled loop has at most, and how often its body is written at most. */
const longest = 96;
const mostCopies = 4;

/**
 * Writes the bodies of small innermost loops several times, one behind the other: what is done once each time round, the check of the
 * fuel above all, is then done once in several. Only of loops that this region or another one begins with: one that goes round often is hot
 * before the code around it. Gives the control flow after that.
 */
export function unrollLoops(flow: ControlFlow, begins: (offset: number) => boolean): ControlFlow {
  if (!flow.hasLoops) return flow;
  let isUnrolled = false;
  for (const body of innermostLoops(flow)) {
    const copies = copiesOf(body);
    if (copies <= 1 || !begins(startOf(body[0]!))) continue;
    unroll(body, copies);
    isUnrolled = true;
  }
  return isUnrolled ? new ControlFlow(flow.blocks[0]!) : flow;
}

/** The bodies of the loops that have no loop in them, their first block first. */
function innermostLoops(flow: ControlFlow): Block[][] {
  const bodies: Block[][] = [];
  for (let header = 0; header < flow.blocks.length; header += 1) {
    if (!flow.isLoop(header) || !flow.isInInnermostLoop(header)) continue;
    bodies.push(flow.loopAt(header).map((index) => flow.blocks[index]!));
  }
  return bodies;
}

function copiesOf(body: readonly Block[]): number {
  if (body.some(({ end }) => end.kind === 'call' || end.kind === 'indirect')) return 1;
  const length = body.reduce((sum, { steps }) => sum + steps.filter((step, index) => !isIdle(step, () => steps[index + 1])).length, 0);
  return Math.min(mostCopies, Math.floor(longest / Math.max(length, 1)));
}

function unroll(body: readonly Block[], count: number): void {
  const header = body[0]!;
  const copies = Array.from({ length: count - 1 }, () => new Map(body.map((block) => [block, copyOf(block)])));
  const goOn = (target: Target, copy: number): Target => {
    if (!isBlock(target)) return target;
    if (target === header) return copies[copy]?.get(header) ?? header;
    return copies[copy - 1]?.get(target) ?? target;
  };
  copies.forEach((blocks, index) => {
    for (const copy of blocks.values()) copy.end = withTargets(copy.end, (target) => goOn(target, index + 1));
  });
  for (const block of body) block.end = withTargets(block.end, (target) => goOn(target, 0));
}
