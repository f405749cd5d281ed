import assert from 'node:assert/strict';
import { readFrame, writeFrame } from '../../ftrace/frame-layout';
import { ftraceRegsNames, readFtraceRegs } from '../../ftrace/ftrace-regs';
import type { Model } from '../../ftrace/models/model';
import { allModels } from '../../ftrace/models/models';
import { assembled, nameOf, TracedLaunch } from './launch';

/** Exits with what f returns: its argument 1 + 10. */
const text = `
        .globl  _start
_start: li      a0, 1
        li      s0, 3
        call    f
back:   li      a7, 93
        ecall
hijack: addi    a0, a0, 100
        j       back
direct: addi    a0, a0, 7
        jr      t0
replace:
        addi    a0, a0, 50
        ret
frame:  mv      a0, s0
        ret
        .type   f, @function
f:      addi    a0, a0, 10
        ret
        .size   f, .-f
`;

/** The exit code when the tracer writes those fields: values, or addresses by name. */
function exitAfter(model: Model, writes: Record<string, bigint | string>, { saveRegs = false } = {}): number {
  const launch = new TracedLaunch(assembled(text, model), { model }).enable('f');
  const { machine, ftrace } = launch;
  ftrace.savesAllRegisters = saveRegs;
  ftrace.onHit = ({ frame, hit }) => {
    for (const [field, value] of Object.entries(writes)) {
      assert.ok(writeFrame(machine.memory, hit.layout, frame, field, typeof value === 'string' ? launch.symbol(value) : value), field);
    }
    return 'continue';
  };
  return launch.exit();
}

for (const model of allModels) {
  describe(`what a tracer writes into the frame of model ${nameOf(model)}`, () => {
    it('changes nothing where it writes nothing', () => assert.equal(exitAfter(model, {}), 11));
    it('changes an argument', () => assert.equal(exitAfter(model, { a0: 20n }), 30));
    it('hijacks the return by ra', () => assert.equal(exitAfter(model, { ra: 'hijack' }), 111));
    it('skips the function by epc = ra', () => assert.equal(exitAfter(model, { epc: 'back', a0: 42n }), 42));
    it('replaces the function by epc', () => assert.equal(exitAfter(model, { epc: 'replace' }), 51));
    it('changes the frame pointer by s0', () => assert.equal(exitAfter(model, { epc: 'frame', s0: 9n }), 9));
    it('makes a direct call by t1, but through ftrace_caller of model regs', () => {
      assert.equal(exitAfter(model, { t1: 'direct' }), model.name === 'regs' ? 11 : 18);
      if (model.name === 'regs') assert.equal(exitAfter(model, { t1: 'direct' }, { saveRegs: true }), 18);
    });
    it('changes nothing by a field that the layout says has no effect', () => {
      for (const { name, takesEffect } of model.entries[0].frame.fields) {
        if (!takesEffect) assert.equal(exitAfter(model, { [name]: 0x1234n }), 11, name);
      }
    });

    it('is read back, unsigned, field by field', () => {
      const launch = new TracedLaunch(assembled(text, model), { model }).enable('f');
      const { machine, ftrace } = launch;
      ftrace.onHit = () => 'stop';
      assert.equal(machine.run(1000).kind, 'hook');
      const { address, layout } = ftrace.frameAt(machine.pc, machine.readX(2))!;
      layout.fields.forEach(({ name }, index) => {
        assert.ok(writeFrame(machine.memory, layout, address, name, -1n - BigInt(index)));
      });
      const values = readFrame(machine.memory, layout, address)!;
      const regs = readFtraceRegs(machine.memory, layout, address)!;
      layout.fields.forEach(({ name, offset, kept }, index) => {
        assert.equal(values.get(name), 2n ** 64n - 1n - BigInt(index));
        assert.equal(machine.memory.load(address + BigInt(offset), 8), values.get(name));
        const known = ftraceRegsNames.find((each) => each === name);
        if (known && kept && known !== 'sp') assert.equal(regs[known], values.get(name));
      });
      assert.equal(writeFrame(machine.memory, layout, address, 'fcsr', 1n), false);
      assert.equal(writeFrame(machine.memory, layout, 0n, 'a0', 1n), false);
      assert.equal(readFrame(machine.memory, layout, 0n), undefined);
      assert.equal(readFtraceRegs(machine.memory, layout, 0n), undefined);
    });
  });
}
