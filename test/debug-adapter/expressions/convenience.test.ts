import assert from 'node:assert/strict';
import { Convenience } from '../../../debug-adapter/expressions/convenience';
import { intType } from '../../../program/types/base-types';
import { ofBytes, type ValueMemory } from '../../../program/values/value';
import { bytesOfNumber } from '../../../program/values/value-bytes';

describe('The history of values', () => {
  const numbered = (count: number) => {
    const convenience = new Convenience();
    for (let value = 1; value <= count; value += 1)
      convenience.record(ofBytes(intType, bytesOfNumber(BigInt(value), 4)), {} as ValueMemory);
    return (name: string) => {
      const location = convenience.value(name)?.location;
      return location?.kind === 'value' ? new DataView(location.bytes.buffer).getInt32(0, true) : undefined;
    };
  };

  it('has the last by $ and $$, and each by its number, from both ends', () => {
    const value = numbered(5);
    assert.deepEqual([value(''), value('$'), value('2'), value('$3'), value('6')], [5, 4, 2, 2, undefined]);
  });

  it('forgets the first where there are very many, and numbers go on', () => {
    const value = numbered(10_002);
    assert.deepEqual([value(''), value('$'), value('10001'), value('3'), value('2')], [10_002, 10_001, 10_001, 3, undefined]);
  });
});
