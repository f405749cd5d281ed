import assert from 'node:assert/strict';
import type { Stop } from '../../../emulator/machine';
import { csrNumber } from '../../../riscv/csrs';
import { instructionTable } from '../../../riscv/instruction-table';
import { Random } from '../../support/random';
import { type Started, start } from './start';

const code = 0x8000_1000n;
const csrsOfInterest = `mstatus mtvec mepc mcause mtval mscratch mie mip mcounteren mcountinhibit mcycle minstret pmpcfg0 pmpaddr0 pmpaddr1
  misa fcsr time cycle menvcfg tselect mhpmcounter3 mhartid satp`
  .split(/\s+/)
  .map((name) => csrNumber(name)!);
const compared = 'mstatus mtvec mepc mcause mtval mscratch mie mip mcycle minstret pmpcfg0 pmpaddr0 fcsr time'.split(' ');

/**
 * A handler that goes on somewhere in the code, in machine mode, with interrupts off and its own address in mtvec. Nobody may write
 * the code: when what is written is executed depends on the engine until there is a fence.i.
 */
const frame = `
        .globl _start
_start: la t0, handler
        csrw mtvec, t0
        li t0, (0x80000000 >> 2) | 0x3ff
        csrw pmpaddr0, t0
        li t0, -1
        csrw pmpaddr1, t0
        li t0, 0x1f9d
        csrw pmpcfg0, t0
        li t0, 0x2004000
        li t1, 3
        sd t1, (t0)
        li t0, 0x80001000
        jr t0
        .balign 4
handler: csrw mscratch, t0
        csrr t0, mcause
        bltz t0, 1f
        li t0, 0x80001000
        csrw mepc, t0
        csrr t0, mcycle
        andi t0, t0, 60
        csrrs zero, mepc, t0
1:      li t0, 0x1880
        csrs mstatus, t0
        la t0, handler
        csrw mtvec, t0
        csrwi mie, 0
        csrr t0, mscratch
        mret
`;

/** Mostly instructions, privileged ones and CSRs among them more often than by chance. */
function randomCode(random: Random): Uint8Array {
  const words = Uint32Array.from({ length: 64 }, () => {
    if (random.below(4) === 0) {
      const csr = random.below(4) === 0 ? random.below(0x1000) : random.pick(csrsOfInterest);
      return ((csr << 20) | (random.below(32) << 15) | (random.pick([1, 2, 3, 5, 6, 7]) << 12) | (random.below(32) << 7) | 0x73) >>> 0;
    }
    const { match, mask, mnemonic } = random.pick(instructionTable);
    if (mnemonic === 'wfi' && random.below(8) !== 0) return 0x13;
    return random.below(16) === 0 ? random.word() : (match | (random.word() & ~mask)) >>> 0;
  });
  return new Uint8Array(words.buffer);
}

function randomMachine(seed: number, hotAfter: number): Started {
  const random = new Random(seed * 0x9e37);
  const started = start(frame, { memory: 1, hotAfter, input: ['input'] });
  const { machine } = started;
  machine.memory.write(code, randomCode(random));
  for (let index = 1; index < 32; index += 1) {
    const near = random.pick([code, 0x8001_0000n, 0x8001_0000n, 0x1000_0000n, 0x200_4000n, 0xc20_0000n]) + BigInt(random.below(64) & ~7);
    machine.writeX(index, random.pick([near, near, random.doubleword(), BigInt(random.below(4096))]));
  }
  return started;
}

function stateOf({ machine, output }: Started) {
  const x = Array.from({ length: 32 }, (_, index) => machine.readX(index));
  const csrs = compared.map((name) => machine.readCsr(csrNumber(name)!));
  return { pc: machine.pc, instret: machine.instret, x, csrs, privilege: machine.privilege, output: output() };
}

function runSliced({ machine }: Started, total: number, slice: number): Stop {
  const end = machine.instret + BigInt(total);
  for (;;) {
    const left = Number(end - machine.instret);
    if (left <= 0) return { kind: 'budget' };
    const stop = machine.run(Math.min(left, slice));
    if (stop.kind !== 'budget') return stop;
  }
}

describe('random code on a bare machine', () => {
  it('has the same state however it is sliced, interpreted or translated', () => {
    const causes = new Set<bigint>();
    for (let seed = 1; seed <= 15; seed += 1) {
      const whole = randomMachine(seed, 2);
      const end = runSliced(whole, 1000, 1000);
      for (const [hotAfter, slice] of [
        [0, 1000],
        [2, 1],
        [2, 37],
      ] as const) {
        const other = randomMachine(seed, hotAfter);
        assert.deepEqual(runSliced(other, 1000, slice), end, `seed ${seed}`);
        assert.deepEqual(stateOf(other), stateOf(whole), `seed ${seed}, slices of ${slice}, hot after ${hotAfter}`);
      }
      assert.equal(whole.machine.readX(0), 0n);
      causes.add(whole.machine.readCsr(csrNumber('mcause')!)!);
    }
    assert.ok(causes.size > 1, 'traps of several causes were taken');
  });
});
