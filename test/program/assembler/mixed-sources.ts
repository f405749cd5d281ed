import type { Random } from '../../support/random';

const registers = ['a0', 'a1', 't0', 'sp', 'zero', 'ra', 's1'];
const data = [
  'd0',
  'd1',
  'd2',
  'd3',
  's0_',
  's1_',
  'b0',
  'b1',
  'f0',
  'f1',
  'f2',
  'f3',
  'ro',
  'ro2',
  '_end',
  '__global_pointer$',
  'w0',
  'cm',
  'zz',
];
const gaps = [0, 8, 500, 1990, 2040, 4000];

/** Two sources that refer to each other's code and data in every way that linker relaxation looks at, at distances around its limits. */
export function mixedSources(random: Random): [string, string] {
  const code = (first: number) => {
    const lines = ['.text', ...(first === 0 ? ['.globl _start', '_start:'] : [])];
    for (let count = 20 + random.below(60); count > 0; count--) lines.push(statement(random));
    for (const number of [first, first + 1])
      lines.splice(
        3 + random.below(lines.length - 3),
        0,
        `.globl f${number}`,
        `f${number}: ${random.pick(['nop', 'ret', 'add a0, a0, a1'])}`,
      );
    if (random.below(2) === 0) lines.splice(lines.length - 6, 0, `.section .text.more${first}, "ax"`);
    return lines;
  };
  const first = [
    ...code(0),
    `.data\n.globl d0, d1, s0_, b0, t0_, ro, w0, zz\nd0: .word 1\n.skip ${random.pick(gaps)}\n.balign ${random.pick([1, 8, 16, 64])}`,
    `d1: .dword 2\n.size d1, 8\n.type d1, @object\n.section .sdata, "aw"\ns0_: .skip ${random.pick([4, 64, 800])}`,
    `.size s0_, ${random.pick([4, 64, 800])}\n.bss\nb0: .skip ${random.pick([8, 2000, 4090])}\n.comm cm, 64\n.section .tdata, "awT"`,
    `.skip ${random.pick([0, 8, 2000, 2040, 2048, 4096])}\nt0_: .word 3\n.section .rodata\nro: .dword 3\n.weak w0\n.data\nw0: .word 3`,
    `.set zz, ${random.pick([8, 2040, 2047, 2048, 0x20000])}`,
  ];
  const second = [
    ...code(2),
    `.data\n.globl d2, d3, s1_, b1, t1_, ro2\nd2: .word 1\n.skip ${random.pick(gaps)}\nd3: .dword 2\n.section .sdata, "aw"`,
    `s1_: .skip ${random.pick([4, 64, 800])}\n.bss\n.balign ${random.pick([1, 8, 32])}\nb1: .skip ${random.pick([8, 2000])}`,
    '.section .tbss, "awT", @nobits\nt1_: .skip 8\n.section .rodata.str1.8, "aMS", @progbits, 1\nro2: .string "abc"',
  ];
  return [`${first.join('\n')}\n`, `${second.join('\n')}\n`];
}

function statement(random: Random): string {
  const symbol = random.pick(data) + random.pick(['', '', '', ' + 4', ' + 16', ' - 8']);
  const register = random.pick(registers);
  const target = `f${random.below(4)}`;
  return random.pick([
    `la ${register}, ${symbol}`,
    `lla ${register}, ${symbol}`,
    `lw ${register}, ${symbol}`,
    `sd ${register}, ${symbol}, t1`,
    `fld fa0, ${symbol}, t2`,
    `call ${target}`,
    `tail ${target}`,
    `jump ${target}, t2`,
    `call t3, ${target}`,
    `lui ${register}, %hi(${symbol})\naddi a0, ${register}, %lo(${symbol})\nsw a0, %lo(${symbol})(${register})`,
    `7: auipc ${register}, %pcrel_hi(${symbol})\nnop\nld a1, %pcrel_lo(7b)(${register})\nsb a2, %pcrel_lo(7b)(${register})`,
    'lui a5, %tprel_hi(t0_)\nadd a5, a5, tp, %tprel_add(t0_)\nlw a0, %tprel_lo(t0_)(a5)\nsw a0, %tprel_lo(t1_)(a5)',
    `.align ${random.below(7)}`,
    `.skip ${random.pick([2, 4, 16, 100, 1000, 1900, 3000])}`,
    `.option push\n.option norelax\nla a0, ${symbol}\ncall f1\n.align ${random.below(4)}\n.option pop`,
    '.option push\n.option norvc\ncall f2\n.option pop',
    `beqz a0, ${target}`,
    `j ${target}`,
    'call nobody\nla a0, nobody\nlui a0, %hi(nobody)\nlw a1, %lo(nobody)(a0)\n.weak nobody',
    '.word . - f0, f1 - f2',
    'nop',
  ]);
}
