import assert from 'node:assert/strict';
import { followTraced } from '../../extension/markers/follow-traced';
import type { Marker } from '../../extension/markers/marker';

const marker = (name: string): Marker => ({ uri: 'file:///a.s', function: name, line: 3, stop: true });
const uriOf = (path: string) => `file://${path}`;

describe('markers after a write to set_ftrace_filter', () => {
  it('come for what is traced now, and go for what was and is not', () => {
    const before = [marker('f'), marker('g'), marker('h')];
    const isOn = ({ function: name }: Marker) => name !== 'h';
    const after = followTraced(
      before,
      [{ function: 'f', source: '/a.s', line: 4 }, { function: 'k', source: '/b.s', line: 8 }, { function: 'unknown' }],
      isOn,
      uriOf,
    );
    assert.deepEqual(after, [marker('f'), marker('h'), { uri: 'file:///b.s', function: 'k', line: 7, stop: false }]);
  });

  it('stay the same list where nothing has changed', () => {
    const before = [marker('f')];
    assert.equal(
      followTraced(before, [{ function: 'f', source: '/a.s', line: 4 }], () => true, uriOf),
      before,
    );
    assert.deepEqual(
      followTraced(before, [], () => true, uriOf),
      [],
    );
    assert.equal(
      followTraced(before, [], () => false, uriOf),
      before,
    );
  });
});
