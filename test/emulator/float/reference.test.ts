import assert from 'node:assert/strict';
import type { RiscvMachine } from '../../../emulator/riscv-machine';
import { encode } from '../../../riscv/encode';
import { type BaseMnemonic, instructionTable } from '../../../riscv/instruction-table';
import { Random } from '../../support/random';
import { CaseRunner, codeMachine, codeStart, computingRows } from './cases';
import { type FormatName, formats } from './exact';
import { expectedConstant } from './reference';

const casesPerRow = 2000;

describe('floating-point instructions beside exact arithmetic on rationals', () => {
  const runner = new CaseRunner(new Random(30));
  for (const { mnemonic, operands } of computingRows) {
    it(mnemonic, () => runner.run(mnemonic as BaseMnemonic, operands, casesPerRow));
  }

  const machine = codeMachine();
  for (const name of ['h', 's', 'd'] as const) {
    it(`fli.${name}, each number to each register`, () => {
      const numbers = Array.from({ length: 32 }, (_, number) => number);
      for (let frd = 0; frd < 32; frd += 1) {
        assert.deepEqual(
          numbers.map((number) => loaded(machine, name, number, frd)),
          numbers.map((number) => expectedConstant(number, formats[name])),
        );
      }
    });
  }
});

describe('the rows that only exact arithmetic compares', () => {
  it('are all here', () => {
    const here = new Set<string>([...computingRows.map(({ mnemonic }) => mnemonic), 'fli.h', 'fli.s', 'fli.d']);
    const wanted = instructionTable.filter(({ extension }) => extension === 'Zfa');
    assert.deepEqual(
      wanted.filter(({ mnemonic }) => !here.has(mnemonic)),
      [],
    );
  });
});

describe('an instruction that rounds', () => {
  const sum = (roundingMode: number) => encode('fadd.d', { frd: 10, frs1: 11, frs2: 12, roundingMode });

  for (const mode of [5, 6]) {
    it(`is illegal with the mode ${mode}`, () => {
      const machine = codeMachine();
      machine.memory.storeWord(codeStart, sum(mode));
      const stop = machine.step();
      assert.ok(stop.kind === 'exception');
      assert.equal(stop.exception.cause, 'illegal-instruction');
      assert.match(stop.exception.message, new RegExp(`: ${mode} is no rounding mode$`));
    });
  }

  for (const frm of [5n, 6n, 7n]) {
    it(`is illegal where its mode is dynamic and frm is ${frm}, and changes nothing`, () => {
      for (const word of [
        sum(7),
        encode('fcvt.d.w', { frd: 10, rs1: 0, roundingMode: 7 }),
        encode('fcvt.s.h', { frd: 10, roundingMode: 7 }),
      ]) {
        const machine = codeMachine();
        machine.memory.storeWord(codeStart, word);
        machine.writeCsr(2, frm);
        machine.writeF(10, 5n);
        const stop = machine.step();
        assert.ok(stop.kind === 'exception');
        assert.equal(stop.exception.value, BigInt(word));
        assert.match(stop.exception.message, new RegExp(`it rounds as frm says, and frm is ${frm}, which is no rounding mode$`));
        assert.deepEqual([machine.pc, machine.instret, machine.readF(10), machine.readCsr(1)], [codeStart, 0n, 5n, 0n]);
      }
    });
  }

  it('is legal with a mode of its own, whatever frm is', () => {
    const machine = codeMachine();
    machine.memory.storeWord(codeStart, sum(1));
    machine.writeCsr(2, 7n);
    assert.deepEqual(machine.step(), { kind: 'budget' });
  });
});

function loaded(machine: RiscvMachine, name: FormatName, number: number, frd: number): bigint {
  machine.memory.storeWord(codeStart, encode(`fli.${name}`, { frd, immediate: number }));
  machine.pc = codeStart;
  machine.step();
  assert.equal(machine.readCsr(3), 0n);
  return machine.readF(frd);
}
