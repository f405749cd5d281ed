import assert from 'node:assert/strict';
import { Random } from '../../support/random';
import { Pair } from './pair';

const registers = ['s0', 's1', 's2', 's3', 'a0', 'a1', 't0', 't1', 'zero'];
const results = registers.slice(0, -1);
/** Instructions that give words, keep them, and give what is none, with places for registers (d, a, b) and an immediate. */
const instructions = [
  ...['addw', 'subw', 'sllw', 'srlw', 'sraw', 'mulw', 'divw', 'remuw'].map((name) => `${name} d, a, b`),
  ...['and', 'or', 'xor', 'and', 'or', 'xor', 'slt', 'sltu', 'add', 'sub', 'mul'].map((name) => `${name} d, a, b`),
  ...['andn', 'orn', 'xnor', 'max', 'minu', 'czero.eqz', 'rolw', 'add.uw', 'sh2add'].map((name) => `${name} d, a, b`),
  ...['addi', 'addiw', 'andi', 'ori', 'xori', 'slti', 'sltiu'].map((name) => `${name} d, a, i`),
  ...['srai d, a, 31', 'srai d, a, 32', 'srli d, a, 32', 'srli d, a, 33', 'slli d, a, 31', 'srliw d, a, 7', 'slliw d, a, 25'],
  ...['mv d, a', 'not d, a', 'sext.w d, a', 'sext.h d, a', 'zext.h d, a', 'ctz d, a', 'lui d, 0x80000', 'li d, i'],
  ...['lw d, 0(sp)', 'lwu d, 0(sp)', 'lhu d, 2(sp)', 'lb d, 3(sp)', 'ld d, 8(sp)', 'sw a, 4(sp)', 'sd a, 8(sp)'],
  ...['amoxor.w d, a, (sp)', 'amomaxu.d d, a, (sp)', 'fmv.w.x fa0, a\nfmv.x.w d, fa0', 'fcvt.d.w fa0, a\nfcvt.wu.d d, fa0, rtz'],
];
const branches = ['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'];

function randomWords(random: Random): string {
  const line = () =>
    random
      .pick(instructions)
      .replace(/\bd\b(?=,)/g, () => random.pick(results))
      .replace(/\b[ab]\b(?=,|$|\n)/g, () => random.pick(registers))
      .replace(/\bi$/, () => `${random.below(4096) - 2048}`);
  const block = (index: number) => {
    const [one, other] = [random.pick(registers), random.pick(registers)];
    return `${line()}\n${line()}\n${random.pick(branches)} ${one}, ${other}, ${index}f\n${line()}\n${line()}\n${index}:\n`;
  };
  return `
        .option arch, +zba, +zbb, +zicond
        .globl _start
_start: addi sp, sp, -64
        li s11, 40
        li s2, 0x123456789abcdef
again:  ${Array.from({ length: 10 }, (_, index) => block(index)).join('')}
        addi s11, s11, -1
        bnez s11, again
        ebreak
`;
}

describe('registers that hold words', () => {
  it('hold what the interpreter says, whatever is done to them and to those that hold more', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const pair = new Pair(randomWords(new Random(seed)));
      while (pair.run(100_000).kind === 'budget');
      assert.equal(pair.ours.readX(27), 0n, 'to its end');
      assert.ok(pair.ours.statistics.translated > 0);
    }
  });
});
