import assert from 'node:assert/strict';
import { generalIsa, IsaError, isaName, parseIsa, wholeIsa } from '../../riscv/isa-string';
import { Random } from '../support/random';

describe('an ISA string', () => {
  const read: readonly (readonly [text: string, name: string])[] = [
    ['rv64gc', 'RV64GC'],
    ['rv64i', 'RV64I'],
    ['rv64imac_zicsr_zifencei', 'RV64IMAC_Zicsr_Zifencei'],
    ['rv64gc_zba_zbb', 'RV64GC_Zba_Zbb'],
    ['rv64gczbb_zba', 'RV64GC_Zba_Zbb'],
    ['RV64GC_Zba1p0_Zbb1', 'RV64GC_Zba_Zbb'],
    ['rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0_zmmul1p0', 'RV64IMAFDC_Zifencei'],
    ['rv64gc_zmmul1p0_zaamo1p0_zalrsc1p0_zca1p0_zcd1p0', 'RV64GC'],
    ['rv64gc_', 'RV64GC'],
    ['rv64gc__zba', 'RV64GC_Zba'],
    ['rv64gcb', 'RV64GC_Zba_Zbb_Zbs'],
    ['rv64id', 'RV64IFD'],
    ['rv64ic_zcb', 'RV64IC_Zcb'],
    ['rv64i_zfh', 'RV64IF_Zfh'],
    ['rv64g2p0c', 'RV64GC'],
  ];
  for (const [text, name] of read) it(`${text} is ${name}`, () => assert.equal(isaName(parseIsa(text)), name));

  const refused: readonly (readonly [text: string, offset: number, message: string])[] = [
    ['', 0, "ISA '': expected 'rv64i' or 'rv64g', then extensions, such as rv64gc_zba_zbb"],
    ['rv32i', 0, "ISA 'rv32i': 'rv32' (character 1): this machine has registers of 64 bits: rv64"],
    ['rv64', 4, "ISA 'rv64': expected 'i' or 'g' after 'rv64'"],
    ['rv64e', 4, "ISA 'rv64e': 'e' (character 5): this machine has all 32 registers: i or g"],
    ['rv64gcv', 6, "ISA 'rv64gcv': 'v' (character 7): this machine has no such extension"],
    ['rv64gc_zba_zkn', 11, "ISA 'rv64gc_zba_zkn': 'zkn' (character 12): this machine has no such extension"],
    ['rv64gc_zve32x', 7, "ISA 'rv64gc_zve32x': 'zve32x' (character 8): this machine has no such extension"],
    ['rv64i_zmmul', 6, "ISA 'rv64i_zmmul': 'zmmul' (character 7): part of M, which this machine has only whole"],
    ['rv64g c', 5, "ISA 'rv64g c': ' c' (character 6): expected the name of an extension"],
  ];
  for (const [text, offset, message] of refused) {
    it(`'${text}' is refused`, () => assert.throws(() => parseIsa(text), { name: 'IsaError', offset, message }));
  }

  it('has with c and d the loads and stores of c.fld', () => {
    assert.ok(parseIsa('rv64gc').has('Zcd'));
    assert.ok(parseIsa('rv64cd'.replace('64', '64i')).has('Zcd'));
    assert.ok(!parseIsa('rv64imafc').has('Zcd'));
  });

  it('of all or of the usual reads back', () => {
    for (const isa of [wholeIsa, generalIsa]) assert.deepEqual([...parseIsa(isaName(isa))].sort(), [...isa].sort());
  });

  it('of any characters is read or refused with a place in it', () => {
    const random = new Random(61);
    const parts = ['rv64', 'i', 'g', 'c', 'z', 'zba', '_', '1p0', '2', 'p', 'x', ' ', 'é', 'S', 'zicsr', '-'];
    for (let count = 0; count < 20_000; count += 1) {
      const text = `${random.below(8) === 0 ? '' : 'rv64i'}${Array.from({ length: random.below(8) }, () => random.pick(parts)).join('')}`;
      try {
        parseIsa(text);
      } catch (error) {
        assert.ok(error instanceof IsaError, text);
        assert.ok(error.offset >= 0 && error.offset + error.length <= text.length, text);
      }
    }
  });
});
