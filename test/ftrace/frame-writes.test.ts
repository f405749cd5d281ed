import assert from 'node:assert/strict';
import { ftraceRegsFields, readFtraceRegs, writeFtraceRegs } from '../../ftrace/ftrace-regs';
import { assembled, TracedLaunch } from './launch';

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

type Field = (typeof ftraceRegsFields)[number]['name'];

/** The exit code when the tracer writes those fields: values, or addresses by name. */
function exitAfter(writes: Partial<Record<Field, bigint | string>>): number {
  const launch = new TracedLaunch(assembled(text)).enable('f');
  const { machine, ftrace } = launch;
  ftrace.onHit = ({ frame }) => {
    for (const [field, value] of Object.entries(writes)) {
      assert.ok(writeFtraceRegs(machine.memory, frame, field, typeof value === 'string' ? launch.symbol(value) : value));
    }
    return 'continue';
  };
  return launch.exit();
}

describe('what a tracer writes into ftrace_regs', () => {
  it('changes nothing where it writes nothing', () => assert.equal(exitAfter({}), 11));
  it('changes an argument', () => assert.equal(exitAfter({ a0: 20n }), 30));
  it('hijacks the return by ra', () => assert.equal(exitAfter({ ra: 'hijack' }), 111));
  it('skips the function by epc = ra', () => assert.equal(exitAfter({ epc: 'back', a0: 42n }), 42));
  it('replaces the function by epc', () => assert.equal(exitAfter({ epc: 'replace' }), 51));
  it('makes a direct call by t1', () => assert.equal(exitAfter({ t1: 'direct' }), 18));
  it('changes the frame pointer by s0', () => assert.equal(exitAfter({ epc: 'frame', s0: 9n }), 9));
  it('does not move the stack by sp', () => assert.equal(exitAfter({ sp: 0x1234n }), 11));

  it('is read back, unsigned, field by field', () => {
    const launch = new TracedLaunch(assembled(text)).enable('f');
    const { machine, ftrace } = launch;
    ftrace.onHit = () => 'stop';
    assert.equal(machine.run(1000).kind, 'hook');
    const frame = ftrace.frameAt(machine.pc, machine.readX(2))!;
    ftraceRegsFields.forEach(({ name }, index) => {
      assert.ok(writeFtraceRegs(machine.memory, frame, name, -1n - BigInt(index)));
    });
    const values = readFtraceRegs(machine.memory, frame)!;
    ftraceRegsFields.forEach(({ name, offset }, index) => {
      assert.equal(values[name], 2n ** 64n - 1n - BigInt(index));
      assert.equal(machine.memory.load(frame + BigInt(offset), 8), values[name]);
    });
    assert.equal(writeFtraceRegs(machine.memory, frame, 't0', 1n), false);
    assert.equal(writeFtraceRegs(machine.memory, 0n, 'a0', 1n), false);
    assert.equal(readFtraceRegs(machine.memory, 0n), undefined);
  });
});
