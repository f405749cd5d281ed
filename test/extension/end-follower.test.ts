import { strict as assert } from 'node:assert';
import { EndFollower } from '../../extension/trace-view/end-follower';

describe('who follows the end of a trace', () => {
  const steps = (...visible: readonly (readonly [first: number, last: number, lineCount: number])[]) => {
    const follower = new EndFollower();
    for (const [first, last, lineCount] of visible) follower.scrolled('trace', { first, last }, lineCount);
    return follower;
  };

  it('does so until it scrolls up', () => {
    assert.ok(new EndFollower().isFollowing('trace'));
    assert.ok(steps([0, 30, 31], [970, 999, 1000]).isFollowing('trace'));
    assert.ok(!steps([970, 999, 1000], [900, 930, 1000]).isFollowing('trace'));
    assert.ok(steps([970, 999, 1000], [900, 930, 1000]).isFollowing('other'));
  });

  it('is not taken for a reader where the text has grown under it', () => {
    assert.ok(steps([0, 30, 31], [0, 30, 2000], [0, 30, 2000]).isFollowing('trace'));
    assert.ok(steps([970, 999, 1000], [0, 20, 21]).isFollowing('trace'));
  });

  it('does so again at the end, or when it is shown anew', () => {
    const follower = steps([970, 999, 1000], [900, 930, 1000]);
    assert.ok(!follower.scrolled('trace', { first: 950, last: 980 }, 1000));
    assert.ok(follower.scrolled('trace', { first: 969, last: 998 }, 1000));
    assert.ok(follower.isFollowing('trace'));
    assert.ok(!follower.scrolled('trace', { first: 970, last: 999 }, 1000));
    follower.scrolled('trace', { first: 0, last: 30 }, 1000);
    follower.follow('trace');
    assert.ok(follower.isFollowing('trace'));
  });
});
