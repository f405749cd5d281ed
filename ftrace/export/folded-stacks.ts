import type { Symbols } from '../output/symbols';
import type { RingBuffer } from '../ring-buffer';
import { type CallNode, callTree } from './call-tree';

/** The trace as folded stacks, `main;fib;fib 120`, for flame graphs: the nanoseconds that each stack was the innermost one. */
export function foldedStacks(buffer: RingBuffer, symbols: Symbols): string[] {
  const { root, samples } = callTree(buffer);
  const times = new Map<CallNode, bigint>();
  for (const { node, from, to } of samples) times.set(node, (times.get(node) ?? 0n) + to - from);
  const lines: string[] = [];
  const visit = (node: CallNode, path: readonly string[]) => {
    const time = times.get(node) ?? 0n;
    if (path.length > 0 && time > 0n) lines.push(`${path.join(';')} ${time}`);
    for (const child of node.children.values()) visit(child, [...path, symbols.name(child.ip).replaceAll(/[; ]/g, '_')]);
  };
  visit(root, []);
  return lines;
}
