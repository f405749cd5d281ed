import assert from 'node:assert/strict';
import type { RiscvMachine } from '../../../emulator/riscv-machine';
import { machineWith, places, stateOf } from '../../support/code-machine';
import { Random } from '../../support/random';
import { randomProgram, setRandomRegisters } from './random-program';

const instructions = 30_000;

/** Two machines with the same random program: one translates almost at once, the other never. */
function pairOf(seed: number, random: Random): { pair: [RiscvMachine, RiscvMachine]; length: number } {
  const program = randomProgram(random);
  const writableCode = random.below(3) === 0;
  const make = (hotAfter: number) => {
    const machine = machineWith(program, { hotAfter, writableCode });
    setRandomRegisters(machine, new Random(seed + 1));
    return machine;
  };
  return { pair: [make(2), make(0)], length: program.length };
}

describe('translator beside interpreter', () => {
  it('random programs have the same state after every slice, with faults, breakpoints and jumps to anywhere', () => {
    let translated = 0;
    const seen = new Set<string>();
    for (let seed = 1; seed <= 120; seed += 1) {
      const random = new Random(seed);
      const { pair, length } = pairOf(seed, random);
      for (let left = instructions; left > 0; ) {
        const budget = Math.min(left, random.pick([1, 7, 50, 300, 3000, 10_000]) + random.below(5));
        left -= budget;
        const [ours, theirs] = pair.map((machine) => machine.run(budget));
        assert.deepEqual(ours, theirs, `seed ${seed}`);
        assert.deepEqual(stateOf(pair[0]), stateOf(pair[1]), `seed ${seed}`);
        seen.add(ours!.kind);
        if (ours!.kind === 'exception') {
          for (const machine of pair) {
            machine.pc = places.code;
            setRandomRegisters(machine, new Random(seed + left));
          }
        }
        if (random.below(30) === 0) {
          const address = places.code + BigInt(4 * random.below(length));
          for (const machine of pair) machine.setBreakpoint(address);
        }
      }
      translated += pair[0].statistics.translated;
    }
    assert.ok(translated > 40, `${translated} regions`);
    for (const kind of ['budget', 'exception', 'breakpoint']) assert.ok(seen.has(kind), kind);
  });
});
