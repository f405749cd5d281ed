import assert from 'node:assert/strict';
import { ofDelay, ofSpeed, shortestOf, type Watched, watch } from '../../bench/watch';

const usual: Watched = { took: 5, fixedWork: 0.01, away: 0 };
const others = Array.from({ length: 99 }, () => usual);

describe('what is watched', () => {
  it('is all that took place, in order', () => {
    const measure = watch();
    const done: number[] = [];
    for (const number of [1, 2]) {
      const { took, fixedWork, away } = measure(() => done.push(number));
      assert.ok(took >= 0 && fixedWork > 0 && away >= 0 && away <= took);
    }
    assert.deepEqual(done, [1, 2]);
  });

  for (const [what, one, tellsSpeed, tellsDelay] of [
    ['undisturbed', { took: 5, fixedWork: 0.011, away: 0.5 }, true, true],
    ['on a slower processor', { took: 5, fixedWork: 0.015, away: 0 }, false, true],
    ['beside a neighbour', { took: 5, fixedWork: 0.025, away: 0 }, false, false],
    ['without a processor', { took: 5, fixedWork: 0.01, away: 2 }, true, false],
  ] as const) {
    it(`tells ${tellsSpeed ? 'a' : 'no'} speed and ${tellsDelay ? 'a' : 'no'} delay ${what}`, () => {
      const all = [...others, one];
      assert.deepEqual([ofSpeed(all).includes(one), ofDelay(all).includes(one)], [tellsSpeed, tellsDelay]);
    });
  }

  it('is compared with fixed work that a few exceptions have no part in', () => {
    assert.equal(shortestOf([...others, { ...usual, fixedWork: 0.001 }]), 0.01);
    assert.equal(shortestOf([]), 0);
  });
});
