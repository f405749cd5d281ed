import assert from 'node:assert/strict';
import { costTable, measureModel } from '../../ftrace/compare/compare-models';
import type { Model } from '../../ftrace/models/model';
import { allModels } from '../../ftrace/models/models';
import { assembled, Launch, nameOf, sample } from './launch';

const load = (model: Model) => async () => {
  const { machine, program } = new Launch(assembled(sample('fib.s'), model));
  return { machine, program };
};

describe('the comparison of the models', () => {
  /** Counted by hand in the documented sequences: 8 bytes a load or store, and the two words of a call site. */
  const expected: Record<string, [stack: number, loaded: number, stored: number, written: number, stops: boolean]> = {
    regs: [288, 96, 88, 2, true],
    'args (single)': [112, 104, 104, 1, false],
    'args (pair)': [112, 104, 104, 2, true],
    'call-ops': [112, 128, 104, 1, false],
  };
  for (const model of allModels) {
    it(`measures ${nameOf(model)} on a program`, async () => {
      const { calls, stack, loaded, stored, written, stopsMachine, instructions } = await measureModel(model, ['fib'], load(model));
      assert.deepEqual([stack, loaded, stored, written, stopsMachine], expected[nameOf(model)]);
      assert.equal(calls, 177);
      assert.ok(instructions > 30 && instructions < 50, String(instructions));
    });
  }

  it('measures a program that never ends by its first calls', async () => {
    const endless = '.globl _start\n_start: call f\n j _start\n .type f, @function\nf: ret\n .size f, .-f\n';
    for (const model of allModels) {
      const again = async () => {
        const { machine, program } = new Launch(assembled(endless, model));
        return { machine, program };
      };
      const { calls, instructions } = await measureModel(model, ['f'], again);
      assert.equal(calls, 99_999);
      assert.ok(instructions > 30 && instructions < 50, String(instructions));
    }
  });

  it('says why a model cannot be measured', async () => {
    const [, , , callOps] = allModels;
    await assert.rejects(measureModel(callOps!, ['fib'], load(allModels[1]!)), /-fpatchable-function-entry=8,4/);
    await assert.rejects(measureModel(callOps!, ['nosuch'], load(callOps!)), /no function nosuch/);
    assert.match(costTable([{ model: callOps!, problem: 'why' }]), /^model .*\ncall-ops {6}why\n$/);
  });
});
