import assert from 'node:assert/strict';
import { i32 } from '../../../emulator/wasm/expression';
import { get } from '../../../emulator/wasm/function-body';
import { encodeModule } from '../../../emulator/wasm/module';
import { canTailCall } from '../../../emulator/wasm/tail-calls';
import { modulesMade, textOf } from './modules-made';
import { Pair } from './pair';

const some = (count: number): string =>
  Array.from({ length: count }, (_, index) => `        addi a${(index + 1) % 6}, a${index % 6}, ${index}`).join('\n');

/**
 * A loop that is longer than a region, so that it takes several, with ways that meet: they can be entered there too. Each round it stores
 * how many there were.
 */
const ring = `
        .globl _start
_start: la s0, rounds
first:
${some(100)}
        andi t3, a1, 64
        beqz t3, second
        addi s2, s2, 1
second:
${some(150)}
        andi t3, a2, 32
        beqz t3, third
        addi s3, s3, 1
third:
${some(200)}
        andi t3, a3, 32
        beqz t3, fourth
        addi s4, s4, 1
fourth:
${some(300)}
        addi s1, s1, 1
        sd s1, 0(s0)
        j first
        .data
        .align 3
rounds: .dword 0
`;

const budget = { kind: 'budget' };

describe('regions that go on at others', () => {
  it('do so by tail calls, also where those have several entries', async () => {
    const made = modulesMade(() => {
      const pair = new Pair(ring, { hotAfter: 20 });
      assert.deepEqual(pair.run(1_000_000), budget);
    });
    const texts = (await Promise.all(made.map((module) => textOf(module)))).join('');
    assert.match(texts, /return_call_indirect/);
    assert.match(texts, /return_call \d/);
  });

  it('leave no frame behind each time', () => {
    const pair = new Pair(ring, { hotAfter: 20 });
    assert.deepEqual(pair.run(1_000_000), budget);
    const { regions } = pair.ours.statistics;
    assert.ok(regions >= 2, `${regions} regions`);
    // Thousands of them follow each other: the host's stack has room for a thousand frames or few more.
    assert.deepEqual(pair.run(100_000_000), budget);
    assert.equal(pair.ours.statistics.regions, regions);
  });

  it('end with the fuel at any instruction', () => {
    const pair = new Pair(ring, { hotAfter: 20 });
    for (let slice = 1; slice < 2_000; slice += 1) assert.deepEqual(pair.run(slice), budget);
  });

  it('go to the interpreter where what they went on at is no region any more, and to the next one that is', () => {
    const pair = new Pair(ring, { hotAfter: 20 });
    assert.deepEqual(pair.run(1_000_000), budget);
    for (const name of ['first', 'third', 'fourth']) {
      const address = pair.address(name);
      for (const machine of pair.machines) machine.setBreakpoint(address);
      assert.equal(pair.run(1_000_000).kind, 'breakpoint');
      assert.equal(pair.ours.pc, address);
      for (const machine of pair.machines) machine.clearBreakpoint(address);
      assert.deepEqual(pair.run(1_000_000), budget);
    }
    assert.ok(pair.ours.statistics.dropped['stop changed'] > 0);
  });

  it('return to the interpreter from when on the host sees all exits', async () => {
    const pair = new Pair(ring, { hotAfter: 20 });
    assert.deepEqual(pair.run(1_000_000), budget);
    const made = modulesMade(() => {
      let exits = 0;
      pair.ours.watchRegions(() => {
        exits += 1;
      });
      assert.deepEqual(pair.run(1_000_000), budget);
      assert.ok(exits > 1_000, `${exits} exits`);
    });
    assert.doesNotMatch((await Promise.all(made.map((module) => textOf(module)))).join(''), /return_call/);
  });
});

describe('tail calls', () => {
  it('are what the engine says: as many as there are, without a frame each', () => {
    // V8 has them since version 11.2, and this project needs none that is older.
    assert.equal(canTailCall(), true);
    const count = { type: 'i32', index: 0 } as const;
    const module = encodeModule(0, [
      {
        ...{ name: 'count', parameters: ['i32'], results: ['i32'] },
        write: (body) => {
          body.if(i32.eqz(get(count)), () => body.return(i32.constant(7)));
          body.tailCall(0, i32.sub(get(count), i32.constant(1)));
        },
      },
    ]);
    const memory = new WebAssembly.Memory({ initial: 0, maximum: 0 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { host: { memory } });
    assert.equal((exports.count as (count: number) => number)(1_000_000), 7);
  });
});
