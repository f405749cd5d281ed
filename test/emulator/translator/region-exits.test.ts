import assert from 'node:assert/strict';
import { machineWith, places } from '../../support/code-machine';
import { Random } from '../../support/random';
import { Lockstep } from './lockstep';
import { corpus } from './lockstep-corpus';
import { runInSlices, startInLockstep } from './lockstep-process';
import { randomProgram, setRandomRegisters } from './random-program';

describe('translator and interpreter in lockstep', () => {
  it('have the same registers, memory and count at every exit of a region of random programs', () => {
    let exits = 0;
    for (let seed = 1000; seed < 1016; seed += 1) {
      const program = randomProgram(new Random(seed));
      const make = (hotAfter: number) => {
        const machine = machineWith(program, { hotAfter, notesWrites: hotAfter === 0 });
        setRandomRegisters(machine, new Random(seed));
        return machine;
      };
      const both = new Lockstep(make(2), make(0), `seed ${seed}`);
      for (let left = 8000; left > 0; left -= 1000) {
        if (both.run(1000).kind !== 'exception') continue;
        for (const machine of [both.ours, both.theirs]) {
          machine.pc = places.code;
          setRandomRegisters(machine, new Random(seed + left));
        }
      }
      exits += both.exits;
    }
    assert.ok(exits > 1000, `${exits} exits`);
  });

  // The others, and for longer, by `npm run lockstep`.
  it('have them in samples, whole programs and benchmarks', function () {
    this.timeout(300_000);
    const names = ['fib.s', 'files.elf', 'library-musl.elf', 'bytecode.elf', 'callbacks.elf', 'matmul.elf', 'mixture.elf', 'text.elf'];
    for (const program of corpus(names)) {
      const { both } = startInLockstep(program, { hotAfter: 20, arguments: ['3'] });
      runInSlices(both, 100_000);
      assert.ok(both.exits > 0 && both.ours.statistics.translated > 0, `${program.name}: ${both.exits} exits`);
    }
  });
});
