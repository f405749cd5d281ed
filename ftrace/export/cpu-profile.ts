import type { Program } from '../../program/program';
import type { Symbols } from '../output/symbols';
import type { RingBuffer } from '../ring-buffer';
import { type CallNode, callTree } from './call-tree';

/**
 * The trace as a `.cpuprofile` (Chrome DevTools protocol, Profiler.Profile), which VS Code opens: times in microseconds, each sample the
 * time that a function was the innermost one.
 */
export function cpuProfile(buffer: RingBuffer, symbols: Symbols, program: Program): string {
  const { nodes, samples } = callTree(buffer);
  const start = samples[0]?.from ?? 0n;
  const end = samples.at(-1)?.to ?? start;
  const counts = new Map<CallNode, number>();
  for (const { node } of samples) counts.set(node, (counts.get(node) ?? 0) + 1);
  const microseconds = (time: bigint) => Number(time) / 1000;
  return JSON.stringify({
    nodes: nodes.map((node) => ({
      id: node.id,
      callFrame: callFrame(node, symbols, program),
      hitCount: counts.get(node) ?? 0,
      children: [...node.children.values()].map(({ id }) => id),
    })),
    startTime: microseconds(start),
    endTime: microseconds(end),
    samples: samples.map(({ node }) => node.id),
    timeDeltas: samples.map(({ from, to }) => microseconds(to - from)),
  });
}

function callFrame({ id, ip }: CallNode, symbols: Symbols, program: Program) {
  if (id === 1) return { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  const symbol = program.symbols.functionAt(ip);
  const row = symbol && program.lines.at(program.lines.bodyAddress(symbol))?.row;
  return {
    functionName: symbols.name(ip),
    scriptId: '1',
    url: row ? row.path : '',
    lineNumber: row ? row.line - 1 : -1,
    columnNumber: row ? 0 : -1,
  };
}
