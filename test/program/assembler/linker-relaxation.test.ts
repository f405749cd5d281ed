import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordinarySource } from '../../../bench/ordinary-source';
import { assemble } from '../../../program/assembler/assemble';
import { Random } from '../../support/random';
import { requireTools } from '../../support/tools';
import { assembled, loadedText, scratchFolder } from './gnu';
import { mixedSources } from './mixed-sources';
import { readElfFile } from './read-elf';
import { gnuRelaxed, relaxed } from './relaxed';

const corpus = (name: string) => readFileSync(join(__dirname, 'corpus', name), 'utf8');
const setPointer = '.globl _start\n_start:\n.option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n';
const data = '.data\n.globl x\nx: .word 1, 2\n.bss\ny: .skip 64\n.section .tdata, "awT"\n.word 1\nt: .word 2\n';

/** Sources by what is relaxed in them. */
const sources: Record<string, string> = {
  'a call and a tail call': `${setPointer}call f\ntail f\ncall t2, f\njump f, t1\nf: ret\n`,
  'a tail call without compressed code': '.option norvc\n.globl _start\n_start: tail f\n.skip 64\nf: ret\n',
  'calls at the limit of c.j': `.globl _start\n_start: tail f\n.skip 2038\nf: tail g\n.skip 2040\ng: tail h\n.skip 2044\nh: tail _start\n`,
  'calls at the limit of jal': `.globl _start\n_start: call f\n.skip 1048566\nf: call g\n.skip 1048572\ng: call f\ncall _start\n`,
  'calls across an alignment': `.globl _start\n_start: call f\n.balign 1024\n.skip 1047550\nf: tail g\n.balign 256\n.skip 1800\ng: nop\n`,
  'calls to numbers near 0': '.globl _start, near\n.set near, 0x100\n_start: call near\ntail near\n',
  'addresses by pc': `${setPointer}la a0, x + 4\nlw a1, x\nsd a2, y, t0\nfld fa0, y + 8, t1\nlla a3, _start\n${data}`,
  'addresses by their parts': `${setPointer}1: auipc a0, %pcrel_hi(y)\nlw a1, %pcrel_lo(1b)(a0)\nsw a1, %pcrel_lo(1b)(a0)\nlui a2, %hi(y)\naddi a2, a2, %lo(y)\nsw a2, %lo(y)(a2)\n${data}`,
  'lui to c.lui, but of sp and zero': `${setPointer}lui a0, %hi(_start)\nlui sp, %hi(_start)\nlui zero, %hi(_start)\naddi a0, a0, %lo(_start)\n`,
  'an object of which only a part is near gp': `${setPointer}la a0, big\nla a0, big + 2000\nla a0, small\n.data\n.skip 1000\n.globl big\n.type big, @object\n.size big, 3000\nbig: .skip 3000\nsmall: .word 1\n.size small, 4\n`,
  'thread-local symbols': `${setPointer}lui a0, %tprel_hi(t)\nadd a0, a0, tp, %tprel_add(t)\nlw a1, %tprel_lo(t)(a0)\nsw a1, %tprel_lo(t)(a0)\naddi a2, a0, %tprel_lo(t)\n${data}`,
  'thread-local symbols at the limit': `${setPointer}lui a0, %tprel_hi(u)\nadd a0, a0, tp, %tprel_add(u)\nlw a1, %tprel_lo(u)(a0)\nlw a1, %tprel_lo(v)(a0)\n.section .tbss, "awT", @nobits\n.skip 2044\nu: .word 0\nv: .word 0\n`,
  'weak symbols that nobody defines': `${setPointer}.weak none\ncall none\nla a0, none\nlw a1, none\nsd a1, none, t0\nlui a2, %hi(none)\nlw a2, %lo(none)(a2)\n`,
  'alignment behind what became shorter': `${setPointer}call f\n.align 4\nla a0, x\n.align 3\nf: beqz a0, f\n.align 6\nret\n${data}`,
  'norelax in between': `${setPointer}call f\n.option push\n.option norelax\ncall f\nla a0, x\n.align 3\n.option pop\nla a0, x\nf: ret\n${data}`,
  'distances and sizes over what became shorter': `${setPointer}f: call f\nla a0, x\nend:\n.size f, . - f\n.data\n.word end - f, f - end\n.half end - f\n.byte end - f\n.dword end\n.set length, end - f\n.word length\n${data}`,
  'branches over what became shorter': `${setPointer}beqz a0, far\n.rept 400\ncall _start\n.endr\nfar: bnez a0, _start\nj _start\n`,
  'merged strings': `${setPointer}la a0, one\nlui a1, %hi(two)\naddi a1, a1, %lo(two)\n.section .rodata.str1.8, "aMS", @progbits, 1\none: .string "one"\ntwo: .string "none"\n`,
  'instructions by their formats': `${setPointer}.insn u LUI, a0, %hi(x)\n.insn i OP_IMM, 0, a0, a0, %lo(x)\n.insn s STORE, 3, a0, %lo(x)(a0)\n${data}`,
  'frames of functions that became shorter': `${setPointer}.cfi_startproc\n.cfi_def_cfa_offset 16\ncall f\n.cfi_offset ra, -8\n.rept 20\ncall f\n.endr\n.cfi_def_cfa_offset 0\nf: ret\n.cfi_endproc\n`,
};

