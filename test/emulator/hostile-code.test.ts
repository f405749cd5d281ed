import assert from 'node:assert/strict';
import { decode } from '../../riscv/decode';
import { instructionTable, rowOf } from '../../riscv/instruction-table';
import { machineWith, places, stateOf } from '../support/code-machine';
import { Random } from '../support/random';

const { code, data } = places;

/** Code of which most words are instructions, and the others anything at all. */
function randomCode(random: Random): Uint8Array {
  const words = Uint32Array.from({ length: 64 }, () => {
    const { match, mask } = random.pick(instructionTable);
    return random.below(8) === 0 ? random.word() : (match | (random.word() & ~mask)) >>> 0;
  });
  return new Uint8Array(words.buffer);
}

function randomMachine(seed: number) {
  const random = new Random(seed);
  const machine = machineWith([], { writableCode: seed % 2 === 0, codePages: 1 + (seed % 3) });
  machine.memory.write(code, randomCode(random));
  for (let index = 1; index < 32; index += 1) {
    const near = random.pick([code, data, places.readOnly, places.nothing]) + BigInt(random.below(256) - 64);
    machine.writeX(index, random.pick([near, near, near, random.doubleword()]));
  }
  return machine;
}

describe('code that is random', () => {
  it('ends in a stop or uses up its budget, never more, and keeps x0', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const machine = randomMachine(seed);
      const stop = machine.run(2000);
      seen.add(stop.kind === 'exception' ? stop.exception.cause : stop.kind);
      assert.equal(machine.readX(0), 0n);
      if (stop.kind === 'budget') assert.equal(machine.instret, 2000n);
      else assert.ok(machine.instret < 2000n);
      if (stop.kind === 'exception' && stop.exception.cause === 'illegal-instruction') checkIllegal(Number(stop.exception.value));
    }
    for (const cause of ['load-access-fault', 'store-access-fault', 'illegal-instruction', 'instruction-access-fault'])
      assert.ok(seen.has(cause), cause);
  });

  it('gives the same state in steps, in slices and at one go', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const [whole, stepped, sliced] = [randomMachine(seed), randomMachine(seed), randomMachine(seed)];
      const end = whole.run(300);
      let stop = stepped.step();
      for (let count = 1; count < 300 && stop.kind === 'budget'; count += 1) stop = stepped.step();
      assert.deepEqual(stop, end, `seed ${seed}`);
      assert.deepEqual(stateOf(stepped), stateOf(whole), `seed ${seed}`);
      stop = sliced.run(7);
      for (let left = 293; left > 0 && stop.kind === 'budget'; left -= 7) stop = sliced.run(Math.min(7, left));
      assert.deepEqual(stateOf(sliced), stateOf(whole), `seed ${seed}`);
    }
  });
});

/** What is called illegal is no instruction, one that names a CSR which it may not, or one with a reserved rounding mode. */
function checkIllegal(word: number): void {
  const instruction = decode(word);
  if (!instruction) return;
  const { meaning, mnemonic, roundingMode } = instruction;
  assert.ok(meaning.startsWith('csrr') || rowOf(mnemonic).extension === 'Sm' || roundingMode !== 0, word.toString(16));
}
