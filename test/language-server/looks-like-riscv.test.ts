import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { looksLikeRiscv } from '../../language-server/looks-like-riscv';

describe('language server: which machine a file is for', () => {
  const cases: [name: string, text: string, expected: boolean | undefined][] = [
    ['RISC-V', '\taddi sp, sp, -16\n\tsd ra, 8(sp)\n\tret', true],
    ['an option of RISC-V', '.option norvc\n', true],
    ['x86, AT&T', '\tpushq %rbp\n\tmovq %rsp, %rbp\n\tret', false],
    ['x86, Intel', 'section .text\nglobal _start\n_start:\n mov eax, 1\n int 0x80', false],
    ['Arm 64', '\tstp x29, x30, [sp, -16]!\n\tldr x0, [x1]\n\tbl f\n\tret', false],
    ['MIPS', '\t.set noreorder\n\taddiu $sp, $sp, -16\n\tlui $t0, 1', false],
    ['6502', '\tlda #1\n\tsta $0200', false],
    ['PHP', '<?php echo 1;', false],
    ['data alone', '\t.data\nx: .word 1', undefined],
    ['nothing', '', undefined],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.equal(looksLikeRiscv(text), expected));

  it('the samples', () => {
    for (const name of ['fib.s', 'sort.s'])
      assert.equal(looksLikeRiscv(readFileSync(join(__dirname, '../../samples', name), 'utf8')), true, name);
  });
});
