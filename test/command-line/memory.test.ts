import assert from 'node:assert/strict';
import { copyFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../../program/assembler/assemble';
import { Folder, outcome, start } from './command';

const mebibyte = 2 ** 20;

/** What a process took at most, in MiB: of memory in all, and of what V8's compilers worked in; and what its new objects have at the end. */
interface Most {
  readonly all: number;
  readonly compilers: number;
  readonly young: number;
}

/** The bounds are far from what is taken, and farther from what was taken before there was a reason for them. */
describe('the memory of riscv-ftrace run', () => {
  const folder = new Folder();
  after(() => folder.remove());

  async function mostOf(program: string): Promise<Most> {
    const preload = folder.write(
      'tell.js',
      `process.on('exit', () => {
        const { getHeapStatistics, getHeapSpaceStatistics } = require('node:v8');
        const all = process.resourceUsage().maxRSS / 1024;
        const compilers = getHeapStatistics().peak_malloced_memory / ${mebibyte};
        const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / ${mebibyte};
        console.error(JSON.stringify({ all, compilers, young }));
      });`,
    );
    const { status, stderr } = await outcome(start(['run', program], ['--require', preload]));
    assert.equal(status, 0);
    return JSON.parse(stderr);
  }

  const prebuilt = (name: string) => join(__dirname, `../../bench/programs/prebuilt/${name}.elf`);
  const elf = (name: string, text: string) => folder.write(name, assemble([{ path: `${name}.s`, text }]).image!);
  let usual: Most;
  before(async () => {
    usual = await mostOf(prebuilt('bytecode'));
  });

  it('is no more for a switch of thousands of instructions than for other code', async () => {
    for (const program of [prebuilt('states'), elf('manyWaysOut', switchOf(40, 10))]) {
      const { all, compilers } = await mostOf(program);
      assert.ok(all < usual.all + 100, `${all} MiB, and ${usual.all} for another program`);
      assert.ok(compilers < 36, `${compilers} MiB for compiling`);
    }
  });

  it('is no more for a file with much in it that is not loaded', async () => {
    const program = join(folder.path, 'large');
    copyFileSync(prebuilt('bytecode'), program);
    truncateSync(program, 128 * mebibyte);
    const { all } = await mostOf(program);
    assert.ok(all < usual.all + 40, `${all} MiB, and ${usual.all} without`);
  });

  it('does not grow with what the translator makes', async () => {
    const { young } = await mostOf(elf('many', manyLoops(1500)));
    assert.ok(young < 12, `${young} MiB of new objects`);
  });

  it('is no more where the program gives back much that it has not used', async () => {
    const { all } = await mostOf(elf('unused', unused));
    assert.ok(all < usual.all + 40, `${all} MiB, and ${usual.all} for another program`);
  });
});

/** A switch of so many cases, each of so many loads and stores by eight bases that change: each of them needs a check, which leads out. */
function switchOf(cases: number, steps: number): string {
  const [bases, values] = [8, 'a0 a1 a2 a3 a4 a5 a6 a7 s8 s9 s10 s11 t3 t4 t5'.split(' ')];
  const value = (index: number) => values[index % values.length]!;
  const step = (one: number, index: number) => {
    const [base, loaded, sum] = [`s${(one + index) % bases}`, value(one * 7 + index * 3), value(one + index * 5)];
    return `ld ${loaded}, ${8 * (index % 8)}(${base})
      add ${sum}, ${sum}, ${loaded}
      xor ${base}, ${base}, ${loaded}
      sd ${sum}, 8(${base})
      xor ${base}, ${base}, ${loaded}`;
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  return `.globl _start
    _start:
      ${numbers(bases)
        .map((base) => `la s${base}, memory+${64 * base}`)
        .join('\n')}
      la t2, targets
      li gp, ${cases}
      li t0, 3000000
    next:
      addi t0, t0, -1
      beqz t0, end
      li t1, 1103515245
      mul t6, t6, t1
      addi t6, t6, 1234
      srli t1, t6, 20
      remu t1, t1, gp
      slli t1, t1, 3
      add t1, t1, t2
      ld t1, 0(t1)
      jr t1
    ${numbers(cases)
      .map((one) => {
        const body = numbers(steps).map((index) => step(one, index));
        return `case${one}:\n${body.join('\n')}\nj next`;
      })
      .join('\n')}
    end:
      li a0, 0
      li a7, 93
      ecall
      .data
      .balign 8
    targets:
      ${numbers(cases)
        .map((one) => `.dword case${one}`)
        .join('\n')}
    memory: .zero 4096
  `;
}

/** So many loops, one behind the other, each of which becomes hot. */
function manyLoops(count: number): string {
  const loops = Array.from(
    { length: count },
    (_, index) => `li t0, 20000
    1: addi a0, a0, ${index}
      xor a1, a1, a0
      slli a2, a1, ${1 + (index % 60)}
      add a0, a0, a2
      addi t0, t0, -1
      bnez t0, 1b
  `,
  );
  return `.globl _start
    _start:
      ${loops.join('')}
      li a0, 0
      li a7, 93
      ecall
  `;
}

/** Maps 128 MiB, writes to the last page of them, and takes them away. */
const unused = `.globl _start
_start:
  li a0, 0
  li a1, 0x8000000
  li a2, 3
  li a3, 0x22
  li a4, -1
  li a5, 0
  li a7, 222
  ecall
  bltz a0, failed
  li a1, 0x8000000
  add t0, a0, a1
  sd a1, -8(t0)
  li a7, 215
  ecall
  li a7, 93
  ecall
failed:
  li a0, 1
  li a7, 93
  ecall
`;
