import assert from 'node:assert/strict';
import { type Part, steadyStateOf } from '../../bench/steady-state';

/** What the fixed work takes undisturbed, and where a neighbour is busy. */
const shortest = 0.01;
const disturbed = 0.02;
/** Instructions of a slice of 2 ms at the last speed. */
const fast = 2_000_000;

/** Slices of 2 ms one after the other: how many, what part of the last speed they have, and what the fixed work takes. */
function slices(...parts: readonly (readonly [count: number, part: number, fixedWork?: number])[]): Part[] {
  return parts
    .flatMap(([count, part, fixedWork = shortest]) => Array.from({ length: count }, () => ({ executed: part * fast, fixedWork })))
    .map((one, index) => ({ ...one, at: 2 * index, took: 2 }));
}

const undisturbed = slices([5, 0.1], [5, 0.5], [90, 1]);

describe('the steady state of a course', () => {
  for (const [what, hot, course, expected] of [
    ['begins with the first slice of the last speed', 4, undisturbed, { steady: 20, behindHot: 16, speed: 1000 }],
    ['is there at once where no code becomes hot', Number.POSITIVE_INFINITY, slices([50, 1]), { steady: 0, behindHot: 0, speed: 1000 }],
    ['may have nine tenths of the last speed', 0, slices([5, 0.1], [20, 0.92], [75, 1]), { steady: 10, behindHot: 10, speed: 1000 }],
    ['has not begun with a slice that was fast alone', 0, slices([1, 1], [9, 0.1], [90, 1]), { steady: 20, behindHot: 20, speed: 1000 }],
    ['begins after the last long time of being slow', 0, slices([20, 1], [20, 0.2], [60, 1]), { steady: 80, behindHot: 80, speed: 1000 }],
    ['bears a slow slice in it', 0, slices([10, 0.1], [20, 1], [1, 0.1], [69, 1]), { steady: 20, behindHot: 20, speed: 1000 }],
    [
      'leaves out slices that are disturbed',
      0,
      slices([10, 0.1], [20, 1], [30, 0.2, disturbed], [40, 1]),
      { steady: 20, behindHot: 20, speed: 1000 },
    ],
    ['begins undisturbed', 0, slices([10, 0.1], [2, 1, disturbed], [88, 1]), { steady: 24, behindHot: 24, speed: 1000 }],
    ['is unknown where much of the way there is disturbed', 0, slices([6, 0.1], [4, 0.1, disturbed], [90, 1]), undefined],
    [
      'is known where what was before any hot code is disturbed',
      8,
      slices([4, 0.1, disturbed], [6, 0.1], [90, 1]),
      { steady: 20, behindHot: 12, speed: 1000 },
    ],
    ['is unknown where all of it is disturbed', 0, slices([100, 1, disturbed]), undefined],
    ['is unknown of a course that ends too soon', 0, slices([10, 1]), undefined],
  ] as const) {
    it(what, () => {
      const state = steadyStateOf({ hot, slices: course }, shortest);
      assert.deepEqual(state, expected);
    });
  }
});
