import type { Block, Step } from '../../../emulator/translator/control-flow';

/** Bytes from the offset of one block to the next one's. */
export const stride = 0x1000;

/** The first of blocks with `length` steps each, of which each leads to the blocks whose numbers it has: none, one, or those of a branch. */
export function graph(length: number, ways: readonly (readonly number[])[]): Block {
  const blocks = ways.map((_, number): Block => ({ steps: stepsAt(number, length), end: { kind: 'return' }, index: 0 }));
  blocks.forEach((block, number) => {
    const [one, other] = ways[number]!.map((to) => blocks[to]!);
    if (one && other) block.end = { kind: 'branch', taken: one, next: other };
    else if (one) block.end = { kind: 'goto', to: one };
  });
  return blocks[0]!;
}

/** Steps of the block of a number, with nothing but offsets, and hooks where they have any. */
export function stepsAt(number: number, length: number, hook?: Step['hook']): Step[] {
  return Array.from({ length }, (_, index) => ({ offset: number * stride + 4 * index, hook }) as Step);
}
