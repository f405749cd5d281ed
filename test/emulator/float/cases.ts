import assert from 'node:assert/strict';
import { RiscvMachine } from '../../../emulator/riscv-machine';
import { encode } from '../../../riscv/encode';
import { type BaseMnemonic, instructionTable } from '../../../riscv/instruction-table';
import type { OperandKind } from '../../../riscv/operands';
import type { Random } from '../../support/random';
import { type FormatName, formats } from './exact';
import { floatOperand, integerOperand, near } from './operands';
import { expected, type Operands } from './reference';

const extensions: ReadonlySet<string> = new Set(['F', 'D', 'Zfhmin', 'Zfh', 'Zfa']);

/** The instructions that compute: all of F, D, Zfh and Zfa but loads, stores, moves of bits and constants. */
export const computingRows = instructionTable.filter(
  ({ extension, mnemonic }) => extensions.has(extension) && !/^(f[ls][hwd]|fmv\..*|fli\..*)$/.test(mnemonic),
);

export const codeStart = 0x10000n;

/** A machine with a page of code at `codeStart`, where it begins. */
export function codeMachine(): RiscvMachine {
  const machine = new RiscvMachine({ base: codeStart, size: 4096, codePages: 1 });
  machine.memory.map({ name: 'code', address: codeStart, size: 4096n, permissions: { read: true, write: true, execute: true } });
  machine.pc = codeStart;
  return machine;
}

/** Executes instructions one at a time and compares each with the reference. */
export class CaseRunner {
  readonly #machine = codeMachine();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Runs `count` cases of an instruction: static and dynamic rounding modes, NX raised before or not. */
  run(mnemonic: BaseMnemonic, operandKindsOfRow: readonly OperandKind[], count: number): void {
    const random = this.#random;
    const rounds = operandKindsOfRow.includes('rounding');
    const reading = formats[formatRead(mnemonic)];
    const machine = this.#machine;
    let left = count;
    while (left > 0) {
      const mode = random.below(5);
      const isDynamic = random.below(2) === 0;
      const roundingMode = operandKindsOfRow.includes('towards zero') ? 1 : rounds ? (isDynamic ? 7 : mode) : 0;
      machine.memory.storeWord(codeStart, encode(mnemonic, { frd: 10, frs1: 11, frs2: 12, frs3: 13, rd: 10, rs1: 11, roundingMode }));
      const writesFloat = operandKindsOfRow[0] === 'frd';
      for (let repeat = 0; repeat < 16 && left > 0; repeat += 1, left -= 1) {
        const operands = this.#operands(mnemonic, mode, reading.name);
        const before = random.pick([0, 1, 1, random.below(32)]);
        machine.writeF(11, operands.a);
        machine.writeF(12, operands.b);
        machine.writeF(13, operands.c);
        machine.writeX(11, operands.x);
        machine.writeCsr(3, BigInt(((isDynamic || !rounds ? mode : random.below(8)) << 5) | before));
        machine.pc = codeStart;
        const stop = machine.step();
        const wanted = expected(mnemonic, operands);
        const bits = writesFloat ? machine.readF(10) : machine.readX(10);
        const raised = Number(machine.readCsr(1)!);
        if (stop.kind === 'budget' && bits === wanted.bits && raised === (before | wanted.flags)) continue;
        assert.fail(explain(mnemonic, operands, before, bits, raised, wanted, JSON.stringify(stop)));
      }
    }
  }

  #operands(mnemonic: BaseMnemonic, mode: number, name: FormatName): Operands {
    const random = this.#random;
    const format = formats[name];
    const a = floatOperand(random, format);
    const b = random.below(4) === 0 ? near(random, a, format) : floatOperand(random, format);
    const c = /^fn?m(add|sub)/.test(mnemonic) && random.below(2) === 0 ? this.#nearProduct(a, b, name) : floatOperand(random, format);
    return { a, b, c, x: integerOperand(random), mode };
  }

  /** A number near a product, of either sign: so that most of it cancels. */
  #nearProduct(a: bigint, b: bigint, name: FormatName): bigint {
    const { bits } = expected(`fmul.${name}`, { a, b, c: 0n, x: 0n, mode: this.#random.below(5) });
    return near(this.#random, bits, formats[name]);
  }
}

/** The format of an instruction's floating-point sources. */
export function formatRead(mnemonic: string): FormatName {
  const last = mnemonic.at(-1)!;
  return last === 'h' || last === 's' || last === 'd' ? last : (mnemonic.split('.')[1] as FormatName);
}

function explain(
  mnemonic: string,
  { a, b, c, x, mode }: Operands,
  before: number,
  bits: bigint,
  raised: number,
  wanted: { bits: bigint; flags: number },
  stop: string,
): string {
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  const operands = `a ${hex(a)}, b ${hex(b)}, c ${hex(c)}, x ${hex(x)}, rounding mode ${mode}, fflags ${before}`;
  return `${mnemonic} of ${operands}: ${hex(bits)} and flags ${raised}, not ${hex(wanted.bits)} and ${before | wanted.flags} (${stop})`;
}
