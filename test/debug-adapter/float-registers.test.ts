import { strict as assert } from 'node:assert';
import { lineOf } from '../support/markers';
import { Driver, scratchFile } from './adapter';

const source = `
        .option arch, +zfh
        .globl _start
        .type _start, @function
_start: call compute
        li a0, 0
        li a7, 93
        ecall
        .size _start, . - _start
        .type compute, @function
compute:
        li t0, 3
        fcvt.d.w fa0, t0
        fcvt.s.w fa1, t0
        fcvt.h.w fa2, t0
        fdiv.d fs0, fa0, fs1
        fmv.x.d a1, fa0
        fsrmi 1
        nop # break: everything is set
        ret
        .size compute, . - compute
`;
const scope = 'Floating-point registers';

describe('floating-point registers', () => {
  let driver: Driver;
  before(async () => {
    const program = scratchFile('floats.s', source);
    driver = await Driver.launch({ program }, (fresh) => fresh.breakAt(program, lineOf(program, 'everything is set')));
    await driver.stopped();
  });
  after(() => driver.close());

  it('are shown as the numbers that they hold, with their bits', async () => {
    const registers = await driver.variables(scope);
    const values = ['fa0', 'fa1', 'fa2', 'fs0', 'ft0'].map((name) => registers.get(name)!.value);
    assert.deepEqual(values, [
      '3 [0x4008000000000000]',
      '3 (single) [0xffffffff40400000]',
      '3 (half) [0xffffffffffff4200]',
      'inf [0x7ff0000000000000]',
      '0 [0x0]',
    ]);
    assert.equal(registers.get('fa0')!.type, 'f10');
  });

  it('have their status beside them, by the names of flags and modes', async () => {
    const registers = await driver.variables(scope);
    assert.deepEqual(
      ['fflags', 'frm', 'fcsr'].map((name) => registers.get(name)!.value),
      ['DZ [0x8]', 'rtz [0x1]', 'rtz DZ [0x28]'],
    );
    assert.equal(await driver.set(scope, 'fflags', 'NX UF'), 'UF NX [0x3]');
    assert.equal(await driver.set(scope, 'frm', 'rmm'), 'rmm [0x4]');
    assert.equal(await driver.set(scope, 'fcsr', 'rup NV'), 'rup NV [0x70]');
    assert.equal(await driver.set(scope, 'fcsr', '0'), 'rne none [0x0]');
  });

  it('are written as numbers in the format that they hold or that is named, or as bits', async () => {
    assert.equal(await driver.set(scope, 'fa1', '1.5'), '1.5 (single) [0xffffffff3fc00000]');
    assert.equal(await driver.set(scope, 'fa1', '0.25 (single) [0xffffffff3fc00000]'), '0.25 (single) [0xffffffff3e800000]');
    assert.equal(await driver.set(scope, 'fa1', '1.0/4 (double)'), '0.25 [0x3fd0000000000000]');
    assert.equal(await driver.set(scope, 'fa2', '-0.5'), '-0.5 (half) [0xffffffffffffb800]');
    assert.equal(await driver.set(scope, 'fa3', '-inf'), '-inf [0xfff0000000000000]');
    assert.equal(await driver.set(scope, 'fa3', '0x8000000000000000'), '-0 [0x8000000000000000]');
    assert.equal(await driver.evaluate('$fa1'), '0.25');
  });

  it('of a caller are those that calls keep', async () => {
    const registers = await driver.variables(scope, 1);
    assert.equal(registers.get('fs0')!.value, 'inf [0x7ff0000000000000]');
    assert.equal(registers.get('fa0')!.value, '<not saved>');
  });
});