describe('linker relaxation beside GNU ld', () => {
  let folder: string;
  before(function () {
    requireTools(this, 'riscv64-unknown-elf-as', 'riscv64-unknown-elf-ld', 'riscv64-unknown-elf-objdump');
    folder = scratchFolder();
  });

  const symbolText = (image: Uint8Array, names: ReadonlySet<string>) =>
    readElfFile(image)
      .symbols.filter(({ name, type, value }) => names.has(name) && type < 3 && value !== 0n)
      .map(({ name, value, size }) => `${name} ${value.toString(16)} ${size}`)
      .sort()
      .join('\n');

  const same = (texts: readonly string[], textAddress?: bigint) => {
    const ours = relaxed(texts, textAddress);
    const theirs = gnuRelaxed(folder, texts, ours);
    assert.equal(loadedText(ours), loadedText(theirs));
    const names = new Set(
      readElfFile(ours)
        .symbols.map(({ name }) => name)
        .filter((name) => /^[a-z]\w*$/.test(name)),
    );
    assert.equal(symbolText(ours, names), symbolText(theirs, names));
    return ours;
  };

  for (const [name, text] of Object.entries(sources)) {
    it(`gives the same bytes and symbols: ${name}`, () => {
      same([text]);
    });
  }

  for (const name of ['instructions.s', 'data.s', 'macros.s', 'insn.s', 'subsections.s', 'thread-local.s', 'norelax.s']) {
    it(`gives the same bytes: ${name}`, () => {
      same([corpus(name)]);
    });
  }

  it('gives the same bytes: branches of two sources, and ordinary code', () => {
    same([corpus('branches.s'), corpus('branches-2.s')]);
    const text = ordinarySource(6000, 3);
    assert.notEqual(loadedText(same([text])), loadedText(assembled([text])));
  });

  it('gives the same bytes: two sources of everything mixed, at addresses near and far', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = new Random(seed);
      same(mixedSources(random), random.pick([0x10000n, 0x1000n, 0x1d000n]));
    }
  });

  it('gives the lines that GNU as and ld give', () => {
    const text = `${setPointer}f: call f\nla a0, x\nlui a0, %hi(x)\naddi a0, a0, %lo(x)\n.align 4\ntail f\nnop\n${data}`;
    const path = join(folder, 'lines.s');
    writeFileSync(path, text);
    const rows = (program: string) =>
      execFileSync('riscv64-unknown-elf-objdump', ['--dwarf=decodedline', program], { encoding: 'utf8' })
        .split('\n')
        .flatMap((line) => line.match(/ (\d+ +0x[\da-f]+)/)?.[1]?.replace(/ +/, ' ') ?? []);
    const { image } = assemble([{ path, text }], { relax: true });
    const ours = join(folder, 'lines.elf');
    writeFileSync(ours, image!);
    gnuRelaxed(folder, [text], image!, ['-g']);
    assert.deepEqual(rows(ours), rows(join(folder, 'relaxed.elf')));
  });

  it('is off unless told', () => {
    const text = `${setPointer}call f\nf: ret\n`;
    assert.ok(assembled([text]).length > relaxed([text]).length || loadedText(assembled([text])) !== loadedText(relaxed([text])));
  });
});
