import assert from 'node:assert/strict';
import { assemble } from '../../program/assembler/assemble';
import { Folder, riscvFtrace, traceLines } from './command';

/** Ends as the public ISA tests do, with what is in gp. */
const tohost = (gp: string) => `
        .globl _start
_start: li gp, ${gp}
        la t0, tohost
1:      sw gp, (t0)
        sw zero, 4(t0)
        j 1b
        .section .tohost, "aw", @progbits
        .balign 64
        .globl tohost
tohost: .dword 0
`;

/** Sends back what it receives, each character twice, to the end of the line. */
const echo = `
        .globl _start
_start: la sp, stack
        li s0, 0x10000000
1:      lbu t0, 5(s0)
        andi t0, t0, 1
        beqz t0, 1b
        lbu a0, (s0)
        call twice
        li t0, 10
        bne a0, t0, 1b
        li t0, 0x100000
        li t1, 0x93333
        sw t1, (t0)
        .type twice, @function
twice:  sb a0, (s0)
        sb a0, (s0)
        ret
        .size twice, . - twice
        .bss
        .zero 4096
        .balign 16
stack:
`;

describe('riscv-ftrace run, for bare-metal programs', () => {
  const folder = new Folder();
  after(() => folder.remove());

  const elf = (name: string, text: string) => {
    const { image, diagnostics } = assemble([{ path: 'program.s', text }], { textAddress: 0x8000_0000n, callSites: false });
    assert.ok(image, diagnostics.map(({ message }) => message).join());
    return folder.write(name, image);
  };

  for (const [gp, status, said] of [
    ['1', 0, ''],
    ['(5 << 1) | 1', 5, 'riscv-ftrace: tohost: test 5 failed\n'],
    ['1337', 668 & 255, 'riscv-ftrace: tohost: test 668 failed\n'],
    ['(256 << 1) | 1', 255, 'riscv-ftrace: tohost: test 256 failed\n'],
  ] as const) {
    it(`tohost ${gp} ends with status ${status}`, async () => {
      const run = await riscvFtrace(['run', elf('test', tohost(gp))]);
      assert.deepEqual(run, { status, stdout: Buffer.from(''), stderr: said });
    });
  }

  it('the serial port is standard input and output, and functions are traced', async () => {
    const program = folder.write('echo.s', echo);
    const { status, stdout, stderr } = await riscvFtrace(['run', '--machine', 'bare-metal', '-l', 'twice', program], 'ab\n');
    assert.equal(stderr, '');
    assert.equal(status, 9);
    assert.ok(stdout.toString().startsWith('aabb\n\n# tracer: function\n'));
    assert.equal(traceLines(stdout).length, 3);
  });

  it('an exception that no handler takes is told, with its place', async () => {
    const { status, stderr } = await riscvFtrace(['run', elf('bad', '.globl _start\n_start: nop\n csrw satp, zero\n')]);
    assert.equal(status, 128 + 4);
    assert.match(stderr, /^riscv-ftrace: bad: illegal-instruction at pc 0x80000002 \(_start\+0x2\).*CSR satp does not exist/);
  });

  it('a machine that is none, and a program that does not fit, are refused', async () => {
    const wrong = await riscvFtrace(['run', '--machine', 'vax', 'samples/fib.s']);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /--machine vax: linux or bare-metal is needed/);
    const large = await riscvFtrace(['run', '--memory', '1', elf('large', '.globl _start\n_start: nop\n.bss\n.zero 2 << 20')]);
    assert.equal(large.status, 2);
    assert.match(large.stderr, /more than 1 MiB of RAM at 0x80000000/);
  });
});
