import assert from 'node:assert/strict';
import { encode } from '../../../riscv/encode';
import type { Mnemonic } from '../../../riscv/instruction-table';
import { parseIsa } from '../../../riscv/isa-string';
import { exitCode, type Options, start } from './start';
import { testProgram } from './test-program';

/**
 * Without C, code is aligned to 4 bytes, and it is the jump that traps, not the fetch: ra is not written, mepc is the address of the
 * jump and mtval its target (Volume I, "Unconditional Jumps"; Volume II, "Machine Trap Value").
 */
const jumps: Readonly<Record<string, string>> = {
  jal: word('jal', { rd: 1, immediate: 6 }),
  'j, to nobody': word('jal', { immediate: 6 }),
  'jal back': word('jal', { rd: 1, immediate: -6 }),
  'jal out of the page': word('jal', { rd: 1, immediate: 0x2002 }),
  jalr: 'jalr ra, 0(s2)',
  'jalr, with the lowest bit, which does not count': 'jalr ra, 1(s2)',
  'jr, to nobody': 'jalr zero, 0(s2)',
  'a branch that is taken': word('beq', { immediate: 6 }),
  'a branch back that is taken': word('beq', { immediate: -6 }),
};

/** An instruction as data: our assembler refuses what leads between instructions. */
function word(mnemonic: Mnemonic, operands: Parameters<typeof encode>[1]): string {
  return `.word ${encode(mnemonic, operands)}`;
}

function startWithoutC(body: string, options: Options) {
  return start(`.option norvc\n${testProgram('machine', body)}`, options);
}

function trapOf(jump: string, rounds: number): string {
  return `li s0, ${rounds}
     li gp, 2
     la s1, here
     addi s2, s1, 6
again: li ra, 7
here: ${jump}
     j fail
     j fail
resume: addi s0, s0, -1
     bnez s0, again
     j pass
handler: csrr t5, mcause
     bnez t5, fail
     csrr t5, mepc
     bne t5, s1, fail
     csrr t5, mtval
     andi t6, t5, 3
     addi t6, t6, -2
     bnez t6, fail
     li t6, 7
     bne ra, t6, fail
     la t5, resume
     csrw mepc, t5
     mret`;
}

describe('code without compressed instructions', () => {
  const isa = parseIsa('rv64g');
  for (const hotAfter of [0, 2]) {
    describe(hotAfter === 0 ? 'interpreted' : 'translated', () => {
      for (const [name, jump] of Object.entries(jumps)) {
        it(`${name}: the jump to a halfword traps`, () => {
          const started = startWithoutC(trapOf(jump, 50), { isa, hotAfter });
          assert.equal(exitCode(started), 0, started.notes.join('\n'));
        });
      }

      it('a branch that is not taken does not trap', () => {
        const body = `li s0, 50
1:   ${word('bne', { immediate: 6 })}
     addi s0, s0, -1
     bnez s0, 1b
     j pass
handler: j fail`;
        assert.equal(exitCode(startWithoutC(body, { isa, hotAfter })), 0);
      });

      it('an indirect jump that is right often and wrong once traps that once', () => {
        const body = `li s0, 60
     li s3, 0
     la s1, target
1:   li t0, 30
     addi s2, s1, 0
     bne s0, t0, 2f
     addi s2, s1, 2
2:   jalr ra, 0(s2)
target: addi s0, s0, -1
     bnez s0, 1b
     li t0, 1
     bne s3, t0, fail
     j pass
handler: addi s3, s3, 1
     csrr t5, mcause
     bnez t5, fail
     csrw mepc, s1
     mret`;
        assert.equal(exitCode(startWithoutC(body, { isa, hotAfter })), 0);
      });
    });
  }

  it('mepc has no place for a halfword', () => {
    const body = 'li t0, 0x80000006\n csrw mepc, t0\n csrr a0, mepc\n check 2, a0, 0x80000004';
    assert.equal(exitCode(startWithoutC(body, { isa })), 0);
  });
});

describe('cache blocks in user mode', () => {
  const blocks = `.option arch, +zicbom, +zicboz
     la a0, tohost
     addi a0, a0, 128
     cbo.inval (a0)
     cbo.clean (a0)
     cbo.flush (a0)
     cbo.zero (a0)
     la a1, pass
     j done
handler: csrr t5, mcause
     addi t5, t5, -2
     bnez t5, fail
     addi s0, s0, 1
     csrr t5, mepc
     addi t5, t5, 4
     csrw mepc, t5
     mret
done: li a2, `;
  const enter = (menvcfg: number, traps: number) => `li t0, ${menvcfg}
     csrw menvcfg, t0
     csrr a3, menvcfg
     li s0, 0
     la t0, 1f
     csrw mepc, t0
     li t0, 0x1800
     csrc mstatus, t0
     mret
1:   ${blocks} ${traps}
     bne s0, a2, fail
     j pass`;
  for (const [menvcfg, traps] of [
    [0, 4],
    [0x10, 3],
    [0x30, 3],
    [0x40, 2],
    [0x80, 3],
    [0xf1, 0],
  ] as const) {
    it(`menvcfg 0x${menvcfg.toString(16)} leaves ${traps} instructions illegal`, () => {
      const started = start(`${testProgram('machine', enter(menvcfg, traps))}\n .skip 4096`);
      assert.equal(exitCode(started), 0, started.notes.join('\n'));
    });
  }

  it('machine mode needs no leave', () => {
    const started = start(`${testProgram('machine', `li s0, 0\n ${blocks} 0\n bne s0, a2, fail\n j pass`)}\n .skip 4096`);
    assert.equal(exitCode(started), 0, started.notes.join('\n'));
  });

  it('the reserved value of CBIE changes nothing, and what is not there reads as zero', () => {
    const body = (value: number) => `li t0, 0x10
     csrw menvcfg, t0
     li t0, ${value}
     csrw menvcfg, t0
     csrr a0, menvcfg`;
    assert.equal(exitCode(start(testProgram('machine', `${body(0x20)}\n check 2, a0, 0x10`))), 0);
    const isa = parseIsa('rv64gc_zicboz');
    assert.equal(exitCode(start(testProgram('machine', `${body(-1)}\n check 2, a0, 0x81`), { isa })), 0);
  });
});
