import assert from 'node:assert/strict';
import { decode } from '../../riscv/decode';
import { encode, OperandError, type Operands } from '../../riscv/encode';
import { lengthOf } from '../../riscv/instruction-row';
import { instructionTable, type Mnemonic } from '../../riscv/instruction-table';
import { randomWords } from '../support/random';

describe('encode', () => {
  it('gives back every halfword that decodes', () => {
    let count = 0;
    for (let word = 0; word < 0x10000; word++) {
      const instruction = (word & 3) === 3 ? undefined : decode(word);
      if (!instruction) continue;
      count++;
      assert.equal(encode(instruction.mnemonic, instruction), word, word.toString(16));
    }
    assert.equal(count, 47751);
  });

  it('gives back random words of every row', () => {
    const random = randomWords(3);
    for (const { mnemonic, match, mask } of instructionTable) {
      // The reserved bits of fence and fence.i are not kept.
      if (lengthOf({ match }) === 2 || mnemonic === 'fence.i') continue;
      const free = mnemonic === 'fence' ? 0xfff00000 : ~mask;
      for (let i = 0; i < 500; i++) {
        const word = (match | (random() & free)) >>> 0;
        const instruction = decode(word);
        assert.ok(instruction, word.toString(16));
        assert.equal(encode(instruction.mnemonic, instruction), word, word.toString(16));
      }
    }
  });

  it('takes the immediate of lui with and without sign', () => {
    assert.equal(encode('lui', { rd: 10, immediate: -4096 }), 0xfffff537);
    assert.equal(encode('lui', { rd: 10, immediate: 0xfffff000 }), 0xfffff537);
  });

  const refused: readonly (readonly [Mnemonic, Operands, number | undefined, string])[] = [
    ['addi', { rd: 10, rs1: 10, immediate: 5000 }, 2, 'immediate 5000 is out of range -2048..2047'],
    ['addi', { rd: 10, rs1: 10, immediate: 0.5 }, 2, 'immediate 0.5 is not a multiple of 1'],
    ['addi', { rd: 32, rs1: 10, immediate: 0 }, 0, 'there is no register x32'],
    ['slli', { rd: 10, rs1: 10, immediate: 64 }, 2, 'immediate 64 is out of range 0..63'],
    ['slliw', { rd: 10, rs1: 10, immediate: -1 }, 2, 'immediate -1 is out of range 0..31'],
    ['lw', { rd: 10, rs1: 2, immediate: 2048 }, 1, 'offset 2048 is out of range -2048..2047'],
    ['sd', { rs2: 10, rs1: 2, immediate: 2 ** 40 }, 1, 'offset 1099511627776 is out of range -2048..2047'],
    ['beq', { rs1: 10, rs2: 11, immediate: 4096 }, 2, 'distance to the target 4096 is out of range -4096..4094'],
    ['jal', { rd: 1, immediate: 3 }, 1, 'distance to the target 3 is not a multiple of 2'],
    ['lui', { rd: 10, immediate: 2 ** 32 }, 1, 'immediate 1048576 is out of range 0..1048575'],
    ['csrrw', { rd: 10, csr: 4096 }, 1, 'CSR number 4096 is out of range 0..4095'],
    ['csrrwi', { csr: 1, immediate: 32 }, 2, 'immediate 32 is out of range 0..31'],
    ['fence', { immediate: 4096 }, undefined, 'immediate 4096 is out of range 0..4095'],
    ['amoadd.w', { immediate: 4 }, undefined, 'immediate 4 is out of range 0..3'],
    ['c.addi', { rd: 0, rs1: 0, immediate: 1 }, 0, 'zero cannot be used here'],
    ['c.addi', { rd: 10, rs1: 11, immediate: 1 }, 0, 'destination and first source must be the same register'],
    ['c.addi', { rd: 10, rs1: 10, immediate: 32 }, 1, 'immediate 32 is out of range -32..31'],
    ['c.addi4spn', { rd: 10, rs1: 2, immediate: 0 }, 2, 'immediate must not be 0'],
    ['c.addi4spn', { rd: 10, rs1: 3, immediate: 4 }, 1, 'gp cannot be used here: only sp'],
    ['c.addi16sp', { rd: 2, rs1: 2, immediate: 8 }, 1, 'immediate 8 is not a multiple of 16'],
    ['c.lui', { rd: 2, immediate: 4096 }, 0, 'sp cannot be used here'],
    ['c.lui', { rd: 10, immediate: 32 * 4096 }, 1, 'immediate 32 is out of range 1..31 or 1048544..1048575'],
    ['c.lw', { rd: 16, rs1: 8, immediate: 0 }, 0, 'a6 cannot be used here: only s0, s1 and a0-a5'],
    ['c.lw', { rd: 8, rs1: 2, immediate: 0 }, 1, 'sp cannot be used here: only s0, s1 and a0-a5'],
    ['c.ldsp', { rd: 8, rs1: 2, immediate: 512 }, 1, 'offset 512 is out of range 0..504'],
    ['c.jr', { rs1: 0 }, 0, 'zero cannot be used here'],
  ];
  for (const [mnemonic, operands, index, message] of refused) {
    it(`refuses ${mnemonic} ${JSON.stringify(operands)}`, () => {
      assert.throws(() => encode(mnemonic, operands), new OperandError(message, index));
    });
  }
});
