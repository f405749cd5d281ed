import assert from 'node:assert/strict';
import { compress } from '../../riscv/compress';
import { encode } from '../../riscv/encode';
import { loadImmediate } from '../../riscv/load-immediate';
import { macros } from '../../riscv/macros';
import { fNames, xNames } from '../../riscv/registers';
import { randomWords } from '../support/random';
import { requireTools } from '../support/tools';
import { expandMacro } from './expand-macro';
import { gnuAssemble, gnuTools } from './gnu';

describe('loadImmediate', () => {
  for (const compressing of [true, false]) {
    it(`makes the words that GNU as makes of li ${compressing ? 'with' : 'without'} compression`, function () {
      requireTools(this, ...gnuTools);
      const cases = values().map((value, index) => ({ rd: [10, 0, 2, 8, 31][index % 5]!, value }));
      const source = cases.map(({ rd, value }) => `li ${xNames[rd]}, ${value}`).join('\n');
      const ours = cases.flatMap(({ rd, value }) => {
        const steps = loadImmediate(rd, value);
        assert.ok(steps.length <= 8);
        return steps.flatMap((step) => bytesOf(step, compressing));
      });
      assert.deepEqual(Buffer.from(ours), gnuAssemble(`.option ${compressing ? 'rvc' : 'norvc'}\n${source}`));
    });
  }

  it('leaves the value in the register', () => {
    for (const value of values()) {
      let register = 0n;
      for (const { mnemonic, operands } of loadImmediate(10, value)) {
        const immediate = BigInt(operands.immediate!);
        const source = operands.rs1 === 0 ? 0n : register;
        const results = {
          lui: immediate,
          addi: source + immediate,
          addiw: BigInt.asIntN(32, source + immediate),
          slli: source << immediate,
        };
        register = BigInt.asIntN(64, results[mnemonic as keyof typeof results]);
      }
      assert.equal(register, BigInt.asIntN(64, value), value.toString(16));
    }
  });
});

describe('macros', () => {
  it('are the words that GNU as and ld make of them', function () {
    requireTools(this, ...gnuTools);
    const registers = { rd: 10, rs2: 11, frd: 12, frs2: 13, temporary: 5 };
    const symbols = [-0x900n, 0x7ffn, 0x800n, 0x12345n];
    const lines: string[] = [];
    const ours: number[] = [];
    for (const macro of macros.filter(({ name, steps }) => steps !== 'loadImmediate' && !name.startsWith('la.tls'))) {
      for (const distance of macro.operands.includes('symbol') ? symbols : [0n]) {
        const texts = macro.operands.map((operand) => {
          if (operand === 'symbol') return `. + ${distance}`;
          return (operand === 'frd' || operand === 'frs2' ? fNames : xNames)[registers[operand as 'rd']];
        });
        lines.push(`${macro.name} ${texts.join(', ')}`);
        for (const step of expandMacro(macro, registers, distance)) ours.push(...bytesOf(step, false));
      }
    }
    assert.ok(lines.length > 60);
    assert.deepEqual(Buffer.from(ours), gnuAssemble(`.option norvc\n${lines.join('\n')}`, 'rv64gc_zfh'));
  });
});

function bytesOf(step: ReturnType<typeof loadImmediate>[number], compressing: boolean): number[] {
  const form = compressing ? compress(step.mnemonic, step.operands, step.compressed) : undefined;
  const word = form ? encode(form.mnemonic, form.operands) : encode(step.mnemonic, step.operands);
  const bytes = [word, word >>> 8, word >>> 16, word >>> 24].map((byte) => byte & 255);
  return form ? bytes.slice(0, 2) : bytes;
}

/** Values around every power of two, and random ones of every width. */
function values(): bigint[] {
  const random = randomWords(4);
  const around = Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit)).flatMap((power) =>
    [-0x801n, -0x800n, -1n, 0n, 1n, 0x7ffn, 0x800n].flatMap((delta) => [power + delta, -power + delta]),
  );
  const wide = Array.from({ length: 1500 }, (_, index) => {
    const value = (BigInt(random()) << 32n) | BigInt(random());
    return BigInt.asIntN(64, value) >> BigInt(index % 64);
  });
  const sparse = Array.from({ length: 500 }, () => BigInt(random() & 0xfff) << BigInt(random() % 52));
  return [...around, ...wide, ...sparse, 0x7fffffffffffffffn, 0xffffffffffffffffn, -0x8000000000000000n].map((value) =>
    BigInt.asIntN(64, value),
  );
}
