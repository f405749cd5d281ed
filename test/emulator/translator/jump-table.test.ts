import assert from 'node:assert/strict';
import { type JumpTable, jumpTableOf } from '../../../emulator/translator/jump-table';

/** The entry that code which `entryOf` writes takes. */
function entry({ bits, multiplier }: JumpTable, distance: number): number {
  return bits === undefined ? distance / 2 : Math.imul(distance, multiplier) >>> (32 - bits);
}

describe('the table of a jump', () => {
  it('has an entry for each halfword where targets are near each other', () => {
    const table = jumpTableOf([0, 8, 4]);
    assert.equal(table.bits, undefined);
    assert.deepEqual(table.entries, [0, -1, 2, -1, 1]);
  });

  it('has one target', () => {
    assert.deepEqual(jumpTableOf([0]).entries, [0]);
  });

  it('gives each target an entry of its own, and is small, however far apart they are', () => {
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let trial = 0; trial < 500; trial += 1) {
      const targets = new Set([0]);
      const count = 2 + random(250);
      while (targets.size < count) targets.add(2 * random(1 << 14));
      const distances = [...targets].sort(() => random(3) - 1);
      const table = jumpTableOf(distances);
      distances.forEach((distance, index) => {
        assert.equal(table.entries[entry(table, distance)], index, distances.join(' '));
      });
      assert.equal(table.entries.filter((one) => one >= 0).length, count);
      assert.ok(table.entries.length <= Math.max(8, count * count), `${table.entries.length} entries for ${count}`);
      if (count <= 32) assert.ok(table.entries.length <= 512, `${table.entries.length} entries for ${count}`);
    }
  });
});
