import assert from 'node:assert/strict';
import { allModels } from '../../ftrace/models/models';
import { runStartupTests, startupTests } from '../../ftrace/selftest/startup-tests';
import { nameOf } from './launch';

describe("the kernel's start-up tests", () => {
  for (const model of allModels) {
    it(`pass in model ${nameOf(model)}`, () => {
      const results = [...runStartupTests(model)];
      assert.equal(results.length, startupTests.length);
      assert.deepEqual(
        results.filter(({ passed }) => !passed),
        [],
      );
      assert.equal(results[0]!.line, 'Testing tracer function: PASSED');
      const regs = results.some(({ line }) => line === 'Testing ftrace regs: PASSED');
      assert.equal(regs, model.name === 'regs');
    });
  }
});
