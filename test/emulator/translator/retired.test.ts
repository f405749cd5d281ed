import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';
import { requireTools } from '../../support/tools';

/** Loops, recursion, cases of a switch, atomics, floating point, compressed code, system calls; the exit code is of what it computed. */
const source = `
        .globl _start
_start: li s0, 60
        la s1, table
again:  li a0, 6
        call tree
        add s2, s2, a0
        andi t0, s2, 3
        slli t0, t0, 3
        add t0, t0, s1
        ld t0, 0(t0)
        jr t0
one:    addi s3, s3, 1
        j joined
two:    fcvt.d.l fa0, s3
        fmadd.d fa1, fa0, fa0, fa1
        j joined
three:  la t1, cell
        amoadd.d t2, s3, (t1)
retry:  lr.d t2, (t1)
        addi t2, t2, 1
        sc.d t3, t2, (t1)
        bnez t3, retry
        j joined
four:   li a7, 172
        ecall
joined: li t0, 40
inner:  addi t0, t0, -1
        mul s4, s4, t0
        xor s4, s4, s3
        bgtz t0, inner
        addi s0, s0, -1
        bnez s0, again
        andi a0, s2, 127
        li a7, 93
        ecall
tree:   blez a0, leaf
        addi sp, sp, -32
        sd ra, 24(sp)
        sd a0, 16(sp)
        addi a0, a0, -1
        call tree
        sd a0, 8(sp)
        ld a0, 16(sp)
        addi a0, a0, -2
        call tree
        ld t0, 8(sp)
        add a0, a0, t0
        ld ra, 24(sp)
        addi sp, sp, 32
        ret
leaf:   li a0, 1
        ret
        .data
        .align 3
table:  .dword one, two, three, four
cell:   .dword 0
`;

describe('retired instructions', () => {
  let folder: string;
  before(function () {
    requireTools(this, 'qemu-riscv64');
    folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  it('are as many as qemu-riscv64 executes one by one, with and without the translator, under every slicing', () => {
    const { image } = assemble([{ path: 'count.s', text: source }], { callSites: false });
    const [path, log] = [join(folder, 'count'), join(folder, 'log')];
    writeFileSync(path, image!);
    chmodSync(path, 0o755);
    const { status } = spawnSync('qemu-riscv64', ['-singlestep', '-d', 'nochain,exec', '-D', log, path]);
    const executed = readFileSync(log, 'latin1').match(/^Trace /gm)!.length;
    assert.ok(executed > 20_000, `${executed}`);
    const program = readProgram(image!, 'count');
    const host = { write: () => {}, read: () => 'end' as const, note: () => {} };
    for (const [hotAfter, slice] of [
      [0, 1_000_000],
      [2, 1_000_000],
      [2, 37],
      [20, 1009],
    ] as const) {
      const { machine } = LinuxProcess.start(program, { arguments: ['count'], host, hotAfter, memory: 16 });
      let stop = machine.run(slice);
      while (stop.kind === 'budget') stop = machine.run(slice);
      assert.deepEqual(stop, { kind: 'exit', code: status });
      assert.equal(machine.instret, BigInt(executed), `hot after ${hotAfter}, in slices of ${slice}`);
      assert.equal(machine.statistics.translated > 0, hotAfter > 0);
    }
  });
});
