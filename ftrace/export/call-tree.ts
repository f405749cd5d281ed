import type { RingBuffer } from '../ring-buffer';
import { callSpans } from './call-spans';

/** A function as it was called by those above it. */
export interface CallNode {
  readonly ip: bigint;
  readonly children: Map<bigint, CallNode>;
  /** From 1, in the order in which the nodes were met. */
  readonly id: number;
  hits: number;
}

/** From one moment to the next, the innermost traced call that was under way. */
export interface CallSample {
  readonly node: CallNode;
  readonly from: bigint;
  readonly to: bigint;
}

/** The tree of all calls of a trace, and which of them was innermost when. The root stands for what is not traced. */
export function callTree(buffer: RingBuffer): { root: CallNode; samples: readonly CallSample[]; nodes: readonly CallNode[] } {
  const nodes: CallNode[] = [];
  const make = (ip: bigint): CallNode => {
    const node = { ip, children: new Map<bigint, CallNode>(), id: nodes.length + 1, hits: 0 };
    nodes.push(node);
    return node;
  };
  const root = make(0n);
  const stack = [root];
  const samples: CallSample[] = [];
  let before: bigint | undefined;
  for (const event of callSpans(buffer)) {
    if (event.kind === 'other') continue;
    const top = stack.at(-1)!;
    if (before !== undefined && event.time > before) samples.push({ node: top, from: before, to: event.time });
    before = event.time;
    if (event.kind === 'end') {
      stack.pop();
      continue;
    }
    let node = top.children.get(event.ip);
    if (!node) {
      node = make(event.ip);
      top.children.set(event.ip, node);
    }
    node.hits++;
    stack.push(node);
  }
  return { root, samples, nodes };
}
