import assert from 'node:assert/strict';
import { RandomSession } from './random-session';

describe('random code with a debugger at it, in lockstep', () => {
  // Others, and for longer, by `npm run lockstep:random`.
  it('has the same state at every exit of a region, through all that is done to it', function () {
    this.timeout(300_000);
    const stops = new Set<string>();
    let [exits, translated] = [0, 0];
    for (let seed = 1; seed <= 40; seed += 1) {
      const session = new RandomSession(seed);
      session.run(25_000);
      exits += session.both.exits;
      translated += session.both.ours.statistics.translated;
      for (const stop of session.stops) stops.add(stop);
    }
    assert.ok(exits > 7_000 && translated > 200, `${exits} exits of ${translated} regions`);
    const causes = ['load-access-fault', 'store-access-fault', 'illegal-instruction', 'instruction-access-fault'];
    for (const kind of ['budget', 'breakpoint', 'hook', ...causes]) assert.ok(stops.has(kind), kind);
  });
});
