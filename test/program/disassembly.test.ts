import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listing } from '../../program/disassembly/listing';
import { requireTools } from '../support/tools';
import { withScratch } from './support/gnu';

const prefix = 'riscv64-linux-gnu-';

/** Enough of the C library to be more than 100,000 instructions long. */
const source = `
#include <complex.h>
#include <dlfcn.h>
#include <iconv.h>
#include <math.h>
#include <netdb.h>
#include <printf.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wchar.h>
int main(int argc, char **argv) {
  regex_t expression;
  regcomp(&expression, argv[0], REG_EXTENDED);
  struct addrinfo *info = 0;
  getaddrinfo(argv[0], 0, 0, &info);
  double x = argc * 0.5;
  long double y = x;
  wprintf(L"%f %Lf\\n", sin(x) + pow(x, 3) + tgamma(x) + lgamma(x) + erf(x) + jn(3, x) + creal(ctanh(x)), sinl(y) + powl(y, 3) + tgammal(y));
  printf("%f %p\\n", sinf(x) + powf(x, 2), iconv_open("UTF-8", "UTF-16"));
  return mktime(localtime(0)) == 0;
}`;

/** Data among code, with and without mapping symbols, zeros that are left out, sections without symbols. */
const mixture = `
    .globl _start
_start:
    la    a0, message
    lui   a1, %hi(message)
    sw    a2, %lo(message)(a1)
    j     1f
    .word 0x12345678, 0
    .half 0x1234
    .byte 1
    .byte 2
    .asciz "hello"
    .balign 2
1:  ret
    .zero 40
f:  nop
    .zero 5
g:  nop
    .byte 1,2,3
    .balign 4
    ret
    .zero 2
    .type table, @object
table:
    .word 1, 0x64636261
    .asciz "a text of more than one line"
    .zero 3
    .balign 4
    .type after, @object
after:
    nop
    .zero 24
    .byte 1
    .balign 2
last: ret
    .section .text.hot, "ax"
    addi  a0, gp, 4
    jr    4(t1)
    lw    a0, 8(tp)
    sd    a0, -8(zero)
    lui   a3, 5
    auipc a4, 1
    c.lui a5, 6
    beqz  a0, h
    c.addi a5, 4
    addiw a3, a3, 4
    addiw a3, a3, 4
    jalr  a4
    jalr  a4
h:  lui   t1, 1
    mv    a0, t1
    addi  a0, t1, 0
    lui   ra, 1
    ret
    jalr  zero, 4(ra)
    .data
message:
    .zero 8
`;

describe('the disassembly of a program', () => {
  for (const aliases of [true, false]) {
    const mode = aliases ? 'with aliases' : 'without aliases';

    it(`is that of objdump, line by line, for a static glibc program, ${mode}`, function () {
      requireTools(this, `${prefix}gcc`, `${prefix}objdump`);
      withScratch((folder) => {
        writeFileSync(join(folder, 'large.c'), source);
        run(folder, 'gcc', '-static', '-O2', '-w', 'large.c', '-o', 'large', '-lm');
        const lines = compare(folder, 'large', aliases);
        assert.ok(lines > 100_000, `only ${lines} lines`);
      });
    });

    it(`is that of objdump for data among code, and without symbols, ${mode}`, function () {
      requireTools(this, `${prefix}as`, `${prefix}objdump`);
      withScratch((folder) => {
        writeFileSync(join(folder, 'mixture.s'), mixture);
        run(folder, 'as', '-march=rv64gc', 'mixture.s', '-o', 'mixture.o');
        run(folder, 'ld', '--no-relax', 'mixture.o', '-o', 'mixture');
        compare(folder, 'mixture', aliases);
        run(folder, 'objcopy', '--strip-all', 'mixture', 'stripped');
        compare(folder, 'stripped', aliases);
      });
    });
  }

  it('has the lines of the source before their code', () => {
    const path = join(__dirname, '../../samples/files.elf');
    const row = { path: '/a.c', line: 7, column: 0, address: 0n, isStatement: true, prologueEnd: false, continues: false };
    const lines = { at: () => ({ row, end: 0n }) } as never;
    const texts = [...listing(readFileSync(path), 'files.elf', { lines, sourceLine: (_path, line) => `line ${line}` })];
    const first = texts.findIndex((text) => text.endsWith('>:'));
    assert.equal(texts[first + 1], 'line 7');
    assert.match(texts[first + 2]!, /^ *[0-9a-f]+:\t/);
  });
});

/** Gives the number of instructions. */
function compare(folder: string, name: string, aliases: boolean): number {
  const theirs = run(folder, 'objdump', '-d', ...(aliases ? [] : ['-M', 'no-aliases']), name)
    .split('\n')
    .map(normalised);
  const ours = [...listing(readFileSync(join(folder, name)), name, { aliases })].map(normalised);
  if (theirs.at(-1) === '') theirs.pop();
  const differences = ours.flatMap((line, index) =>
    line === theirs[index] ? [] : [`line ${index + 1}: ours ${line}, objdump ${theirs[index]}`],
  );
  assert.deepEqual(differences.slice(0, 10), [], `${differences.length} differences`);
  assert.equal(ours.length, theirs.length);
  return ours.filter((line) => /^[0-9a-f]+: /.test(line)).length;
}

function normalised(line: string): string {
  return line.replace(/\s+/g, ' ').trim();
}

function run(folder: string, tool: string, ...args: string[]): string {
  return execFileSync(prefix + tool, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}
