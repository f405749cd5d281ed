import assert from 'node:assert/strict';
import { decode } from '../../riscv/decode';
import { lengthOf } from '../../riscv/instruction-row';
import { instructionTable } from '../../riscv/instruction-table';

describe('decode', () => {
  const nothing: readonly (readonly [number, string])[] = [
    [0x00000000, 'the all-zero word'],
    [0x00000004, 'c.addi4spn by 0'],
    [0x00002001, 'c.addiw to zero'],
    [0x00006101, 'c.addi16sp by 0'],
    [0x00006081, 'c.lui of 0'],
    [0x00004002, 'c.lwsp to zero'],
    [0x00006002, 'c.ldsp to zero'],
    [0x00008002, 'c.jr to zero'],
    [0x00009c79, 'a reserved halfword'],
    [0xffffffff, 'the all-ones word'],
    [0x0000007f, 'a longer encoding'],
    [0x00004073, 'SYSTEM with funct3 4'],
    [0x10200073, 'sret'],
  ];
  for (const [word, what] of nothing) {
    it(`knows no instruction in ${what}`, () => assert.equal(decode(word), undefined));
  }

  it('takes shifts by 32 and more, but not with other upper bits', () => {
    assert.equal(decode(0x02051593)?.immediate, 32);
    assert.equal(decode(0x06051593 | 0x08000000), undefined);
    assert.equal(decode(0x0205159b), undefined);
  });

  it('decodes hints as their instruction', () => {
    assert.equal(decode(0x0005)?.mnemonic, 'c.nop');
    assert.equal(decode(0x4005)?.meaning, 'addi');
    assert.equal(decode(0x802e)?.mnemonic, 'c.mv');
  });

  it('uses the low half of a fetched word for a compressed instruction', () => {
    assert.deepEqual(decode(0xffff8082), decode(0x8082));
    assert.equal(decode(0xffff8082)?.word, 0x8082);
  });

  it('ignores what fence and fence.i reserve', () => {
    assert.equal(decode(0x0ff0818f)?.mnemonic, 'fence');
    assert.equal(decode(0x0ff0918f)?.mnemonic, 'fence.i');
  });

  it('gives the fields of each format', () => {
    const fields = (word: number) => {
      const { mnemonic, meaning, rd, rs1, rs2, immediate, csr } = decode(word)!;
      return { mnemonic, meaning, rd, rs1, rs2, immediate, csr };
    };
    const none = { rd: 0, rs1: 0, rs2: 0, immediate: 0, csr: 0 };
    assert.deepEqual(fields(0x80000537), { ...none, mnemonic: 'lui', meaning: 'lui', rd: 10, immediate: -(2 ** 31) });
    assert.deepEqual(fields(0xfeb43823), { ...none, mnemonic: 'sd', meaning: 'sd', rs1: 8, rs2: 11, immediate: -16 });
    assert.deepEqual(fields(0x3001d573), { ...none, mnemonic: 'csrrwi', meaning: 'csrrwi', rd: 10, immediate: 3, csr: 0x300 });
    assert.deepEqual(fields(0x06b6352f), { ...none, mnemonic: 'amoadd.d', meaning: 'amoadd.d', rd: 10, rs1: 12, rs2: 11, immediate: 3 });
    assert.deepEqual(fields(0x9502), { ...none, mnemonic: 'c.jalr', meaning: 'jalr', rd: 1, rs1: 10 });
    assert.deepEqual(fields(0x7139), { ...none, mnemonic: 'c.addi16sp', meaning: 'addi', rd: 2, rs1: 2, immediate: -64 });
  });

  it('has for every row a word that is that row', () => {
    for (const row of instructionTable) {
      assert.equal(row.match & ~row.mask, 0, row.mnemonic);
      const free = lengthOf(row) === 2 ? 0xffff & ~row.mask : ~row.mask;
      assert.equal(decode((row.match | (free & 0x0fff0fd4)) >>> 0)?.mnemonic, row.mnemonic);
    }
  });
});
