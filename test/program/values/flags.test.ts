import { strict as assert } from 'node:assert';
import { enumText } from '../../../program/values/format/scalars';

describe('an enumeration is one of flags', () => {
  const of = (values: readonly number[], value: number) =>
    enumText(
      {
        kind: 'enum',
        name: 'e',
        size: 4,
        isSigned: false,
        isCplusplus: false,
        isClass: false,
        underlying: undefined,
        enumerators: values.map((each) => ({ name: `E${each}`, value: BigInt(each) })),
      },
      BigInt(value),
    );

  it('where each enumerator is a bit, or zero', () => {
    assert.equal(of([1, 2, 4], 5), '(E1 | E4)');
    assert.equal(of([0, 1, 2], 12), '(unknown: 0xc)');
    assert.equal(of([1, 1, 2], 3), '(E1 | E2)');
  });

  it('and not where one has several', () => {
    assert.equal(of([0, 7], 3), '3');
    assert.equal(of([1, 6], 7), '7');
    assert.equal(of([5], 8), '8');
  });
});
