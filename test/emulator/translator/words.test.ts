import assert from 'node:assert/strict';
import { Random } from '../../support/random';
import { Pair } from './pair';

const results = ['s0', 's1', 't0', 't1'];
/** The last ones have other bits each time. */
const registers = [...results, 'zero', 'a0', 'a1', 'a1'];
/** Instructions that give words, keep them, and give what is none, with places for registers (d, a, b) and an immediate. */
const instructions = [
  ...['addw', 'subw', 'sllw', 'srlw', 'sraw', 'mulw', 'divw', 'remuw'].map((name) => `${name} d, a, b`),
  ...['and', 'or', 'xor', 'and', 'or', 'xor', 'slt', 'sltu', 'add', 'sub', 'mul'].map((name) => `${name} d, a, b`),
  ...['andn', 'orn', 'xnor', 'max', 'minu', 'czero.eqz', 'rolw', 'add.uw', 'sh2add'].map((name) => `${name} d, a, b`),
  ...['addi', 'addiw', 'andi', 'ori', 'xori', 'slti', 'sltiu'].map((name) => `${name} d, a, i`),
  ...['srai d, a, 31', 'srai d, a, 32', 'srli d, a, 32', 'srli d, a, 33', 'slli d, a, 31', 'srliw d, a, 7', 'slliw d, a, 25'],
  ...['mv d, a', 'not d, a', 'sext.w d, a', 'sext.h d, a', 'zext.h d, a', 'andi d, a1, -5', 'addi d, a1, 0', 'lui d, 0x80000', 'li d, i'],
  ...['lw d, 0(sp)', 'lwu d, 0(sp)', 'lhu d, 2(sp)', 'lb d, 3(sp)', 'ld d, 8(sp)', 'sw a, 4(sp)', 'sd a, 8(sp)'],
  ...['amoxor.w d, a, (sp)', 'amomaxu.d d, a, (sp)', 'fmv.w.x fa0, a\nfmv.x.w d, fa0', 'fcvt.d.w fa0, a\nfcvt.wu.d d, fa0, rtz'],
];
const branches = ['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'];

function randomWords(random: Random): string {
  const line = (result: string) =>
    random
      .pick(instructions)
      .replace(/\bd\b(?=,)/g, result)
      .replace(/\b[ab]\b(?=,|$|\n)/g, () => random.pick(registers))
      .replace(/\bi$/, () => `${random.below(4096) - 2048}`);
  const block = (index: number) => `
        ${line('t0')}
        addw t1, ${random.pick(registers)}, a1
        ${random.pick(['and', 'or', 'xor'])} t2, t0, t1
        add s3, s3, t2
        mul s3, s3, a2
        ${random.pick(branches)} ${random.pick(['t0, t1', 't1, s0', 's1, t0'])}, ${index}f
        ${line(random.pick(results))}
${index}:
`;
  return `
        .option arch, +zba, +zbb, +zicond
        .globl _start
_start: addi sp, sp, -64
        li s11, 40
        li a0, 0x9e3779b97f4a7c15
        li a2, 0xbf58476d1ce4e5b9
again:  mul a0, a0, a2
        srli a1, a0, 29
        xor a1, a1, a0
        sd a0, 0(sp)
        ${Array.from({ length: 20 }, (_, index) => block(index)).join('')}
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
