import assert from 'node:assert/strict';
import { Folder, riscvFtrace } from './command';

/** Prints the file that its argument names, and exits with what open said where it cannot. */
const cat = `
.globl _start
_start: li a0, -100
        ld a1, 16(sp)
        li a2, 0
        li a7, 56
        ecall
        bltz a0, fail
        la a1, buffer
        li a2, 100
        li a7, 63
        ecall
        mv a2, a0
        li a0, 1
        la a1, buffer
        li a7, 64
        ecall
        li a0, 0
        j end
fail:   neg a0, a0
end:    li a7, 93
        ecall
        .bss
buffer: .zero 100
`;

describe('riscv-ftrace run --mount', () => {
  const folder = new Folder();
  after(() => folder.remove());

  it('gives the program that folder, and no other file of this computer', async () => {
    const program = folder.write('cat.s', cat);
    const text = folder.write('text', 'what is in it');
    const mounted = await riscvFtrace(['run', '--mount', `${folder.path}:/data`, '--memory', '16', program, '/data/text']);
    assert.deepEqual([mounted.status, mounted.stdout.toString(), mounted.stderr], [0, 'what is in it', '']);
    const ENOENT = 2;
    assert.equal((await riscvFtrace(['run', program, text])).status, ENOENT);
  });

  it('says what is wrong with a mount or a memory', async () => {
    const program = folder.write('cat.s', cat);
    for (const [options, message] of [
      [['--mount', 'data'], /run: --mount data: HOST:GUEST or HOST:GUEST:rw is needed/],
      [['--mount', '/nowhere:/data'], /\/nowhere cannot be mounted: there is no such folder/],
      [['--memory', 'much'], /run: --memory much: a number of MiB is needed/],
    ] as const) {
      const { status, stderr } = await riscvFtrace(['run', ...options, program]);
      assert.equal(status, 2);
      assert.match(stderr, message);
    }
  });
});
