import assert from 'node:assert/strict';
import { i32, i64 } from '../../../emulator/wasm/expression';
import { Random } from '../../support/random';
import { Pair } from './pair';

/** Loads and stores of a few words of the stack by several registers that point into it, of which some are moved; and short calls. */
function randomSpills(random: Random): string {
  const bases = ['sp', 's0', 'a0'];
  const values = ['s1', 's2', 's3', 't0', 't1', 'ra', 'zero'];
  const place = (unit: number) => `${unit * random.below(24 / unit)}(${random.pick(bases)})`;
  const line = (): string => {
    switch (random.below(13)) {
      case 0:
        return `mv a0, ${random.pick(bases)}`;
      case 1:
        return `addi a0, sp, ${8 * random.below(4)}`;
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
      case 8:
        return `add ${random.pick(['s0', 'a0'])}, sp, s10`;
      default:
        return random.below(2) === 0
          ? `sd ${random.pick(values)}, ${place(random.pick([4, 8, 8]))}`
          : `ld ${random.pick(values)}, ${place(8)}`;
    }
  };
  const skipped = (index: number) => `beqz ${random.pick(values)}, ${index}f\n${line()}\n${index}:\n`;
  const body = Array.from({ length: 40 }, (_, index) => (index % 7 === 3 ? skipped(1) : line())).join('\n');
  return `
        .globl _start
_start: addi sp, sp, -256
        mv s0, sp
        mv a0, sp
        li s10, 8
        li s11, 20
again:  add s0, sp, s10
        ${body}
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

/** Doublewords that are stored in pieces by one register, in any order, and loaded whole or in part by another, which often points there. */
function randomPieces(random: Random): string {
  const pieces = (): string => {
    const sizes: string[] = [];
    for (let at = 0; at < 8; ) {
      const size = random.pick([1, 1, 1, 2, 4].filter((each) => at % each === 0));
      const register = random.pick(['s1', 's2', 's3', 's4', 's5', 's6', 'a1', 'zero']);
      sizes.splice(random.below(sizes.length + 1), 0, `s${{ 1: 'b', 2: 'h', 4: 'w' }[size]} ${register}, ${at}(a0)`);
      at += size;
    }
    if (random.below(4) === 0)
      sizes.splice(random.below(sizes.length), 0, random.pick(['addi s3, s3, 300', 'lbu s3, 9(sp)', 'sb s2, 11(sp)']));
    const load = random.pick(['ld s1', 'ld s1', 'ld s3', 'lw s1', 'lwu s2', 'lh s4', 'lhu s5', 'lb s6', 'lbu s1', 'ld a0']);
    const place = random.pick(['8(sp)', '8(sp)', '0(a0)', '16(sp)', '12(sp)', '4(a0)']);
    return [...sizes, `${load}, ${place}`, 'add s2, s2, s1', 'xor s1, s1, s6', random.pick(['addi a0, sp, 8', 'add a0, sp, s10'])].join(
      '\n        ',
    );
  };
  const bytes = ['lbu s1, 32(sp)', 'lbu s2, 33(sp)', 'lhu s4, 34(sp)', 'addi a1, a1, 77', 'sd s1, 32(sp)', ''];
  const body = Array.from({ length: 8 }, () => `${random.pick(bytes)}\n        ${pieces()}`).join('\n        ');
  return `
        .globl _start
_start: addi sp, sp, -256
        li s11, 30
        li s10, ${random.pick([8, 16])}
again:  add a0, sp, s10
        xori s10, s10, ${random.pick([0, 24])}
        ${body}
        addi s11, s11, -1
        bnez s11, again
        ebreak
`;
}

/** What may overwrite, or leave, a doubleword at 8(sp) that was just stored: `a1` follows `sp`, where `s0` and `a0` point is not known. */
const overwriting = [
  ...['sd s2, 0(s0)', 'sb s2, 5(s0)', 'sd s2, -4(s0)', 'sd s2, 0(a0)', 'amoadd.d t1, s2, (a0)', 'fsd fa0, 0(a0)', 'fsw fa0, 4(a0)'],
  ...['sd s2, 8(sp)', 'sw s2, 5(sp)', 'sh s2, 7(sp)', 'sb s2, 15(sp)', 'sw s2, 4(sp)', 'sd s2, 1(sp)', 'sd s2, 15(sp)', 'sd s2, 16(sp)'],
  ...['fsd fa0, 8(sp)', 'fsw fa0, 12(sp)', 'fsd fa0, 0(sp)', 'addi s1, s1, 7', 'mv s1, s2', 'ld s1, 16(sp)'],
  ...['addi a1, sp, 8; sd s2, 0(a1)', 'addi a1, sp, 8; sd s2, 8(a1)', 'mv a1, sp; sd s2, 8(a1)', 'addi a1, sp, -8; sb s2, 20(a1)'],
  ...[
    'addi sp, sp, -16; sd s2, 24(sp); addi sp, sp, 16',
    'addi sp, sp, -16; sd s2, 8(sp); addi sp, sp, 16',
    'li a1, 0; add a1, a1, sp; sd s2, 8(a1)',
  ],
];

describe('values that a region has stored to the stack', () => {
  it('are no longer known where something may have been stored there', () => {
    for (const store of overwriting) {
      const pair = new Pair(`
        .globl _start
_start: addi sp, sp, -256
        li s10, 8
        li s11, 50
        fcvt.d.l fa1, s11
again:  add s0, sp, s10
        add a0, sp, s10
        fadd.d fa0, fa0, fa1
        addi s1, s1, 5
        addi s2, s2, 1000
        sd s1, 8(sp)
        ${store}
        ld s3, 8(sp)
        add s4, s4, s3
        lw s3, 12(sp)
        xor s4, s4, s3
        addi s11, s11, -1
        bnez s11, again
        ebreak
`);
      for (let count = 0; count < 3; count += 1) if (pair.run(400).kind === 'exception') break;
      assert.equal(pair.ours.readX(27), 0n, `${store}: to its end`);
      assert.ok(pair.ours.statistics.translated > 0);
    }
  });

  it('are no longer known where a hook may have stored there', () => {
    const pair = new Pair(`
        .globl _start
_start: addi sp, sp, -256
        li s11, 300
again:  addi s1, s1, 5
        sd s1, 8(sp)
        jal callee
        ld s3, 8(sp)
        add s4, s4, s3
        addi s11, s11, -1
        bnez s11, again
        ebreak
callee: ret
`);
    const [sp, s4] = [2, 20];
    const stored = 1_000_000n;
    let written = 0;
    for (const machine of pair.machines) {
      machine.setHook(
        pair.address('callee'),
        () => {
          machine.memory.write(machine.readX(sp) + 8n, new Uint8Array(BigUint64Array.of(stored).buffer));
          return 'continue';
        },
        {
          native: {
            ...{ reads: [sp], writes: [], writesMemory: true },
            write: ({ body, memory, x }) => {
              written += 1;
              body.store64(i32.wrap(i64.sub(x(sp), i64.constant(memory.base))), i64.constant(stored), memory.windowAt + 8);
            },
          },
        },
      );
    }
    assert.equal(pair.run(10_000).kind, 'exception');
    assert.equal(pair.ours.readX(s4), 300n * stored);
    assert.ok(written >= 2, 'alone, and in line');
  });

  it('are those that memory has, by whatever register it is reached', () => {
    for (let seed = 0; seed < 15; seed += 1) {
      const pair = new Pair(randomSpills(new Random(seed)));
      for (let count = 0; count < 3; count += 1) if (pair.run(700).kind === 'exception') break;
      assert.equal(pair.ours.readX(27), 0n, 'to its end');
      assert.ok(pair.ours.statistics.translated > 0);
    }
  });

  it('are put together from the pieces that memory has them in', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const pair = new Pair(randomPieces(new Random(seed)));
      for (let count = 0; count < 8; count += 1) if (pair.run(700).kind === 'exception') break;
      assert.equal(pair.ours.readX(27), 0n, 'to its end');
      assert.ok(pair.ours.statistics.translated > 0);
    }
  });
});
