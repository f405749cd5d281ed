import { strict as assert } from 'node:assert';
import { TracedCalls } from '../../debug-adapter/traced-calls';
import type { FtraceRegs } from '../../ftrace/ftrace-regs';

const call = (name: bigint, sp: bigint, ra = 0n) => ({ function: name, regs: { sp, ra } as FtraceRegs });
const [f, g] = [0x100n, 0x200n];

describe('the traced calls that have not returned', () => {
  it('are found by function and stack pointer at the entry', () => {
    const calls = new TracedCalls();
    const entries = [call(f, 96n), call(g, 80n), call(f, 64n), call(f, 32n)];
    for (const each of entries) calls.push(each);
    assert.deepEqual([calls.find(f, 96n), calls.find(g, 80n), calls.find(f, 64n), calls.find(f, 32n)], entries);
    assert.equal(calls.find(f, 80n), undefined);
    assert.equal(calls.find(f, 48n), undefined);
    assert.equal(calls.find(f, 0n), undefined);
  });

  it('have returned when one is made from the same stack pointer or above', () => {
    const calls = new TracedCalls();
    for (const each of [call(f, 96n), call(f, 64n), call(f, 32n), call(g, 64n)]) calls.push(each);
    assert.equal(calls.find(f, 32n), undefined);
    assert.equal(calls.find(f, 64n), undefined);
    assert.ok(calls.find(g, 64n) && calls.find(f, 96n));
  });

  it('of a function that is turned off stay only while they live', () => {
    const calls = new TracedCalls();
    const [outer, other, inner] = [call(f, 96n, 8n), call(g, 80n), call(f, 64n, 16n)];
    for (const each of [outer, other, inner]) calls.push(each);
    assert.deepEqual(
      calls.retain(f, (each) => each === outer),
      [outer],
    );
    assert.equal(calls.find(f, 64n), undefined);
    assert.ok(calls.find(g, 80n));
    assert.deepEqual([calls.returnsTo(8n), calls.returnsTo(16n)], [true, false]);
    calls.returned(96n);
    assert.deepEqual([calls.find(f, 96n), calls.find(g, 80n), calls.returnsTo(8n)], [undefined, undefined, false]);
  });
});
