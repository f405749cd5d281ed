import assert from 'node:assert/strict';
import type { RiscvMachine } from '../../emulator/riscv-machine';
import { encode } from '../../riscv/encode';
import { type Line, machineWith, places, putCode } from '../support/code-machine';

const { code } = places;
const word = (value: number) => encode('addi', { rd: 5, rs1: 0, immediate: value });

describe('code that changes', () => {
  it('is seen after fence.i, when the guest writes it', () => {
    const program: Line[] = [
      ['addi', { rd: 5, rs1: 0, immediate: 1 }],
      ['sw', { rs1: 6, rs2: 7 }],
      ['fence.i'],
      ['jalr', { rd: 0, rs1: 6 }],
    ];
    const machine = machineWith(program, { writableCode: true });
    machine.writeX(6, code);
    machine.writeX(7, BigInt(word(2)));
    machine.run(5);
    assert.equal(machine.readX(5), 2n);
    assert.equal(machine.instret, 5n);
  });

  it('is seen after fence.i where only its second half is in the page that is written', () => {
    const border = code + 0x1000n;
    const machine = machineWith([], { writableCode: true });
    machine.memory.unmap(border, 0x1000n);
    machine.memory.map({ name: 'jit', address: border, size: 0x1000n, permissions: { read: true, write: true, execute: true } });
    putCode(machine, border - 2n, [['addi', { rd: 5, rs1: 0, immediate: 1 }]]);
    putCode(machine, border + 2n, [['sh', { rs1: 6, rs2: 7 }], ['fence.i'], ['jal', { immediate: -12 }]]);
    machine.pc = border - 2n;
    machine.writeX(6, border);
    machine.writeX(7, BigInt(word(9) >>> 16));
    machine.run(5);
    assert.equal(machine.readX(5), 9n);
  });

  it('is seen at once when it is written from outside, by word, by bytes, and at the seam of two pages', () => {
    const loop: Line[] = [
      ['addi', { rd: 5, rs1: 0, immediate: 1 }],
      ['jal', { immediate: -4 }],
    ];
    const near = machineWith(loop);
    near.run(4);
    assert.ok(near.memory.storeWord(code, word(2)));
    near.run(1);
    assert.equal(near.readX(5), 2n);

    const border = code + 0x1000n;
    const seam = machineWith([]);
    putCode(seam, border - 2n, loop);
    seam.pc = border - 2n;
    seam.run(4);
    seam.memory.write(border, Uint8Array.of(word(3) >>> 16, word(3) >>> 24));
    seam.run(1);
    assert.equal(seam.readX(5), 3n);
  });

  it('written over the halves of decoded instructions is decoded anew', () => {
    const machine = machineWith([
      ['c.li', { rd: 5, immediate: 1 }],
      ['c.li', { rd: 6, immediate: 1 }],
      ['c.li', { rd: 7, immediate: 1 }],
    ]);
    machine.run(3);
    machine.memory.write(code + 2n, Uint8Array.from([0, 8, 16, 24].map((shift) => word(-1) >>> shift)));
    machine.pc = code;
    machine.run(2);
    assert.equal(machine.readX(5), 2n ** 64n - 1n);
    assert.equal(machine.pc, code + 6n);
  });

  it('keeps its breakpoint when it is written over', () => {
    const machine = machineWith([
      ['addi', {}],
      ['addi', {}],
    ]);
    machine.setBreakpoint(code + 4n);
    machine.run(1);
    machine.memory.storeWord(code + 4n, word(4));
    assert.deepEqual(machine.run(9), { kind: 'breakpoint' });
  });

  it('cannot be executed once its page is gone', () => {
    const machine = machineWith([['jal', { immediate: 0 }]]);
    machine.run(5);
    machine.memory.unmap(code, 0x1000n);
    const stop = machine.run(5);
    assert.ok(stop.kind === 'exception' && stop.exception.cause === 'instruction-access-fault');
  });
});

describe('decoded pages', () => {
  /** Jumps from page to page for ever. */
  function wander(machine: RiscvMachine): void {
    for (let page = 0n; page < 4n; page += 1n) {
      const distance = page === 3n ? -0x3004 : 0xffc;
      putCode(machine, code + page * 0x1000n, [
        ['addi', { rd: 5, rs1: 5, immediate: 1 }],
        ['jal', { immediate: distance }],
      ]);
    }
  }

  it('are thrown away when the pool is full, and made again', () => {
    for (const codePages of [1, 2, 3, 4]) {
      const machine = machineWith([], { codePages });
      wander(machine);
      assert.deepEqual(machine.run(1001), { kind: 'budget' });
      assert.equal(machine.readX(5), 501n);
      assert.equal(machine.instret, 1001n);
    }
  });

  it('keep breakpoints and hooks through it', () => {
    const machine = machineWith([], { codePages: 1 });
    wander(machine);
    let calls = 0;
    machine.setHook(code + 0x2000n, () => {
      calls += 1;
      return 'continue';
    });
    machine.setBreakpoint(code + 0x3004n);
    for (let round = 0; round < 3; round += 1) assert.deepEqual(machine.run(1000), { kind: 'breakpoint' });
    assert.equal(calls, 3);
  });

  it('run into the next page, with instructions of either size at the end', () => {
    const machine = machineWith([]);
    const nops: Line[] = Array.from({ length: 1023 }, () => ['addi', { rd: 5, rs1: 5, immediate: 1 }]);
    putCode(machine, code, [
      ...nops,
      ['c.addi', { rd: 5, rs1: 5, immediate: 1 }],
      ['addi', { rd: 5, rs1: 5, immediate: 1 }],
      ['c.addi', { rd: 5, rs1: 5, immediate: 1 }],
    ]);
    assert.deepEqual(machine.run(1026), { kind: 'budget' });
    assert.equal(machine.readX(5), 1026n);
    assert.equal(machine.pc, code + 4100n);
  });
});
