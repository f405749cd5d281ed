import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze } from '../../language-server/analysis/analyze';
import { checkCodes } from '../../language-server/analysis/finding';
import { requireTools } from '../support/tools';
import { fixture } from './fixture';

/** `line code` of each finding, lines from 1. */
function findings(source: string): string[] {
  const { workspace, document } = fixture(source);
  return analyze(workspace, document).map(({ code, line }) => `${line.number + 1} ${code}`);
}

const inFunction = (body: string) => `.globl f\n.type f, @function\nf:\n${body}`;

describe('language server: checks', () => {
  const wrong: [name: string, body: string, ...expected: string[]][] = [
    ['a saved register that is not saved', 'li s1, 1\nret', '4 callee-saved-not-restored'],
    ['a floating-point saved register', 'fmv.d.x fs0, zero\nret', '4 callee-saved-not-restored'],
    [
      'a register saved on one way only',
      'beqz a0, 1f\nsd s1, 0(sp)\n1: li s1, 1\nmv a0, s1\nld s1, 0(sp)\nret',
      '6 callee-saved-not-restored',
    ],
    ['a return address that a call overwrote', 'call g\nret', '5 return-address-lost'],
    [
      'a return address that is saved and not loaded',
      'addi sp, sp, -16\nsd ra, 8(sp)\ncall g\naddi sp, sp, 16\nret',
      '8 return-address-lost',
    ],
    ['a tail call with a lost return address', 'call g\ntail g', '5 return-address-lost'],
    ['a stack that stays moved', 'addi sp, sp, -16\nret', '5 stack-unbalanced'],
    ['a stack that is given back twice', 'addi sp, sp, -16\naddi sp, sp, 32\nret', '6 stack-unbalanced'],
    [
      'a temporary read after a call',
      'addi sp, sp, -16\nsd ra, 8(sp)\nli t0, 1\ncall g\nadd a0, a0, t0\nld ra, 8(sp)\naddi sp, sp, 16\nret',
      '8 clobbered-by-call',
    ],
    [
      'an argument read after a call',
      'addi sp, sp, -16\nsd ra, 8(sp)\nmv a2, a0\ncall g\nadd a0, a0, a2\nld ra, 8(sp)\naddi sp, sp, 16\nret',
      '8 clobbered-by-call',
    ],
    ['a temporary that nobody wrote', 'add a0, a0, t1\nret', '4 uninitialized-register'],
    ['a temporary written on one way only', 'beqz a0, 1f\nli t1, 1\n1: mv a0, t1\nret', '6 uninitialized-register'],
    [
      'an argument that an earlier call may have changed',
      'addi sp, sp, -16\nsd ra, 8(sp)\nli a1, 1\ncall g\ncall h\nld ra, 8(sp)\naddi sp, sp, 16\nret\n.size f, .-f\n.type h, @function\nh: add a0, a0, a2\nret',
      '8 argument-never-written',
    ],
    ['a constant that is overwritten', 'li a0, 1\nli a0, 2\nret', '4 result-never-used'],
    ['code behind a return', 'ret\nli a0, 1\nret', '5 unreachable-code'],
    ['code behind a jump', 'j 1f\nli a0, 1\n1: ret', '5 unreachable-code'],
    ['a label that nothing refers to', 'again:\nret', '4 unused-label'],
    ['a store to a constant', 'la t0, c\nsw zero, 0(t0)\nret\n.section .rodata\nc: .word 1', '5 store-to-read-only'],
    ['a store to a constant by its name', 'sw zero, c, t0\nret\n.section .rodata\nc: .word 1', '4 store-to-read-only'],
    ['a load wider than its variable', 'la t0, v\nld a0, 0(t0)\nret\n.data\nv: .word 1', '5 wrong-width'],
    ['a store beyond the end of its variable', 'la t0, v\nsw a0, 4(t0)\nret\n.data\nv: .word 1', '5 wrong-width'],
  ];
  for (const [name, body, ...expected] of wrong) it(`finds ${name}`, () => assert.deepEqual(findings(inFunction(body)), expected));

  it('finds an argument that the start of a program has not set', () => {
    const source =
      '.globl _start\n_start:\nli a0, 1\ncall add\nli a7, 93\necall\n.globl add\n.type add, @function\nadd: add a0, a0, a1\nret';
    assert.deepEqual(findings(source), ['4 argument-never-written']);
  });

  it('has a way to find each of its codes', () => {
    const seen = new Set(wrong.flatMap(([, , ...expected]) => expected.map((each) => each.split(' ')[1]!)));
    assert.deepEqual([...seen].sort(), [...checkCodes].sort());
  });

  it('has a page of documentation for each of its codes', () => {
    for (const code of checkCodes) assert.ok(existsSync(join(__dirname, `../../docs/checks/${code}.md`)), code);
  });

  const right: [name: string, body: string][] = [
    ['a saved and restored register', 'addi sp, sp, -16\nsd s1, 0(sp)\nli s1, 1\nmv a0, s1\nld s1, 0(sp)\naddi sp, sp, 16\nret'],
    ['a register kept in a temporary', 'mv t0, ra\ncall g\njr t0'],
    ['a loop', 'li t0, 10\n1: addi t0, t0, -1\nbnez t0, 1b\nmv a0, t0\nret'],
    [
      'a frame pointer',
      'addi sp, sp, -32\nsd s0, 24(sp)\naddi s0, sp, 32\nsub sp, sp, a0\naddi sp, s0, -32\nld s0, 24(sp)\naddi sp, sp, 32\nret',
    ],
    ['results of a call', 'addi sp, sp, -16\nsd ra, 8(sp)\ncall g\nadd a0, a0, a1\nld ra, 8(sp)\naddi sp, sp, 16\nret'],
    ['a call that never returns', 'li s1, 1\n1: call g\nj 1b'],
    ['a temporary saved on the stack', 'addi sp, sp, -16\nsd t1, 0(sp)\nld t1, 0(sp)\naddi sp, sp, 16\nret'],
    ['an access within an array', 'la t0, v\nld a0, 8(t0)\nret\n.data\nv: .dword 1, 2'],
    ['a narrow access', 'la t0, v\nlbu a0, 0(t0)\nret\n.data\nv: .word 1'],
    ['code behind a label', 'j 2f\n1: li a0, 1\nret\n2: j 1b'],
  ];
  for (const [name, body] of right) it(`says nothing of ${name}`, () => assert.deepEqual(findings(inFunction(body)), []));

  describe('on what compilers write', () => {
    const root = join(__dirname, '../..');
    const sources = [
      ...['runtime/stdio.c', 'runtime/stdlib.c', 'runtime/string.c', 'runtime/system.c', 'samples/files.c'],
      'test/language-server/corpus.c',
    ];
    let folder = '';
    before(function () {
      requireTools(this, 'clang-19', 'riscv64-linux-gnu-gcc');
      folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-checks-'));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    const compilers: [name: string, command: string, ...flags: string[]][] = [
      ['gcc', 'riscv64-linux-gnu-gcc'],
      ['clang', 'clang-19', '--target=riscv64-linux-gnu', '-march=rv64gc', '-mabi=lp64d'],
    ];
    for (const [name, command, ...flags] of compilers) {
      for (const level of ['-O0', '-O2', '-Os']) {
        it(`${name} ${level} is free of findings`, () => {
          for (const source of sources) {
            const output = join(folder, 'out.s');
            const args = [...flags, level, '-S', '-w', `-I${join(root, 'runtime/include')}`, join(root, source), '-o', output];
            const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
            assert.equal(status, 0, stderr);
            assert.deepEqual(findings(readFileSync(output, 'utf8')), [], `${source} ${level}`);
          }
        });
      }
    }
  });

  it('says nothing of the samples', () => {
    const samples = join(__dirname, '../../samples');
    for (const name of readdirSync(samples).filter((each) => each.endsWith('.s'))) {
      assert.deepEqual(findings(readFileSync(join(samples, name), 'utf8')), [], name);
    }
  });
});
