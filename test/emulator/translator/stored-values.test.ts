import assert from 'node:assert/strict';
import { Random } from '../../support/random';
import { Pair } from './pair';

/** Loads and stores of a few words of the stack by several registers that point into it, of which some are moved; and short calls. */
function randomSpills(random: Random): string {
  const bases = ['sp', 's0', 'a0'];
  const values = ['s1', 's2', 's3', 't0', 't1', 'ra', 'zero'];
  const place = (unit: number) => `${unit * random.below(64 / unit)}(${random.pick(bases)})`;
  const line = (): string => {
    switch (random.below(12)) {
      case 0:
        return `mv ${random.pick(['s0', 'a0'])}, ${random.pick(bases)}`;
      case 1:
        return `addi ${random.pick(['s0', 'a0'])}, sp, ${8 * random.below(4)}`;
      case 2:
        return `addi ${random.pick(['s1', 's2', 't0'])}, ${random.pick(values)}, ${random.below(100)}`;
      case 3:
        return `${random.pick(['sw', 'sb', 'sh'])} ${random.pick(values)}, ${place(8)}`;
      case 4:
        return `${random.pick(['lw', 'lbu', 'lh'])} ${random.pick(values)}, ${place(8)}`;
      case 5:
        return `call ${random.pick(['leaf', 'spill'])}`;
      case 6:
        return `xor s3, ${random.pick(values)}, ${random.pick(values)}`;
      case 7:
        return `amoadd.d t1, s2, (${random.pick(bases)})`;
      default:
        return random.below(2) === 0 ? `sd ${random.pick(values)}, ${place(4)}` : `ld ${random.pick(values)}, ${place(4)}`;
    }
  };
  const skipped = (index: number) => `beqz ${random.pick(values)}, ${index}f\n${line()}\n${index}:\n`;
  const body = Array.from({ length: 40 }, (_, index) => (index % 7 === 3 ? skipped(1) : line())).join('\n');
  return `
        .globl _start
_start: addi sp, sp, -256
        mv s0, sp
        mv a0, sp
        li s11, 60
again:  ${body}
        addi s11, s11, -1
        bnez s11, again
        ebreak
leaf:   sd s1, 8(sp)
        addi s1, s1, 3
        ld s2, 8(sp)
        ret
spill:  addi sp, sp, -16
        sd ra, 8(sp)
        sd s2, 0(sp)
        addi s2, s1, 1
        sd s2, 16(sp)
        ld s2, 0(sp)
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
`;
}

describe('values that a region has stored to the stack', () => {
  it('are those that memory has, by whatever register it is reached', () => {
    for (let seed = 0; seed < 12; seed += 1) {
      const pair = new Pair(randomSpills(new Random(seed)));
      for (let count = 0; count < 12; count += 1) if (pair.run(900).kind === 'exception') break;
      assert.ok(pair.ours.statistics.translated > 0);
    }
  });
});
