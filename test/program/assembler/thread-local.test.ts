import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireTools } from '../../support/tools';
import { assembled, scratchFolder } from './gnu';

/** Ends with the numbers of `near`, `found` and `counter` and twice the module's number, each reached by another model. */
const text = `
        .globl _start
_start: la tp, area
        la.tls.ie a0, near
        add a0, a0, tp
        lw a1, 0(a0)
        la.tls.gd a0, found
        ld a2, 0(a0)
        ld a3, 8(a0)
        li a4, 0x800
        add a3, a3, a4
        add a3, a3, tp
        lw a4, 0(a3)
        add a1, a1, a4
        lui a5, %tprel_hi(counter)
        add a5, a5, tp, %tprel_add(counter)
        lw a4, %tprel_lo(counter)(a5)
        add a1, a1, a4
        slli a2, a2, 1
        add a0, a1, a2
        li a7, 93
        ecall
        .section .tdata, "awT"
        .word 5
near:   .word 20
found:  .word 30
counter: .word 40
        .data
        .balign 16
area:   .word 5, 20, 30, 40
`;

describe('thread-local symbols', () => {
  it('are found through the table as in a program of ld -static', function () {
    requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld', 'qemu-riscv64');
    const folder = scratchFolder();
    const [source, object, theirs, ours] = ['tls.s', 'tls.o', 'theirs.elf', 'ours.elf'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    writeFileSync(source, text);
    writeFileSync(ours, assembled([text]), { mode: 0o755 });
    execFileSync('riscv64-linux-gnu-as', ['-o', object, source]);
    execFileSync('riscv64-linux-gnu-ld', ['-static', '-o', theirs, object]);
    const statusOf = (program: string) => spawnSync('qemu-riscv64', [program]).status;
    assert.deepEqual([statusOf(ours), statusOf(theirs)], [92, 92]);
  });
});
