import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Debuggee } from '../../debug-adapter/debuggee';
import type { StopReason } from '../../debug-adapter/stop-reason';
import { findModel, type Model } from '../../ftrace/models/models';
import { assemble } from '../../program/assembler/assemble';
import { readProgram } from '../../program/read-program';

describe('a pause', () => {
  it('stops the program before it executes anything more', async () => {
    const { image } = assemble([{ path: 'loop.s', text: '.globl _start\n_start: addi a0, a0, 1\n        j _start\n' }]);
    const reasons: StopReason[] = [];
    const events = { output() {}, turn() {}, stopped: (reason: StopReason) => void reasons.push(reason) };
    const debuggee = new Debuggee(readProgram(image!, 'loop'), { arguments: ['loop'] }, findModel() as Model, events);
    debuggee.resume();
    while (debuggee.machine.instret === 0n) await turn();
    const { instret } = debuggee.machine;
    debuggee.pause();
    await turn();
    assert.deepEqual(reasons, [{ kind: 'pause' }]);
    assert.equal(debuggee.machine.instret, instret);
  });
});
