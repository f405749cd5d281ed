import assert from 'node:assert/strict';
import { encode } from '../../riscv/encode';
import { instructionTable } from '../../riscv/instruction-table';
import { isIn, parseIsa } from '../../riscv/isa-string';
import { type Line, machineWith } from '../support/code-machine';

describe('a machine of fewer extensions', () => {
  const illegal: readonly (readonly [isa: string, line: Line, why: string])[] = [
    ['rv64gc', ['andn', {}], 'andn needs Zbb, which the machine, RV64GC, has not'],
    ['rv64g', ['c.li', { rd: 5 }], 'c.li needs C, which the machine, RV64G, has not'],
    ['rv64ia', ['mul', {}], 'mul needs M, which the machine, RV64IA, has not'],
    ['rv64gc', ['c.mul', { rd: 8, rs1: 8, rs2: 8 }], 'c.mul needs Zcb, which the machine, RV64GC, has not'],
    ['rv64gc_zcb', ['c.sext.b', { rd: 8, rs1: 8 }], 'c.sext.b needs Zbb, which the machine, RV64GC_Zcb, has not'],
    ['rv64i_zicsr', ['csrrs', { rd: 5, csr: 0xc00 }], 'there is no CSR cycle'],
    ['rv64i_zicsr', ['csrrs', { rd: 5, csr: 3 }], 'there is no CSR fcsr'],
    ['rv64i', ['csrrs', { rd: 5, csr: 0xc00 }], 'csrrs needs Zicsr, which the machine, RV64I, has not'],
  ];
  for (const [isa, line, why] of illegal) {
    it(`has no ${line[0]} when it is ${isa}`, () => {
      const stop = machineWith([line], { isa: parseIsa(isa) }).run(10);
      assert.ok(stop.kind === 'exception' && stop.exception.cause === 'illegal-instruction');
      assert.equal(stop.exception.message.replace(/^.* at 0x10000: /, ''), why);
    });
  }

  it('takes hints of an extension that it has not as the base instructions that they are', () => {
    const hints: Line[] = [['pause'], ['prefetch.r', { rs1: 5, immediate: 64 }], ['addi', { rd: 5, immediate: 1 }]];
    const machine = machineWith(hints, { isa: parseIsa('rv64i') });
    assert.deepEqual(machine.run(3), { kind: 'budget' });
    assert.equal(machine.readX(5), 1n);
  });

  it('has of the table what its ISA has, and nothing else', () => {
    const isa = parseIsa('rv64imac_zba');
    const hints = new Set(['Zihintpause', 'Zicbop']);
    for (const row of instructionTable.filter(({ extension }) => extension !== 'Sm' && !hints.has(extension))) {
      const field = row.nonzero || row.mnemonic.startsWith('c.') ? 8 : 0;
      const operands = { rd: field, rs1: field, rs2: field, immediate: row.implied?.immediate ?? 0, csr: 0xc00, frd: field, frs2: field };
      if (row.mnemonic === 'c.addi16sp' || row.mnemonic === 'c.addi4spn' || /sp$/.test(row.mnemonic) || row.nonzero?.includes('immediate'))
        continue;
      const word = encode(row.mnemonic, row.mnemonic === 'c.nop' ? {} : operands);
      const machine = machineWith([], { isa });
      machine.memory.write(machine.pc, Uint8Array.from([word, word >>> 8, word >>> 16, word >>> 24]));
      const stop = machine.run(1);
      const refused = stop.kind === 'exception' && stop.exception.cause === 'illegal-instruction';
      assert.equal(refused, !isIn(isa, row), row.mnemonic);
    }
  });
});
