import assert from 'node:assert/strict';
import { type Block, type ControlFlow, type End, isBlock, startOf, type Target } from '../../../emulator/translator/control-flow';
import { reducible } from '../../../emulator/translator/reducible';
import { Random } from '../../support/random';
import { graph } from './graph';

/** The blocks that are come to, by the offsets they begin with, where branches are taken as `random` says; 16 at most. */
function walk(entry: Block, random: Random): number[] {
  const come: number[] = [];
  for (let at: Target = entry; come.length < 16; at = next(at.end, random)!) {
    come.push(isBlock(at) ? startOf(at) : at.outside);
    if (!isBlock(at) || at.end.kind === 'return') break;
  }
  return come;
}

function next(end: End, random: Random): Target | undefined {
  if (end.kind === 'goto') return end.to;
  return end.kind === 'branch' ? (random.below(2) ? end.taken : end.next) : undefined;
}

function leaves({ blocks }: ControlFlow): number {
  const targets = blocks.flatMap(({ end }) => (end.kind === 'goto' ? [end.to] : end.kind === 'branch' ? [end.taken, end.next] : []));
  return targets.filter((target) => !isBlock(target)).length;
}

function stepsOf({ blocks }: ControlFlow): number {
  return blocks.reduce((sum, { steps }) => sum + steps.length, 0);
}

describe('control flow with one beginning for each loop', () => {
  const cases: Record<string, { length: number; ways: number[][]; steps: number; leaves: number }> = {
    'a loop that has one stays as it is': { length: 3, ways: [[1], [2, 3], [1], []], steps: 12, leaves: 0 },
    'one that is come to in the middle has what is before that twice': { length: 3, ways: [[1, 2], [2], [1, 3], []], steps: 15, leaves: 0 },
    'so has one that is come to at three places': { length: 2, ways: [[1, 4], [2], [3], [1, 5], [2, 3], []], steps: 16, leaves: 0 },
    'a long one is left where it is come to in the middle': { length: 120, ways: [[1, 2], [2], [1, 3], []], steps: 480, leaves: 1 },
  };
  for (const [name, { length, ways, steps, leaves: wanted }] of Object.entries(cases)) {
    it(name, () => {
      const flow = reducible(graph(length, ways), (tried) => tried);
      assert.deepEqual(flow.irreducible(), []);
      assert.deepEqual({ steps: stepsOf(flow), leaves: leaves(flow) }, { steps, leaves: wanted });
    });
  }

  it('goes the ways that it went before, whatever they are', () => {
    const random = new Random(4711);
    let [twice, left] = [0, 0];
    for (let round = 0; round < 2000; round += 1) {
      const count = 3 + random.below(10);
      const ways = Array.from({ length: count }, () => Array.from({ length: Math.min(2, random.below(8)) }, () => random.below(count)));
      const length = 1 + random.below(40);
      const before = graph(length, ways);
      const flow = reducible(graph(length, ways), (tried) => tried);
      assert.deepEqual(flow.irreducible(), []);
      twice += stepsOf(flow) > length * count ? 1 : 0;
      left += leaves(flow) > 0 ? 1 : 0;
      for (let walks = 0; walks < 8; walks += 1) {
        const seed = random.word();
        const come = walk(flow.blocks[0]!, new Random(seed));
        assert.deepEqual(walk(before, new Random(seed)).slice(0, come.length), come, JSON.stringify({ length, ways }));
      }
    }
    assert.ok(twice > 20 && left > 20, `${twice} with blocks twice, ${left} that are left`);
  });
});
