import assert from 'node:assert/strict';
import { csrName, csrNumber, csrs } from '../../riscv/csrs';
import { formsOf, mnemonics } from '../../riscv/pseudo-instructions';
import { xNames, xNumber } from '../../riscv/registers';

describe('names', () => {
  it('of registers are those of the ABI, xN and fp', () => {
    assert.deepEqual(xNames.map(xNumber), [...xNames.keys()]);
    assert.deepEqual([xNumber('x31'), xNumber('x0'), xNumber('fp')], [31, 0, 8]);
    assert.deepEqual([xNumber('x32'), xNumber('X1'), xNumber('toString')], [undefined, undefined, undefined]);
  });

  it('of CSRs are unique and go both ways', () => {
    for (const { name, number } of csrs()) assert.deepEqual([csrName(number), csrNumber(name)], [name, number]);
    assert.deepEqual([csrNumber('mstatus'), csrName(0xc02), csrNumber('pmpaddr63')], [0x300, 'instret', 0x3ef]);
    assert.deepEqual([csrName(0x800), csrNumber('bogus')], [undefined, undefined]);
  });

  it('of instructions lead to their forms in the order in which they are tried', () => {
    const shapes = (name: string) => formsOf(name).map(({ operands }) => operands.join(' '));
    assert.deepEqual(shapes('jalr'), ['rd load(rs1)', 'rs1', 'load(rs1)', 'rs1 immediate', 'rd rs1', 'rd rs1 immediate']);
    assert.deepEqual(shapes('lw'), ['rd load(rs1)', 'rd symbol']);
    assert.deepEqual(shapes('li'), ['rd constant']);
    assert.deepEqual(formsOf('bogus'), []);
    assert.equal(new Set(mnemonics).size, mnemonics.length);
    for (const name of mnemonics) for (const { prose } of formsOf(name)) assert.match(prose, /^[A-Z].*\.$/);
  });
});
