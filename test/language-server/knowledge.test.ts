import { strict as assert } from 'node:assert';
import { csrFields } from '../../language-server/knowledge/csr-fields';
import { directiveDoc, directiveDocs } from '../../language-server/knowledge/directives';
import { encodingFields } from '../../language-server/knowledge/encoding-table';
import { operandNames } from '../../language-server/knowledge/instructions';
import { pseudoCode } from '../../language-server/knowledge/pseudo-code';
import { registerNamed, registers } from '../../language-server/knowledge/registers';
import { directives } from '../../program/assembler/directives/directives';
import { csrs } from '../../riscv/csrs';
import { instructionTable } from '../../riscv/instruction-table';
import { formsOf, mnemonics } from '../../riscv/pseudo-instructions';

describe('language server: knowledge', () => {
  it('has a text for every directive of the assembler', () => {
    const missing = [...directives.keys()].filter((name) => !directiveDoc(name));
    assert.deepEqual(missing, []);
    assert.equal(new Set(directiveDocs.map(({ name }) => name)).size, directiveDocs.length, 'each once');
  });

  it('has pseudo-code for every instruction', () => {
    const missing = instructionTable.filter(({ mnemonic, expandsTo }) => pseudoCode(expandsTo ?? mnemonic) === undefined);
    assert.deepEqual(
      missing.map(({ mnemonic }) => mnemonic),
      [],
    );
  });

  it('names the operands of every form in words that people write', () => {
    for (const name of mnemonics) {
      for (const form of formsOf(name)) {
        for (const operand of operandNames(form))
          assert.match(operand, /^[a-z][\w ']*(\((rs1'?|sp)\))?$|^\((rs1)\)$/, `${name} ${operand}`);
      }
    }
  });

  it('shows every bit of every encoding once, from the highest to the lowest', () => {
    for (const row of instructionTable) {
      const fields = encodingFields(row);
      let next = (row.match & 3) === 3 ? 31 : 15;
      for (const { high, low, text } of fields) {
        assert.equal(high, next, row.mnemonic);
        assert.ok(low <= high && text !== '', row.mnemonic);
        if (/^[01]+$/.test(text)) assert.equal(text.length, high - low + 1, row.mnemonic);
        next = low - 1;
      }
      assert.equal(next, -1, row.mnemonic);
    }
  });

  it('knows what each register is for', () => {
    assert.equal(registers.length, 64);
    for (const { name, numbered } of registers) assert.equal(registerNamed(name), registerNamed(numbered));
    assert.equal(registerNamed('fp'), registerNamed('s0'));
    assert.equal(registerNamed('x32'), undefined);
  });

  it('has fields that fit and do not overlap', () => {
    for (const { name } of csrs()) {
      let below = 64;
      for (const { high, low } of csrFields(name)) {
        assert.ok(low >= 0 && low <= high && high < below, `${name} ${high}-${low}`);
        below = low;
      }
    }
  });
});
