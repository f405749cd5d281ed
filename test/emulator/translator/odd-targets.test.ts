import assert from 'node:assert/strict';
import type { FlatMemory } from '../../../emulator/flat-memory';
import type { Stop } from '../../../emulator/machine';
import { Pair } from './pair';

function causeOfEnd(pair: Pair): string {
  for (let count = 0; count < 100; count += 1) {
    const stop: Stop = pair.run(10_007);
    if (stop.kind === 'exception') return stop.exception.cause;
  }
  throw new Error('the program does not end');
}

describe('jumps to where a register says', () => {
  it('go nowhere where only the lower half is the address of a region, as calls and as jumps', () => {
    for (const jump of ['jalr s2', 'jr s2']) {
      const pair = new Pair(`
        .globl _start
_start: la s2, there
        li s3, 300
        li s4, 1
        slli s4, s4, 32
again:  addi s3, s3, -1
        bnez s3, 1f
        add s2, s2, s4
1:      la ra, again
        ${jump}
        j again
there:  addi s5, s5, 1
        li t0, 3
2:      addi t0, t0, -1
        bnez t0, 2b
        ret
`);
      assert.equal(causeOfEnd(pair), 'instruction-access-fault', jump);
      assert.equal(pair.ours.readX(21), 299n);
      assert.equal(pair.ours.pc, pair.address('there') + (1n << 32n));
    }
  });

  it('find each of two regions that begin a halfword apart', () => {
    const pair = new Pair(`
        .globl _start
_start: la s2, there
        li s3, 2000
again:  andi t0, s3, 2
        add t0, t0, s2
        jalr t0
        addi s3, s3, -1
        bnez s3, again
        ebreak
        .balign 4
there:  c.addi s5, 1
        c.addi s6, 1
        li t0, 3
1:      addi t0, t0, -1
        bnez t0, 1b
        ret
`);
    assert.equal(causeOfEnd(pair), 'breakpoint');
    assert.deepEqual([pair.ours.readX(21), pair.ours.readX(22)], [1000n, 2000n]);
    assert.ok(pair.ours.statistics.regions > 2);
  });

  it('find their targets among cases far apart, and go wherever else they are told', () => {
    // Five of the places in a long row of instructions are jumped to over and over, then each of all of them.
    const row = 300;
    const usual = [0, 2, 70, 198, 2 * row - 2];
    const pair = new Pair(
      `
        .globl _start
_start: la s2, row
        la s3, usual
        li s4, 2000
again:  andi t0, s4, 7
        slli t0, t0, 3
        add t0, t0, s3
        ld t0, 0(t0)
        jal x0, go
back:   addi s4, s4, -1
        bnez s4, again
        li s4, ${2 * row - 2}
        li s3, 1
each:   mv t0, s4
        addi s4, s4, -2
        bnez s4, go
        ebreak
go:     add t2, t0, s2
        jr t2
row:    .rept ${row}
        c.addi s5, 1
        .endr
        bnez s4, decide
        ebreak
decide: li t1, 1
        beq s3, t1, each
        j back
        .data
        .balign 8
usual:  ${[...usual, ...usual.slice(0, 3)].map((distance) => `.dword ${distance}`).join('; ')}
`,
      { hotAfter: 40 },
    );
    assert.equal(causeOfEnd(pair), 'breakpoint');
    const executed = (distance: number) => row - distance / 2;
    const often = [...usual, ...usual.slice(0, 3)].reduce((sum, distance) => sum + 250 * executed(distance), 0);
    let once = 0;
    for (let distance = 4; distance <= 2 * row - 2; distance += 2) once += executed(distance);
    assert.equal(pair.ours.readX(21), BigInt(often + once));
    assert.ok(pair.ours.statistics.dropped['new target'] > 0);
  });
});

describe('calls of code whose page is gone, or no longer executable', () => {
  const text = `
        .globl _start
_start: addi s1, s1, 1
        call callee
        j _start
        .balign 4096
callee: li t0, 5
1:      addi s2, s2, 1
        addi t0, t0, -1
        bnez t0, 1b
        ret
        .balign 4096
`;
  const page = 0x1000n;
  const ways: Readonly<Record<string, (memory: FlatMemory, address: bigint) => void>> = {
    'taken away': (memory, address) => memory.unmap(address, page),
    'made data': (memory, address) => memory.protect(address, page, { read: true, write: true, execute: false }),
    'mapped anew': (memory, address) => {
      memory.unmap(address, page);
      memory.map({ name: 'other', address, size: page, permissions: { read: true, write: false, execute: true } });
    },
  };
  for (const [how, change] of Object.entries(ways)) {
    it(`stop there, when it was ${how}`, () => {
      const pair = new Pair(text);
      pair.run(20_000);
      assert.ok(pair.ours.statistics.regions > 1);
      for (const { memory } of pair.machines) change(memory, pair.address('callee'));
      // Out of the function first, if it was in there.
      for (const machine of pair.machines) machine.pc = pair.address('_start');
      assert.match(causeOfEnd(pair), /^(instruction-access-fault|illegal-instruction)$/);
      assert.equal(pair.ours.pc, pair.address('callee'));
    });
  }
});

describe('arithmetic in a region', () => {
  it('is illegal as soon as the rounding mode is a reserved one, also where it is soft or exact', () => {
    for (const operation of ['fadd.d fa2, fa0, fa1', 'fcvt.w.d t3, fa0', 'fdiv.s fa2, fa0, fa1', 'fcvt.s.d fa2, fa0']) {
      const pair = new Pair(`
        .globl _start
_start: li s3, 600
        li t0, 7
        fcvt.d.l fa0, t0
        li t0, 3
        fcvt.d.l fa1, t0
        csrwi frm, 2
again:  addi s3, s3, -1
        bnez s3, 1f
        csrwi frm, 5
1:      li t1, 2
2:      ${operation}
        addi t1, t1, -1
        bnez t1, 2b
        j again
`);
      assert.equal(causeOfEnd(pair), 'illegal-instruction', operation);
      assert.equal(pair.ours.readX(19), 0n);
      assert.ok(pair.ours.statistics.translated > 0);
    }
  });
});
