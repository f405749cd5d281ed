import assert from 'node:assert/strict';
import { CallTimes } from '../../../ftrace/tracefs/call-times';
import { Random } from '../../support/random';

describe('the times of calls', () => {
  it('are summed up exactly, short and long', () => {
    const random = new Random(1);
    for (const most of [2 ** 8, 2 ** 25, 2 ** 27, 2 ** 50]) {
      const times = new CallTimes();
      const all: bigint[] = [];
      for (let count = 0; count < 3000; count += 1) {
        const time = Math.floor((random.below(2 ** 31) / 2 ** 31) * most);
        times.add(time);
        all.push(BigInt(time));
        if (count % 1000 !== 0) continue;
        const sum = all.reduce((one, other) => one + other);
        const squares = all.reduce((one, other) => one + other * other, 0n);
        const n = BigInt(all.length);
        assert.equal(times.total, sum);
        assert.equal(times.variance, n < 2n ? 0n : (n * squares - sum * sum) / (n * (n - 1n)) / 1000n);
      }
      assert.equal(times.hits, 3000);
    }
  });
});
