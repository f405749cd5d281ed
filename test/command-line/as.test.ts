import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readElfFile } from '../program/assembler/read-elf';
import { requireTools } from '../support/tools';
import { Folder, riscvFtrace } from './command';

describe('riscv-ftrace as', () => {
  const folder = new Folder();
  after(() => folder.remove());

  it('links several sources with what they include to a program that runs elsewhere', async function () {
    requireTools(this, 'qemu-riscv64');
    folder.write('status.h', '#pragma once\n#define STATUS BASE + 2\n');
    folder.write('exit.inc', '\tli a7, 93\n\tecall\n');
    const first = folder.write('first.S', '#include "status.h"\n\t.globl _start\n_start:\n\tli a0, STATUS\n\ttail leave\n');
    const second = folder.write('second.s', '\t.globl leave\nleave:\n\t.include "exit.inc"\n');
    const output = join(folder.path, 'program');
    const result = await riscvFtrace(['as', first, second, '-DBASE=40', '-o', output]);
    assert.deepEqual({ ...result, stdout: result.stdout.toString() }, { status: 0, stdout: '', stderr: '' });
    assert.ok(statSync(output).mode & 0o100, 'it can be executed');
    assert.throws(
      () => execFileSync('qemu-riscv64', [output]),
      (error: { status?: number }) => error.status === 42,
    );
  });

  it('relaxes when told, to a program that does the same in fewer bytes', async function () {
    requireTools(this, 'qemu-riscv64');
    const pointer = '\t.option push\n\t.option norelax\n\tla gp, __global_pointer$\n\t.option pop\n';
    const code = '\tlw a0, value\n\tcall add\n\tli a7, 93\n\tecall\nadd:\tlw a1, value + 4\n\tadd a0, a0, a1\n\tret\nend:\n';
    const source = folder.write('relaxed.s', `\t.globl _start, end\n_start:\n${pointer}${code}\t.data\nvalue:\t.word 40, 2\n`);
    const sizes: bigint[] = [];
    for (const options of [[], ['--relax']]) {
      const output = join(folder.path, 'relaxed');
      assert.equal((await riscvFtrace(['as', source, ...options, '-o', output])).status, 0);
      assert.equal(spawnSync('qemu-riscv64', [output]).status, 42);
      sizes.push(readElfFile(readFileSync(output)).sections.find(({ name }) => name === '.text')!.size);
    }
    // The call and the second load; the first datum is where gp reaches no further.
    assert.equal(sizes[0]! - sizes[1]!, 8n);
  });

  it('prints every error with its line and a caret, and writes nothing', async () => {
    const source = folder.write('wrong.s', '\taddi\ta0, a0, 5000\n\tnop\n  adi a0, a0, 1\n\tadd.uw a0, a1, a2\n');
    const output = join(folder.path, 'never');
    const { status, stderr } = await riscvFtrace(['as', source, '-o', output]);
    assert.equal(status, 1);
    assert.equal(
      stderr.replaceAll(source, 'wrong.s'),
      [
        'wrong.s:1:15: error: immediate 5000 is out of range -2048..2047',
        '    1 | \taddi\ta0, a0, 5000',
        '      | \t    \t        ^~~~',
        "wrong.s:3:3: error: unknown instruction 'adi': did you mean 'addi'?",
        '    3 |   adi a0, a0, 1',
        '      |   ^~~',
        "wrong.s:4:2: error: 'add.uw' needs the extension Zba, which RV64GC has not",
        '    4 | \tadd.uw a0, a1, a2',
        '      | \t^~~~~~',
        '',
      ].join('\n'),
    );
    assert.ok(!existsSync(output));
    assert.equal((await riscvFtrace(['as', source, '-march=rv64gc_zba', '-o', output])).stderr.includes('add.uw'), false);
  });

  it('names what is wrong with its words', async () => {
    for (const [words, message] of [
      [['as'], /as: no FILE/],
      [['as', 'a.s', '--nothing'], /as: unknown option '--nothing'/],
      [['as', 'a.s', '-march=rv32i'], /-march: ISA 'rv32i'/],
      [['as', 'a.s', '-Ttext=123'], /a multiple of 0x1000/],
      [['as', 'a.s', '-o'], /-o needs a value/],
      [['as', join(folder.path, 'none.s')], /none\.s: no such file/],
    ] as const) {
      const { status, stderr } = await riscvFtrace([...words]);
      assert.match(stderr, message);
      assert.equal(status, 2);
    }
  });
});
